using Starling.Coap;

namespace Starling.Transports;

/// <summary>
/// Sessions that speak from another address now. Where the peer knows how, the new address has to prove that it is there (RFC 9853); a session whose new
/// address does not, goes back to the one before. Only then does an established session have a timer.
/// </summary>
internal sealed class DtlsMoves(DtlsChannel channel) : IDisposable
{
    private readonly TimerWheel _wheel = new(channel.Clock.Time, TimeSpan.FromMilliseconds(100));

    /// <summary>A session has moved: tells the table and the layers above. Outside of the lock.</summary>
    /// <param name="session">The session.</param>
    /// <param name="from">What it was reached by until now.</param>
    public void Moved(DtlsPeer session, Peer from)
    {
        channel.Sessions.Move(session);
        channel.Counters.AddMoved();
        channel.TellMoved(session, from.Address);
        Watch(session);
    }

    /// <summary>The new address has proven itself. Under the session's lock: it may move on at once, and what it has to prove then is something new.</summary>
    public void Proven(DtlsPeer session)
    {
        if (session.Proving is { } move)
        {
            _wheel.Cancel(move);
            session.Proving = null;
        }
    }

    public void Dispose() => _wheel.Dispose();

    private void Watch(DtlsPeer session)
    {
        lock (session.Connection)
        {
            if (!session.IsGone && session.Proving is { } move)
            {
                _wheel.Schedule(move, TimeSpan.FromMilliseconds(Math.Clamp(session.Connection.Deadline - channel.Clock.Now, 0, int.MaxValue)));
            }
        }
    }

    private void OnDue(DtlsMove move)
    {
        var (session, now) = (move.Session, channel.Clock.Now);
        Peer? left = null;
        lock (session.Connection)
        {
            if (session.IsGone || session.Proving != move)
            {
                return;
            }
            if (now >= session.Connection.Deadline)
            {
                session.Connection.Expire(now, session);
            }
            if (session.Connection.Path == move.Path)
            {
                left = session.GoBack(move);
            }
        }
        if (left is not null)
        {
            Moved(session, left);
        }
        Watch(session);
    }

    /// <summary>A move that is not proven yet.</summary>
    internal sealed class DtlsMove(DtlsMoves moves, DtlsPeer session, Peer below, Dtls.PathId path) : WheelTimer
    {
        public DtlsPeer Session => session;

        /// <summary>What the session was reached by before.</summary>
        public Peer Below => below;

        /// <summary>The number of that way.</summary>
        public Dtls.PathId Path => path;

        protected override void OnDue() => moves.OnDue(this);
    }
}
