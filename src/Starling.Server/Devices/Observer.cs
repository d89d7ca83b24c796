using System.Collections.Concurrent;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>Observes paths on devices (LwM2M Core 1.2 §6.4; RFC 7641 as client): begins, ends, finds by token, and asks again after a new registration.</summary>
internal sealed class Observer(Lwm2mServer server)
{
    private readonly StripedTable<ObservationKey, Observation> _byToken = new();

    // Asked for right now: the token is in use, so a second asker waits for the first.
    private readonly ConcurrentDictionary<Observation, Task<ObserveAnswer>> _flights = new();

    public async ValueTask<ObserveAnswer> ObserveAsync(DeviceSession device, Lwm2mPath path, NotificationAttributes? attributes, CancellationToken cancel)
    {
        if (attributes is not null)
        {
            var written = await server.Sender.SendAsync(device, new Lwm2mRequest.WriteAttributes(path, attributes), default, cancel).ConfigureAwait(false);
            if (!written.Code.IsSuccess)
            {
                return new ObserveAnswer(written, null);
            }
        }
        var (observation, isNew) = GetOrAdd(device, path);
        try
        {
            return await AskAsync(observation, cancel).ConfigureAwait(false);
        }
        catch when (isNew)
        {
            await ForgetAsync(observation).ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<Lwm2mResponse?> CancelAsync(DeviceSession device, string id, CancellationToken cancel)
    {
        if (device.Watched.FirstOrDefault(o => o.Id == id) is not { } observation)
        {
            return null;
        }
        await ForgetAsync(observation).ConfigureAwait(false);
        try
        {
            await LandingAsync(observation, cancel).ConfigureAwait(false);
            var request = new Lwm2mRequest.CancelObserve(observation.Path, observation.Accept);
            return await server.Sender.SendAsync(device, request, observation.Token, cancel).ConfigureAwait(false);
        }
        catch (CoapException e)
        {
            return new Lwm2mResponse(CoapCode.Empty) { Operation = observation.Token, Diagnostic = e.Message };
        }
    }

    /// <summary>The owner of a notification's token. Another address than the device's own is no answer either way: it may be about to tell that it has moved.</summary>
    public (TokenFate, ObservationMatch?) Find(Peer peer, CoapToken token)
    {
        if (token.Length != CoapToken.MaxLength || _byToken.Find(new ObservationKey(token.Bits)) is not { } observation)
        {
            return (TokenFate.Unknown, null);
        }
        var device = observation.Device;
        if (ReferenceEquals(device.Peer, peer))
        {
            return (TokenFate.Known, observation);
        }
        lock (device)
        {
            if (device.IsRegistered && device.Peer is null && device.RestoredAddress is PeerAddress address && address == peer.Address)
            {
                server.Registrar.Bind(device, peer);
                return (TokenFate.Known, observation);
            }
        }
        return (TokenFate.Uncertain, null);
    }

    public void Take(Observation observation, CoapMessage notification)
    {
        server.Tally.Notifications.Increment();
        if (!notification.Code.IsSuccess || notification.Options.Observe is not { } sequence)
        {
            // RFC 7641 §3.2, §4.2: an error, or an answer without Observe, is the last word.
            _ = ForgetAsync(observation).AsTask();
            Publish(observation, notification, "The device has ended the observation.");
        }
        else if (observation.TryAdvance(sequence, server.Clock.Now))
        {
            Publish(observation, notification, null);
        }
        else
        {
            server.Tally.StaleNotifications.Increment();
        }
        server.Heard(observation.Device);
    }

    /// <summary>A new registration: the device may have forgotten everything. Under the session's lock.</summary>
    public static void Unsettle(DeviceSession device)
    {
        foreach (var observation in device.Watched)
        {
            observation.Unsettle();
            device.HasUnsettled = true;
        }
    }

    /// <summary>Asks again for what the device has not confirmed since it registered. What fails is tried again at its next Update.</summary>
    public void Resettle(DeviceSession device)
    {
        if (device.HasUnsettled)
        {
            _ = ResettleAsync(device);
        }
    }

    /// <summary>Under the session's lock.</summary>
    public void Restore(DeviceSession device, IReadOnlyList<StoredObservation> stored)
    {
        Observation[] restored = [.. stored.Select(o => new Observation(device, o.Token, o.Paths[0], o.Accept)).Where(_byToken.TryAdd)];
        device.Watched = restored;
        device.HasUnsettled = restored.Length > 0;
        server.Tally.Observations.Add(restored.Length);
    }

    /// <summary>The device is gone, and its observations with it. Under the session's lock.</summary>
    public void Drop(DeviceSession device)
    {
        foreach (var observation in device.Watched)
        {
            _byToken.Remove(observation);
        }
        server.Tally.Observations.Add(-device.Watched.Length);
        device.Watched = [];
    }

    private async Task ResettleAsync(DeviceSession device)
    {
        Observation[] unsettled;
        lock (device)
        {
            if (!device.HasUnsettled)
            {
                return;
            }
            device.HasUnsettled = false;
            unsettled = [.. device.Watched.Where(o => !o.IsEstablished)];
        }
        foreach (var observation in unsettled)
        {
            try
            {
                await LandingAsync(observation, CancellationToken.None).ConfigureAwait(false);
                await AskAsync(observation, CancellationToken.None).ConfigureAwait(false);
            }
            catch (CoapException e)
            {
                server.Log.NotObserved(device, observation, e);
                device.HasUnsettled = device.IsRegistered;
                return;
            }
        }
    }

    private async Task<ObserveAnswer> AskAsync(Observation observation, CancellationToken cancel)
    {
        var mine = new TaskCompletionSource<ObserveAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var flight = _flights.GetOrAdd(observation, mine.Task);
        if (flight != mine.Task)
        {
            return await flight.WaitAsync(cancel).ConfigureAwait(false);
        }
        try
        {
            var answer = await EstablishAsync(observation, cancel).ConfigureAwait(false);
            mine.SetResult(answer);
            return answer;
        }
        catch (Exception e)
        {
            mine.SetException(e);
            _ = mine.Task.Exception;   // seen: nobody else may be waiting
            throw;
        }
        finally
        {
            _flights.TryRemove(observation, out _);
        }
    }

    private async Task LandingAsync(Observation observation, CancellationToken cancel)
    {
        if (_flights.TryGetValue(observation, out var flight))
        {
            await ((Task)flight).WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ObserveAnswer> EstablishAsync(Observation observation, CancellationToken cancel)
    {
        var device = observation.Device;
        var (response, sequence) = await server.Sender.ExchangeAsync(device, observation.Operation, observation.Token, cancel).ConfigureAwait(false);
        if (response.Code.IsSuccess && sequence is { } first)
        {
            observation.TryAdvance(first, server.Clock.Now);
            Publish(observation, response, null);
            await SaveAsync(device).ConfigureAwait(false);
            return new ObserveAnswer(response, observation);
        }
        await ForgetAsync(observation).ConfigureAwait(false);
        Publish(observation, response, "The device does not observe this.");
        return new ObserveAnswer(response, null);
    }

    private (Observation Observation, bool IsNew) GetOrAdd(DeviceSession device, Lwm2mPath path)
    {
        lock (device)
        {
            if (device.Watched.FirstOrDefault(o => o.Path == path) is { } known)
            {
                return (known, false);
            }
            if (!device.IsRegistered)
            {
                throw new PeerLostException($"{device} is not registered any more.");
            }
            if (device.Watched.Length >= server.Settings.MaxObservationsPerDevice)
            {
                server.Tally.RefusedObservations.Increment();
                throw new CoapBusyException($"{device} has {device.Watched.Length} observations already.");
            }
            Observation fresh;
            do
            {
                fresh = new Observation(device, server.Endpoint.NewToken(), path, null);
            }
            while (!_byToken.TryAdd(fresh));
            device.Watched = [.. device.Watched, fresh];
            server.Tally.Observations.Increment();
            return (fresh, true);
        }
    }

    private async ValueTask ForgetAsync(Observation observation)
    {
        var device = observation.Device;
        lock (device)
        {
            if (!_byToken.Remove(observation))
            {
                return;
            }
            device.Watched = [.. device.Watched.Where(o => o != observation)];
            server.Tally.Observations.Add(-1);
        }
        await SaveAsync(device).ConfigureAwait(false);
    }

    private async ValueTask SaveAsync(DeviceSession device)
    {
        ValueTask<bool> saved;
        lock (device)
        {
            if (!device.IsRegistered)
            {
                return;
            }
            saved = server.Store.Save(device);
        }
        await server.Store.AnswerAsync(saved, CoapMessage.Response(CoapCode.Empty), device).ConfigureAwait(false);
    }

    private void Publish(Observation observation, CoapMessage notification, string? cause)
    {
        if (server.EventHub.IsWanted)
        {
            Publish(observation, server.Sender.Decode(observation.Device, observation.Operation, notification), cause);
        }
    }

    private void Publish(Observation observation, Lwm2mResponse values, string? cause)
    {
        if (!server.EventHub.IsWanted)
        {
            return;
        }
        cause ??= values.Diagnostic.Length > 0 ? values.Diagnostic : null;
        server.EventHub.Publish((observation, values, cause), static (n, sequence, at) => new DeviceEvent.Notified(
            n.observation.Device.Key, sequence, at, n.observation.Device.Id.ToString(), n.cause,
            n.observation.Id, n.observation.Path, n.values.Code, n.values.Records));
    }
}
