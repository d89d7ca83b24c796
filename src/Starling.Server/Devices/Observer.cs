using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>Observes paths on devices (LwM2M Core 1.2 §6.4; RFC 7641 as client): begins, ends, finds by token. What is wanted is the device's own data.</summary>
internal sealed class Observer
{
    private readonly Lwm2mServer _server;
    private readonly ObservationAsker _asker;
    private readonly StripedTable<ObservationKey, Observation> _byToken = new();

    public Observer(Lwm2mServer server)
    {
        _server = server;
        _asker = new ObservationAsker(server, this);
    }

    public async ValueTask<ObserveAnswer> ObserveAsync(DeviceSession device, ObserveOrder order, CancellationToken cancel)
    {
        var (observation, isNew) = GetOrAdd(device, order);
        try
        {
            if (device.IsSleeping)
            {
                return await DeferAsync(observation, Wanted(observation, order)).ConfigureAwait(false);
            }
            return isNew && !device.QueueMode
                ? await _asker.AskAsync(observation, order.MayWrite, cancel).ConfigureAwait(false)   // most are
                : await ObserveAsync(observation, isNew, order, cancel).ConfigureAwait(false);
        }
        catch
        {
            await DisclaimAsync(observation).ConfigureAwait(false);   // whoever was told that it is none must not get it all the same
            throw;
        }
    }

    public async ValueTask<Lwm2mResponse?> CancelAsync(DeviceSession device, string id, CancellationToken cancel)
    {
        if (device.Watched.FirstOrDefault(o => o.Id == id) is not { } observation)
        {
            return null;
        }
        MustBe(await ForgetAsync(observation).ConfigureAwait(false), device);
        if (device.IsSleeping)
        {
            return new Lwm2mResponse(CoapCode.Empty) { Operation = observation.Token, Diagnostic = "The device sleeps; its next notification is reset." };
        }
        try
        {
            await _asker.LandingAsync(observation, cancel).ConfigureAwait(false);
            return await _server.Sender.SendAsync(device, observation.Cancellation, observation.Token, cancel).ConfigureAwait(false);
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
            if (device.IsRegistered && MayBe(device, peer) && _server.Registrar.IsOf(device, peer))
            {
                _server.Registrar.Bind(device, peer);
                return (TokenFate.Known, observation);
            }
        }
        return (TokenFate.Uncertain, null);
    }

    // A secured device is known in whichever session it speaks, one without security by the address that was kept.
    private static bool MayBe(DeviceSession device, Peer peer) =>
        peer.Identity is not PeerIdentity.Anonymous || (device.Peer is null && device.Restored?.Address == peer.Address);

    public void Take(Observation observation, CoapMessage notification)
    {
        _server.Tally.Notifications.Increment();
        if (!notification.Code.IsSuccess || notification.Options.Observe is not { } sequence)
        {
            // RFC 7641 §3.2, §4.2: an error, or an answer without Observe, is the last word.
            _ = ForgetAsync(observation).AsTask();
            _server.Reports.Notified(observation, notification, "The device has ended the observation.");
        }
        else if (observation.TryAdvance(sequence, _server.Clock.Now))
        {
            _server.Reports.Notified(observation, notification, null);
        }
        else
        {
            _server.Tally.StaleNotifications.Increment();
        }
        _server.Heard(observation.Device);
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

    /// <summary>Asks again for what the device has not confirmed since it registered. What fails is tried again when it is heard from next.</summary>
    public void Resettle(DeviceSession device)
    {
        if (device.HasUnsettled)
        {
            _ = _asker.ResettleAsync(device);
        }
    }

    /// <summary>Under the session's lock.</summary>
    public void Restore(DeviceSession device, IReadOnlyList<StoredObservation> stored)
    {
        var restored = new List<Observation>(stored.Count);
        foreach (var one in stored)
        {
            var observation = new Observation(device, one);
            if (_byToken.TryAdd(observation))
            {
                restored.Add(observation);
            }
        }
        device.Watched = [.. restored];
        device.HasUnsettled = restored.Count > 0;
        _server.Tally.Observations.Add(restored.Count);
    }

    /// <summary>The device is gone, and its observations with it. Under the session's lock.</summary>
    public void Drop(DeviceSession device)
    {
        foreach (var observation in device.Watched)
        {
            _byToken.Remove(observation);
        }
        _server.Tally.Observations.Add(-device.Watched.Length);
        device.Watched = [];
    }

    /// <summary>Whether somebody still wants it.</summary>
    public bool Has(Observation observation) => _byToken.Find(new ObservationKey(observation.Token.Bits)) == observation;

    /// <summary>Nobody wants it any more, or the device has said its last word on it. Gives whether that is safe.</summary>
    public async ValueTask<bool> ForgetAsync(Observation observation)
    {
        var device = observation.Device;
        lock (device)
        {
            if (!_byToken.Remove(observation))
            {
                return true;
            }
            device.Watched = [.. device.Watched.Where(o => o != observation)];
            _server.Tally.Observations.Add(-1);
        }
        return await SaveAsync(device).ConfigureAwait(false);
    }

    /// <summary>Keeps what is observed: who is told that it stands must find it after a restart.</summary>
    /// <exception cref="CoapBusyException">The store did not take it.</exception>
    public async ValueTask KeepAsync(DeviceSession device) => MustBe(await SaveAsync(device).ConfigureAwait(false), device);

    private async ValueTask<bool> SaveAsync(DeviceSession device)
    {
        ValueTask<bool> saved;
        lock (device)
        {
            if (!device.IsRegistered)
            {
                return true;
            }
            saved = _server.Store.Save(device);
        }
        return await _server.Store.IsKeptAsync(saved, device).ConfigureAwait(false);
    }

    private static void MustBe(bool isSafe, DeviceSession device)
    {
        if (!isSafe)
        {
            throw new CoapBusyException($"What is observed on {device} could not be stored.");
        }
    }

    /// <summary>
    /// Chooses a composite's formats for as long as it lasts: its cancellation must have the same bytes. What cannot be said at all is the caller's mistake,
    /// and found here.
    /// </summary>
    public StoredObservation Pin(DeviceSession device, StoredObservation stored)
    {
        var message = _server.Sender.Encode(device, new Observation(device, stored).Operation, stored.Token);
        return stored.IsComposite ? stored with { Format = message.Options.ContentFormat, Accept = message.Options.Accept } : stored;
    }

    private async ValueTask<ObserveAnswer> ObserveAsync(Observation observation, bool isNew, ObserveOrder order, CancellationToken cancel)
    {
        var device = observation.Device;
        var since = _server.Clock.Now;
        try
        {
            if (!isNew)
            {
                await ChangeAsync(observation, order, cancel).ConfigureAwait(false);
            }
            return await _asker.AskAsync(observation, order.MayWrite, cancel).ConfigureAwait(false);
        }
        catch (CoapTimeoutException e) when (!e.IsAcknowledged && device.QueueMode)
        {
            _server.Listening.TrySilence(device, since);
            return await DeferAsync(observation, Wanted(observation, order)).ConfigureAwait(false);
        }
    }

    // Somebody did not get it; perhaps nobody did.
    private async ValueTask DisclaimAsync(Observation observation)
    {
        bool isWanted;
        lock (observation.Device)
        {
            isWanted = --observation.Claims > 0;
        }
        if (!isWanted)
        {
            await ForgetAsync(observation).ConfigureAwait(false);
        }
    }

    // It is asked for when the device is heard from.
    private async ValueTask<ObserveAnswer> DeferAsync(Observation observation, StoredObservation wanted)
    {
        var device = observation.Device;
        lock (device)
        {
            observation.Stored = wanted;
            observation.Unsettle();
            device.HasUnsettled = true;
        }
        await KeepAsync(device).ConfigureAwait(false);
        var later = new Lwm2mResponse(CoapCode.Empty) { Operation = observation.Token, Diagnostic = "The device sleeps; it is asked when it wakes." };
        return new ObserveAnswer(later, observation);
    }

    // Other attributes make another observation of it: what happens to one that runs is not specified, so it is ended first.
    private async ValueTask ChangeAsync(Observation observation, ObserveOrder order, CancellationToken cancel)
    {
        var wanted = Wanted(observation, order);
        if (ReferenceEquals(wanted, observation.Stored))
        {
            return;
        }
        await _asker.LandingAsync(observation, cancel).ConfigureAwait(false);
        if (observation.IsEstablished && wanted.Attributes != observation.Stored.Attributes)
        {
            await _server.Sender.SendAsync(observation.Device, observation.Cancellation, observation.Token, cancel).ConfigureAwait(false);
        }
        observation.Stored = wanted;
        observation.Unsettle();
    }

    // What is observed with the same attributes stays as it is, formats included.
    private StoredObservation Wanted(Observation observation, ObserveOrder order)
    {
        var wanted = order.For(observation.Device, observation.Token);
        var stored = observation.Stored;
        return wanted.Attributes == stored.Attributes && wanted.Written == stored.Written ? stored : Pin(observation.Device, wanted);
    }

    private (Observation Observation, bool IsNew) GetOrAdd(DeviceSession device, ObserveOrder order)
    {
        lock (device)
        {
            if (Array.Find(device.Watched, order.IsFor) is { } known)
            {
                known.Claims++;
                return (known, false);
            }
            if (!device.IsRegistered)
            {
                throw new PeerLostException($"{device} is not registered any more.");
            }
            if (device.Watched.Length >= _server.Settings.MaxObservationsPerDevice)
            {
                _server.Tally.RefusedObservations.Increment();
                throw new CoapBusyException($"{device} has {device.Watched.Length} observations already.");
            }
            Observation fresh;
            do
            {
                fresh = new Observation(device, Pin(device, order.For(device, _server.Endpoint.NewToken())));
            }
            while (!_byToken.TryAdd(fresh));
            device.Watched = [.. device.Watched, fresh];
            _server.Tally.Observations.Increment();
            return (fresh, true);
        }
    }
}
