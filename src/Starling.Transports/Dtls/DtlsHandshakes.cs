using Microsoft.Extensions.Logging;
using Starling.Coap;
using Starling.Dtls;

namespace Starling.Transports;

/// <summary>
/// Carries handshakes through to their end: looks at what the engine waits for after each of its calls, and sees to it outside of the session's lock.
/// </summary>
internal sealed class DtlsHandshakes : IDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(20);
    private readonly DtlsChannel _channel;
    private readonly DtlsChannelSettings _settings;
    private readonly ProtocolTrace? _trace;
    private readonly TimerWheel _wheel;
    private readonly BoundedWork _work;
    private readonly DtlsQueries _queries;
    private readonly ILogger _logger;

    public DtlsHandshakes(DtlsChannel channel, DtlsChannelSettings settings, ProtocolTrace? trace, ILogger logger)
    {
        _channel = channel;
        _settings = settings;
        _trace = trace;
        _logger = logger;
        _wheel = new TimerWheel(channel.Clock.Time, _tick);
        _work = new BoundedWork(settings.Workers, settings.MaxWaitingWork);
        _queries = new DtlsQueries(this, settings, channel.Clock.Time, logger);
    }

    private long Now => _channel.Clock.Now;

    /// <summary>What a handshake begins with.</summary>
    /// <param name="judge">Who says whether the other party is who it claims to be.</param>
    /// <param name="known">Who it is if it succeeds without that question.</param>
    /// <param name="waiting">Who waits for the session; null at a server.</param>
    public DtlsHandshake New(IPeerCredentials judge, PeerIdentity? known = null, TaskCompletionSource<Peer>? waiting = null)
    {
        var now = Now;
        return new DtlsHandshake(this, judge, now, now + (long)_settings.HandshakeTimeout.TotalMilliseconds) { Identity = known ?? PeerIdentity.None, Waiting = waiting };
    }

    /// <summary>Takes a new connection in, or disposes it where there are too many.</summary>
    /// <param name="peer">The session that is to be.</param>
    /// <param name="handshake">What it needs until it is one.</param>
    public void Begin(DtlsPeer peer, DtlsHandshake handshake)
    {
        peer.HeardAt = handshake.Began;
        peer.Handshake = handshake;
        handshake.Peer = peer;
        if (_channel.Sessions.TryBegin(peer))
        {
            Advance(peer);
            return;
        }
        lock (peer.Connection)
        {
            peer.IsGone = true;
            peer.Connection.Dispose();
        }
        Fail(peer, handshake, peer.Connection.Progress with { Failure = "Too many handshakes are open." });
    }

    /// <summary>Looks what the engine waits for now. Outside of the lock.</summary>
    public void Advance(DtlsPeer peer)
    {
        DtlsQuery? query = null;
        DtlsWork? work = null;
        DtlsStatus status;
        DtlsHandshake? handshake;
        lock (peer.Connection)
        {
            handshake = peer.Handshake;
            if (peer.IsGone)
            {
                return;
            }
            status = peer.Connection.Status;
            if (handshake is not null)
            {
                Tell(peer, handshake);
                query = status == DtlsStatus.NeedsCredential && handshake.Query is null ? Ask(handshake) : null;
                work = status == DtlsStatus.NeedsWork ? peer.Connection.TakeWork() : null;
            }
        }
        if (status == DtlsStatus.Closed)
        {
            End(peer, PeerLoss.Closed, tells: false);
        }
        else if (handshake is not null)
        {
            Do(peer, handshake, status, query, work);
        }
    }

    /// <summary>Gives the engine the verdict on its peer, unless the time is over.</summary>
    public void Judged(DtlsHandshake handshake, PeerVerdict verdict, DtlsAnswer answer)
    {
        var peer = handshake.Peer;
        lock (peer.Connection)
        {
            if (peer.IsGone || handshake.Query is null)
            {
                return;
            }
            EndQuery(handshake);
            handshake.Verdict = verdict as PeerVerdict.Accepted;
            handshake.Identity = verdict is PeerVerdict.Accepted accepted ? accepted.Identity : PeerIdentity.None;
            (handshake.Refusal, handshake.RefusedCredential) = verdict is PeerVerdict.Refused refused ? (refused.Why, refused.Credential) : (null, null);
            peer.Connection.Provide(answer, Now, peer);
            peer.Settle();
        }
        Advance(peer);
    }

    /// <summary>Ends a session or a handshake, from whichever side, once.</summary>
    public void End(DtlsPeer peer, PeerLoss loss, bool tells)
    {
        DtlsHandshake? handshake;
        DtlsProgress? progress;
        lock (peer.Connection)
        {
            if (peer.IsGone)
            {
                return;
            }
            handshake = peer.Handshake;
            if (tells)
            {
                peer.Connection.Close(peer);
            }
            peer.IsGone = true;
            progress = handshake is null ? null : peer.Connection.Progress;
            peer.Connection.Dispose();
            if (handshake is not null)
            {
                EndQuery(handshake);
            }
        }
        _channel.Sessions.Remove(peer);
        if (handshake is null)
        {
            _channel.TellLost(peer, loss);
        }
        else
        {
            _wheel.Cancel(handshake);
            Fail(peer, handshake, progress!);
        }
        if (peer.Origin is not null && DtlsSessions.At(peer.Below) is null)   // where one is left, it is the way to that one
        {
            _channel.CloseBelow(peer.Below);
        }
    }

    /// <summary>A handshake's time has come: to send a flight again, to wait for credentials no more, or to end.</summary>
    public void OnDue(DtlsHandshake handshake)
    {
        var peer = handshake.Peer;
        var now = Now;
        if (now >= handshake.QueryLimit)
        {
            _queries.TimeOut(handshake);
        }
        if (now >= handshake.Limit)
        {
            End(peer, PeerLoss.Closed, tells: true);
            return;
        }
        lock (peer.Connection)
        {
            if (peer.IsGone || peer.Handshake != handshake)
            {
                return;
            }
            if (now >= peer.Connection.Deadline)
            {
                peer.Connection.Expire(now, peer);
            }
        }
        Advance(peer);
    }

    public void Dispose() => _wheel.Dispose();

    private void Do(DtlsPeer peer, DtlsHandshake handshake, DtlsStatus status, DtlsQuery? query, DtlsWork? work)
    {
        if (status == DtlsStatus.Established)
        {
            Establish(peer, handshake);
            return;
        }
        Schedule(peer, handshake);
        if (query is not null && !_queries.TryAsk(handshake, query))
        {
            _channel.Counters.AddQueryRefused();
            End(peer, PeerLoss.Closed, tells: true);
        }
        if (work is not null && !_work.TryRun(() => Run(peer, work)))
        {
            work.Dispose();
            _channel.Counters.AddWorkRefused();
            End(peer, PeerLoss.Closed, tells: true);
        }
    }

    private void Run(DtlsPeer peer, DtlsWork work)
    {
        try
        {
            work.Run();
        }
        catch (Exception failure)
        {
            // What it was to bring is not there, which ends the handshake: no failure of the system's cryptography ends the process.
            Log.WorkFailed(_logger, failure, peer.Address.ToString());
        }
        lock (peer.Connection)
        {
            if (peer.IsGone)
            {
                work.Dispose();
                return;
            }
            peer.Connection.Complete(work, Now, peer);
            peer.Settle();
        }
        Advance(peer);
    }

    // Under the lock, so that it happens once a question.
    private DtlsQuery? Ask(DtlsHandshake handshake)
    {
        handshake.Query = new CancellationTokenSource();
        handshake.Closings = _channel.Closings;
        handshake.QueryLimit = Now + (long)_settings.QueryTimeout.TotalMilliseconds;
        return handshake.Peer.Connection.Query;
    }

    private static void EndQuery(DtlsHandshake handshake)
    {
        _ = handshake.Query?.CancelAsync();   // what was registered with it runs on the pool: never under our lock
        handshake.Query = null;
        handshake.QueryLimit = long.MaxValue;
    }

    private void Establish(DtlsPeer peer, DtlsHandshake handshake)
    {
        DtlsProgress progress;
        lock (peer.Connection)
        {
            if (peer.IsGone || peer.Handshake is null)
            {
                return;   // another thread has seen it too
            }
            progress = peer.Connection.Progress;
            peer.Handshake = null;
        }
        _wheel.Cancel(handshake);
        if (!_channel.Sessions.TryEstablish(peer, out var replaced))
        {
            Undo(peer, handshake, progress);
            return;
        }
        if (replaced is not null)
        {
            _channel.Counters.AddReplaced();
            End(replaced, PeerLoss.Replaced, tells: false);
        }
        _channel.Counters.AddEstablished();
        _channel.Report(DtlsReports.Of(peer, handshake, progress, _channel.Clock, isEstablished: true));
        handshake.Waiting?.TrySetResult(peer);
        if (handshake.Verdict is not null && handshake.Closings != _channel.Closings)
        {
            _queries.JudgeAgain(handshake);
        }
    }

    // It was established for the engine, and the peer believes it; here it finds no place, and ends as a handshake does.
    private void Undo(DtlsPeer peer, DtlsHandshake handshake, DtlsProgress progress)
    {
        bool isGone;
        lock (peer.Connection)
        {
            isGone = peer.IsGone;
            handshake.Refusal = isGone ? "It was ended at once." : "Too many sessions are open, and all of them are held.";
            peer.Handshake = isGone ? null : handshake;
        }
        if (isGone)
        {
            Fail(peer, handshake, progress);   // whoever ended it took it for a session
        }
        else
        {
            End(peer, PeerLoss.Evicted, tells: true);
        }
    }

    private void Fail(DtlsPeer peer, DtlsHandshake handshake, DtlsProgress progress)
    {
        _channel.Counters.AddFailed();
        var report = DtlsReports.Of(peer, handshake, progress, _channel.Clock, isEstablished: false);
        _trace?.Record(peer, TraceDirection.Received, TraceKind.Event, default, $"The handshake has failed: {report.Problem}");
        _channel.Report(report);
        handshake.Waiting?.TrySetException(new HandshakeFailedException($"No session with {peer.Address.Text}: {report.Problem}")
        {
            Alert = report.Alert,
            AlertIsOurs = report.AlertIsOurs,
        });
    }

    private void Schedule(DtlsPeer peer, DtlsHandshake handshake)
    {
        long due;
        lock (peer.Connection)
        {
            due = Math.Min(Math.Min(peer.Connection.Deadline, handshake.Limit), handshake.QueryLimit);
            if (!peer.IsGone && peer.Handshake == handshake)
            {
                _wheel.Schedule(handshake, TimeSpan.FromMilliseconds(Math.Max(due - Now, 0)));
            }
        }
    }

    // Under the lock.
    private void Tell(DtlsPeer peer, DtlsHandshake handshake)
    {
        if (_trace is not null && peer.Connection.Progress is { } progress && progress.Step != handshake.Told)
        {
            handshake.Told = progress.Step;
            _trace.Record(peer, TraceDirection.Received, TraceKind.Event, default, $"DTLS handshake: {progress.Step}");
        }
    }
}
