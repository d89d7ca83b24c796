using Microsoft.Extensions.Logging;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// When observers are told (LwM2M Core 1.2 §6.4, §7.3): on a change that meets the conditions, not before pmin, at pmax in any case.
/// One timer for all observations of a client, and none while there are none; changes are looked at on the thread pool, one pass at a time.
/// </summary>
internal sealed class NotifyScheduler : IThreadPoolWorkItem, IDisposable
{
    private const int Idle = 0, Running = 1, Again = 2;
    private static readonly TimeSpan _longest = TimeSpan.FromDays(24);
    private static readonly TimeSpan _unreadableDelay = TimeSpan.FromSeconds(10);
    private readonly ClientContext _context;
    private readonly NotificationSender _sender;
    private readonly ObservationTable _observations;
    private readonly ITimer _timer;
    private int _state;

    public NotifyScheduler(ClientContext context, CatalogTracker catalog)
    {
        _context = context;
        _sender = new NotificationSender(context, catalog, Remove, Wake);
        _observations = new ObservationTable(context.Settings.ObservationsPerServer);
        _timer = context.Time.CreateTimer(static me => ((NotifyScheduler)me!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many observations there are.</summary>
    public int Count => _observations.All.Count(o => !o.IsDormant);

    /// <summary>How many observations were answered as plain reads because a server had all it may have.</summary>
    public long Refused => _observations.Refused;

    /// <summary>How many stored values were dropped: to make room for newer ones, or with the observation that they were for.</summary>
    public long Dropped => _sender.Dropped;

    /// <summary>Answers Observe: the value, and the observation where the server may have one more.</summary>
    public CoapMessage Begin(Observation observation)
    {
        var isObserved = _observations.TryAdd(observation);
        try
        {
            return _sender.Begin(observation, isObserved);
        }
        catch
        {
            Remove(observation);
            throw;
        }
        finally
        {
            observation.IsReady = true;
            Wake();
        }
    }

    /// <summary>Cancel Observation (RFC 7641 §3.6), and a Reset to a notification.</summary>
    public void Cancel(Peer peer, CoapToken token) => _observations.Remove(o => o.Peer == peer && o.Request.Token == token);

    /// <summary>
    /// A registration has ended, and with it what that server observes (LwM2M Core 1.2 §6.4.1). What it wants stored is stored until it observes
    /// the same again (resource 6 of object 1); it gets one registration's time for that.
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="isFinal">Whether there will be no other registration.</param>
    public void End(RegistrationLoop server, bool isFinal)
    {
        foreach (var observation in _observations.All)
        {
            if (observation.Server != server)
            {
                continue;
            }
            if (isFinal || observation.WasPassedOver || !_sender.Stores(observation))
            {
                Remove(observation);
                _sender.Forget(observation);
                continue;
            }
            observation.IsDormant = true;
            observation.IsHeld = false;
        }
    }

    /// <summary>A registration stands, or has been proven to.</summary>
    public void Resume(RegistrationLoop server)
    {
        foreach (var observation in _observations.All)
        {
            if (observation.Server == server)
            {
                observation.IsHeld = false;
                observation.WasPassedOver = observation.IsDormant;
            }
        }
        Wake();
    }

    /// <summary>A value has changed, or an instance has come or gone; with access control, rights may have changed too.</summary>
    public void OnChanged(Lwm2mPath path)
    {
        var (found, isRight) = (false, path.ObjectId == 2 && _context.Access.IsOn);
        foreach (var observation in _observations.All)
        {
            foreach (var observed in observation.Paths)
            {
                if (isRight || observed.Concerns(path))
                {
                    observed.IsDirty = true;
                    found = true;
                }
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
            var due = TimeSpan.MaxValue;
            try
            {
                due = observation.IsReady ? Look(observation) : TimeSpan.MaxValue;   // its end wakes us
            }
            catch (Exception failure)
            {
                // A delegate of the application threw: perhaps it can be read later.
                Log.ReadFailed(_context.Log, _context.Settings.Endpoint, observation.Name, failure);
                due = observation.NotBefore = _context.Now + _unreadableDelay;
                Array.ForEach(observation.Paths, p => p.IsDirty = true);
            }
            next = due < next ? due : next;
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

    /// <summary>Looks at one observation, and notifies or stores when it is time.</summary>
    /// <returns>When to look again.</returns>
    private TimeSpan Look(Observation observation)
    {
        if (observation.TakeOutcome() is { } outcome && !_sender.Delivered(observation, outcome))
        {
            return TimeSpan.MaxValue;
        }
        var now = _context.Now;
        if (observation.NotBefore > now)
        {
            return observation.NotBefore;
        }
        foreach (var path in observation.Paths)
        {
            LookAt(observation, path, now);
        }
        if (observation.CanSend && NextNotification(observation) <= now)
        {
            _sender.Notify(observation);
        }
        return Next(observation);
    }

    private void LookAt(Observation observation, ObservedPath path, TimeSpan now)
    {
        var attributes = observation.AttributesOf(path);
        if (path.Condition.NextLook(attributes, path.IsDirty) <= now)
        {
            path.IsDirty = false;
            var current = NotificationSender.Read(observation, path);
            path.Condition.Look(attributes, current.Code == CoapCode.Unauthorized ? path.Condition.Last : current.Records, now);
        }
        if (!observation.CanSend && path.Condition.Due(attributes) <= now && _sender.LimitOf(observation, attributes) is > 0 and var limit)
        {
            _sender.Store(observation, path, limit);
        }
    }

    /// <summary>When there is something to do, if nothing changes meanwhile.</summary>
    private TimeSpan Next(Observation observation)
    {
        var (next, canSend) = (observation.CanSend ? NextNotification(observation) : TimeSpan.MaxValue, observation.CanSend);
        foreach (var path in observation.Paths)
        {
            var attributes = observation.AttributesOf(path);
            var look = path.Condition.NextLook(attributes, path.IsDirty);
            next = look < next ? look : next;
            if (!canSend && _sender.LimitOf(observation, attributes) > 0 && path.Condition.Due(attributes) is var due && due < next)
            {
                next = due;
            }
        }
        return next > observation.NotBefore ? next : observation.NotBefore;
    }

    /// <summary>When the first of its paths is due: for what has changed, for pmax, or for what was stored.</summary>
    private static TimeSpan NextNotification(Observation observation)
    {
        var next = TimeSpan.MaxValue;
        foreach (var path in observation.Paths)
        {
            var attributes = observation.AttributesOf(path);
            var due = path.Stored.Count == 0
                ? path.Condition.Due(attributes)
                : path.Condition.LastAt + TimeSpan.FromSeconds(attributes.MinimumPeriod ?? 0);
            next = due < next ? due : next;
        }
        return next;
    }

    private void Remove(Observation observation) => _observations.Remove(o => o == observation);
}
