using System.Collections.Concurrent;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>Tells devices what is wanted: the attributes first where they are written, then the Observe, and all of it again after a new registration.</summary>
internal sealed class ObservationAsker(Lwm2mServer server, Observer observer)
{
    // Asked for right now: the token is in use, so a second asker waits for the first.
    private readonly ConcurrentDictionary<Observation, Task<ObserveAnswer>> _flights = new();

    /// <summary>Asks, and gives the device's answer.</summary>
    /// <param name="observation">What is wanted.</param>
    /// <param name="mayWrite">Whether attributes that the device refuses in the request may be written instead.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<ObserveAnswer> AskAsync(Observation observation, bool mayWrite, CancellationToken cancel)
    {
        var mine = new TaskCompletionSource<ObserveAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_flights.GetOrAdd(observation, mine.Task) is var flight && flight != mine.Task)
        {
            try
            {
                return await flight.WaitAsync(cancel).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // Who asked has gone: the next one asks.
            }
        }
        try
        {
            await server.Sender.SettleAsync(observation.Device, cancel).ConfigureAwait(false);   // here, where the least waits with it
            var answer = await EstablishAsync(observation, cancel).ConfigureAwait(false);
            if (mayWrite && observation.Stored.Attributes is { } refused && (answer.Response.Code == CoapCode.BadRequest || answer.Response.Code == CoapCode.BadOption))
            {
                observation.Stored = observation.Stored with { Attributes = null, Written = refused };
                answer = await EstablishAsync(observation, cancel).ConfigureAwait(false);
            }
            await EndIfRefusedAsync(observation, answer).ConfigureAwait(false);
            _flights.TryRemove(observation, out _);   // first: whoever waits may be the next to ask
            mine.SetResult(answer);
            return answer;
        }
        catch (Exception e)
        {
            _flights.TryRemove(observation, out _);
            mine.SetException(e);
            _ = mine.Task.Exception;   // seen: nobody else may be waiting
            throw;
        }
    }

    /// <summary>Waits until nobody asks for it.</summary>
    public async Task LandingAsync(Observation observation, CancellationToken cancel)
    {
        if (_flights.TryGetValue(observation, out var flight))
        {
            await ((Task)flight).WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task ResettleAsync(DeviceSession device)
    {
        Observation[] unsettled;
        lock (device)
        {
            if (!device.HasUnsettled)
            {
                return;
            }
            device.HasUnsettled = false;
            unsettled = Array.FindAll(device.Watched, static o => !o.IsEstablished);
        }
        foreach (var observation in unsettled)
        {
            var since = server.Clock.Now;
            try
            {
                await LandingAsync(observation, CancellationToken.None).ConfigureAwait(false);
                if (observer.Has(observation))   // it may have been ended meanwhile
                {
                    await AskAsync(observation, mayWrite: false, CancellationToken.None).ConfigureAwait(false);
                }
            }
            catch (CoapException e)
            {
                server.Log.NotObserved(device, observation, e);
                Postpone(device);
                if (e is CoapTimeoutException { IsAcknowledged: false })
                {
                    server.Listening.TrySilence(device, since);
                    return;
                }
            }
        }
    }

    private static void Postpone(DeviceSession device)
    {
        lock (device)
        {
            device.HasUnsettled = device.IsRegistered;
        }
    }

    private async Task<ObserveAnswer> EstablishAsync(Observation observation, CancellationToken cancel)
    {
        var device = observation.Device;
        if (observation.Stored.Written is { } attributes)
        {
            foreach (var path in observation.Paths)
            {
                var written = await server.Sender.SendAsync(device, new Lwm2mRequest.WriteAttributes(path, attributes), default, cancel).ConfigureAwait(false);
                if (!written.Code.IsSuccess)
                {
                    return new ObserveAnswer(written, null);
                }
            }
        }
        var response = await server.Sender.SendAsync(device, observation.Operation, observation.Token, cancel).ConfigureAwait(false);
        if (response.Code == CoapCode.UnsupportedContentFormat && TryOtherFormat(observation))
        {
            response = await server.Sender.SendAsync(device, observation.Operation, observation.Token, cancel).ConfigureAwait(false);
        }
        if (!response.Code.IsSuccess || response.Observe is not { } first)
        {
            return new ObserveAnswer(response, null);
        }
        observation.Begin(first, server.Clock.Now);
        server.Reports.Notified(observation, response, null);
        await observer.KeepAsync(device).ConfigureAwait(false);
        return new ObserveAnswer(response, observation);
    }

    // A composite's list of paths has a format of its own, which is kept: one that the device refuses is chosen anew.
    private bool TryOtherFormat(Observation observation)
    {
        if (observation.Stored is not { IsComposite: true, Format: { } refused })
        {
            return false;
        }
        observation.Device.Learn(observation.Device.Formats.Refusing(refused));
        observation.Stored = observer.Pin(observation.Device, observation.Stored with { Format = null });
        return observation.Stored.Format != refused;
    }

    // Its last word: it does not observe this. "Not now" (5.03) is none.
    private async ValueTask EndIfRefusedAsync(Observation observation, ObserveAnswer answer)
    {
        if (answer.Observation is not null)
        {
            return;
        }
        if (answer.Response.Code == CoapCode.ServiceUnavailable)
        {
            Postpone(observation.Device);
            throw new CoapBusyException($"{observation.Device} is busy; it is asked for {observation.Path} again when it is heard from.");
        }
        await observer.ForgetAsync(observation).ConfigureAwait(false);
        server.Reports.Notified(observation, answer.Response, "The device does not observe this.");
    }
}
