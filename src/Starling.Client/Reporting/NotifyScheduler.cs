using Microsoft.Extensions.Logging;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// Tells observers (LwM2M Core 1.2 §6.4, §7.3): on a change that meets the conditions, not before pmin, at pmax in any case.
/// One timer for all observations of a client, and none while there are none; changes are looked at on the thread pool, one pass at a time.
/// </summary>
internal sealed class NotifyScheduler : IThreadPoolWorkItem, IDisposable
{
    private const int Idle = 0, Running = 1, Again = 2;
    private static readonly TimeSpan _longest = TimeSpan.FromDays(24);
    private static readonly TimeSpan _confirmEvery = TimeSpan.FromHours(24);   // RFC 7641 §4.5
    private static readonly TimeSpan _refusedDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _unreadableDelay = TimeSpan.FromSeconds(10);
    private readonly ClientContext _context;
    private readonly CatalogTracker _catalog;
    private readonly ObservationTable _observations;
    private readonly ITimer _timer;
    private int _state;

    public NotifyScheduler(ClientContext context, CatalogTracker catalog)
    {
        _context = context;
        _catalog = catalog;
        _observations = new ObservationTable(context.Settings.ObservationsPerServer);
        _timer = context.Time.CreateTimer(static me => ((NotifyScheduler)me!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many observations there are.</summary>
    public int Count => _observations.All.Length;

    /// <summary>How many observations were answered as plain reads because a server had all it may have.</summary>
    public long Refused => _observations.Refused;

    /// <summary>Answers Observe: the value, and the observation where the server may have one more.</summary>
    public CoapMessage Begin(RegistrationLoop server, Peer peer, CoapMessage request, Lwm2mRequest.Observe operation)
    {
        var observation = new Observation(server, peer, request, operation);
        var isObserved = _observations.TryAdd(observation);
        try
        {
            var response = ReadOperation.Answer(_context.Tree, operation.Path);
            var message = OperationCodec.EncodeResponse(operation, response, _catalog.ScopeFor(server));
            if (!isObserved || !message.Code.IsSuccess)
            {
                Remove(observation);
                return message;
            }
            observation.ConfirmedAt = _context.Now;
            observation.Condition.Told(response.Records, _context.Now);
            return WithSequence(message, observation);
        }
        catch
        {
            Remove(observation);
            throw;
        }
        finally
        {
            observation.IsBusy = false;
            Wake();
        }
    }

    /// <summary>Cancel Observation (RFC 7641 §3.6), and a Reset to a notification.</summary>
    public void Cancel(Peer peer, CoapToken token) => _observations.Remove(o => o.Peer == peer && o.Request.Token == token);

    /// <summary>A registration has ended, and with it what that server observes (LwM2M Core 1.2 §6.4.1).</summary>
    public void End(RegistrationLoop server) => _observations.Remove(o => o.Server == server);

    /// <summary>A value has changed, or an instance has come or gone.</summary>
    public void OnChanged(Lwm2mPath path)
    {
        var found = false;
        foreach (var observation in _observations.All)
        {
            if (observation.Concerns(path))
            {
                observation.IsDirty = true;
                found = true;
            }
        }
        if (found)
        {
            Wake();
        }
    }

    /// <summary>Attributes have changed: what is due when may be another now.</summary>
    public void Recheck() => Wake();

    public void Dispose() => _timer.Dispose();

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            Volatile.Write(ref _state, Running);
            Pass();
        }
        while (Interlocked.CompareExchange(ref _state, Idle, Running) != Running);
    }

    /// <summary>Has the observations looked at soon.</summary>
    private void Wake()
    {
        if (_observations.All.Length == 0)
        {
            return;
        }
        if (Interlocked.CompareExchange(ref _state, Running, Idle) == Idle)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else if (Interlocked.Exchange(ref _state, Again) == Idle)
        {
            // The pass ended in between: nobody would see the wish.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Pass()
    {
        var next = TimeSpan.MaxValue;
        foreach (var observation in _observations.All)
        {
            try
            {
                var due = Look(observation);
                next = due < next ? due : next;
            }
            catch (Exception failure)
            {
                // A delegate of the application threw: perhaps it can be read later.
                Log.ReadFailed(_context.Log, _context.Settings.Endpoint, observation.Path.ToString(), failure);
                observation.NotBefore = _context.Now + _unreadableDelay;
                observation.IsDirty = true;
                next = observation.NotBefore < next ? observation.NotBefore : next;
            }
        }
        SetTimer(next);
    }

    private void SetTimer(TimeSpan next)
    {
        if (next == TimeSpan.MaxValue)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }
        var wait = next - _context.Now;
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > _longest ? _longest : wait;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Looks at one observation and notifies when it is time.</summary>
    /// <returns>When to look again.</returns>
    private TimeSpan Look(Observation observation)
    {
        if (observation.IsBusy)
        {
            return TimeSpan.MaxValue;   // its end wakes us
        }
        var attributes = observation.Server.Attributes.Effective(observation.Path).InheritFrom(observation.Server.Server.Defaults);
        if (observation.IsDirty && observation.NotBefore <= _context.Now)
        {
            observation.IsDirty = false;
            var current = ReadOperation.Answer(_context.Tree, observation.Path);
            observation.Condition.Look(attributes, current.Records, _context.Now);
        }
        var due = Due(observation, attributes);
        if (due > _context.Now)
        {
            return due;
        }
        Notify(observation);
        return observation.IsBusy ? TimeSpan.MaxValue : Due(observation, attributes);
    }

    private static TimeSpan Due(Observation observation, NotificationAttributes attributes)
    {
        var due = observation.Condition.Due(attributes);
        return due > observation.NotBefore ? due : observation.NotBefore;
    }

    private void Notify(Observation observation)
    {
        var now = _context.Now;
        var response = ReadOperation.Answer(_context.Tree, observation.Path);
        var message = OperationCodec.EncodeResponse(observation.Operation, response, _catalog.ScopeFor(observation.Server));
        var isLast = !message.Code.IsSuccess;
        if (isLast)
        {
            Remove(observation);   // what is observed is gone: an error ends the observation (RFC 7641 §4.2)
        }
        else
        {
            message = WithSequence(message, observation);
        }
        observation.Condition.Told(response.Records, now);
        var isConfirmable = isLast || observation.Server.Server.ConfirmableNotifications || now - observation.ConfirmedAt >= _confirmEvery;
        var delivery = _context.Endpoint.NotifyAsync(
            observation.Peer, observation.Request, message, isConfirmable ? Delivery.Confirmable : Delivery.NonConfirmable, CancellationToken.None);
        if (delivery.IsCompletedSuccessfully)
        {
            Delivered(observation, delivery.Result);
            return;
        }
        observation.IsBusy = true;
        _ = AwaitAsync(observation, delivery.AsTask());
    }

    private async Task AwaitAsync(Observation observation, Task<DeliveryOutcome> delivery)
    {
        try
        {
            Delivered(observation, await delivery.ConfigureAwait(false));
        }
        catch (Exception failure) when (failure is CoapException or ObjectDisposedException or InvalidOperationException)
        {
            Delivered(observation, DeliveryOutcome.PeerLost);
        }
        finally
        {
            observation.IsBusy = false;
            Wake();
        }
    }

    private void Delivered(Observation observation, DeliveryOutcome outcome)
    {
        switch (outcome)
        {
            case DeliveryOutcome.Acknowledged:
                observation.ConfirmedAt = _context.Now;
                break;
            case DeliveryOutcome.TimedOut or DeliveryOutcome.Rejected:
                Remove(observation);   // RFC 7641 §4.5
                break;
            case DeliveryOutcome.Refused or DeliveryOutcome.Cancelled or DeliveryOutcome.PeerLost:
                // Not sent. Whether the server is gone for good is for the registration to find out.
                observation.Condition.Repeat();
                observation.NotBefore = _context.Now + _refusedDelay;
                break;
        }
    }

    private void Remove(Observation observation) => _observations.Remove(o => o == observation);

    private static CoapMessage WithSequence(CoapMessage message, Observation observation) =>
        message.With(message.Options.With(OptionNumber.Observe, observation.NextSequence()), message.Payload);
}
