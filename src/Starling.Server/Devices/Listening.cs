using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>
/// Knows which devices listen (LwM2M Core 1.2 §6.5): one in queue mode does for its awake window after it was heard from, any other one until it leaves a
/// request without answer. How long a window is, people say, else the device teaches, else the settings. The end of a window is a look of the registration's own timer: an idle device has no other.
/// </summary>
internal sealed class Listening(Lwm2mServer server)
{
    private const int CellularConnectivity = 10, ActiveTimer = 5;
    private const int ShortestLearned = 1000;
    private const int LongestTold = 24 * 3600;
    private readonly long _window = (long)server.Settings.AwakeWindow.TotalMilliseconds;

    /// <summary>Whether something may be sent with hope.</summary>
    public static bool IsListening(DeviceSession session) => session is { IsRegistered: true, IsSilent: false, IsSleeping: false, Peer: not null };

    /// <summary>The device was heard from. Under the session's lock.</summary>
    public void Heard(DeviceSession session)
    {
        session.HeardAt = server.Clock.Now;
        session.IsSilent = false;
        if (!session.IsAsleep)
        {
            return;
        }
        session.IsAsleep = false;
        if (session.QueueMode)
        {
            server.Registrar.StartTimer(session);
            Tell(session, "It was heard from.", isAwake: true);
        }
    }

    /// <summary>The device left a request that was sent at <paramref name="since"/> without any sign. False when it was heard from meanwhile.</summary>
    public bool TrySilence(DeviceSession session, long since)
    {
        lock (session)
        {
            if (session.HeardAt > since || !session.IsRegistered)
            {
                return false;
            }
            session.IsSilent = true;
            if (session.QueueMode && since - session.HeardAt < WindowOf(session))
            {
                LearnFromSilence(session, since - session.HeardAt);
            }
            if (session is { QueueMode: true, IsAsleep: false })
            {
                session.IsAsleep = true;
                Tell(session, "It did not acknowledge a request.", isAwake: false);
            }
            return true;
        }
    }

    /// <summary>Milliseconds until the awake window ends; null when none runs. Under the session's lock.</summary>
    public long? Left(DeviceSession session) =>
        session is { QueueMode: true, IsAsleep: false } ? session.HeardAt + WindowOf(session) - server.Clock.Now : null;

    /// <summary>Puts the device to sleep when its window is over. Under the session's lock.</summary>
    public void Look(DeviceSession session)
    {
        if (Left(session) is <= 0)
        {
            session.IsAsleep = true;
            Tell(session, "Its awake window is over.", isAwake: false);
        }
    }

    /// <summary>What is thought now. Under the session's lock.</summary>
    public Presence Read(DeviceSession session)
    {
        var heard = server.Clock.ToTime(session.HeardAt);
        DateTimeOffset? due = session.Lifetime == 0 ? null : server.Clock.ToTime(session.UpdatedAt + (session.Lifetime * 1000L));
        return session switch
        {
            { IsRegistered: false } => new Presence(false, "It is not registered.", heard, null),
            { IsSilent: true } => new Presence(false, "It did not acknowledge the last request.", heard, due),
            { Peer: null } => new Presence(false, "It was known at an address that this server does not reach, and has not been heard from since it started.", heard, due),
            { IsSleeping: true } => new Presence(false, "It told queue mode, and its awake window is over.", heard, due),
            { QueueMode: true } => new Presence(true, "It was heard from within its awake window.", heard, server.Clock.ToTime(session.HeardAt + WindowOf(session))),
            _ => new Presence(true, "It told no queue mode.", heard, null),
        };
    }

    /// <summary>
    /// Takes the Active Timer (<c>/10/x/5</c>) out of what a device tells, or was written: for so long it can be reached before it saves power.
    /// </summary>
    public void Learn(DeviceSession session, IReadOnlyList<Lwm2mRecord> told)
    {
        for (var i = 0; session.QueueMode && i < told.Count; i++)
        {
            var record = told[i];
            if (record.Path is { IsResource: true, ObjectId: CellularConnectivity, ResourceId: ActiveTimer }
                && record.Value.TryConvert(ValueKind.Integer, out var seconds) && seconds.AsInteger() is >= 0 and <= LongestTold)
            {
                LearnTimer(session, (int)seconds.AsInteger() * 1000);
            }
        }
    }

    private void LearnTimer(DeviceSession session, int window)
    {
        lock (session)
        {
            session.LearnedMilliseconds = window;
            session.SilentAfter = -1;
            if (session.IsRegistered)
            {
                Look(session);
                server.Registrar.StartTimer(session);
            }
        }
    }

    // Once may be the network: what it left twice without a sign came too late. Under the session's lock.
    private static void LearnFromSilence(DeviceSession session, long after)
    {
        var age = (int)Math.Clamp(after, ShortestLearned, LongestTold * 1000);
        if (session.SilentAfter >= 0)
        {
            session.LearnedMilliseconds = Math.Max(age, session.SilentAfter);
        }
        session.SilentAfter = age;
    }

    private long WindowOf(DeviceSession session) => session switch
    {
        { AwakeWindow: { } own } => (long)own.TotalMilliseconds,
        { LearnedMilliseconds: >= 0 and var learned } => learned,
        _ => _window,
    };

    private void Tell(DeviceSession session, string why, bool isAwake)
    {
        if (session.Peer is { } peer)
        {
            server.Trace?.Record(peer, Coap.TraceDirection.Received, Coap.TraceKind.Event, default, isAwake ? "awake" : "asleep");
        }
        if (server.EventHub.IsWanted)
        {
            server.EventHub.Publish((session, why, isAwake), static (n, sequence, at) => n.isAwake
                ? new DeviceEvent.Awake(n.session.Key, sequence, at, n.session.Id.ToString(), n.why)
                : new DeviceEvent.Asleep(n.session.Key, sequence, at, n.session.Id.ToString(), n.why, n.session.Snapshot().ExpiresAt));
        }
    }
}
