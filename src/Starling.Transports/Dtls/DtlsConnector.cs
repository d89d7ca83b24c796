using Starling.Coap;
using Starling.Dtls;

namespace Starling.Transports;

/// <summary>A client's side: begins sessions, gives those that stand already, and takes up earlier ones.</summary>
internal sealed class DtlsConnector(DtlsChannel channel, DtlsHandshakes handshakes, DtlsChannelSettings settings) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Peer, (DtlsOrigin Origin, TaskCompletionSource End)> _dialled = [];   // with whom a handshake of ours is under way
    private readonly OrderedDictionary<DtlsOrigin, (DtlsResumption Session, PeerIdentity Server)> _ended = [];

    /// <summary>
    /// The session with a server: one that stands already or is being made, or a new one. What goes between two ports is one session (RFC 6347 §4.1), so one with
    /// other credentials takes the place of the one that stands, unless somebody holds that.
    /// </summary>
    public async ValueTask<Peer> ConnectAsync(DtlsOrigin origin, CancellationToken cancel)
    {
        while (true)
        {
            var below = await channel.ConnectBelowAsync(origin, cancel).ConfigureAwait(false);
            if (Find(origin, below, out var dialled) is { } standing)
            {
                return standing;
            }
            if (dialled is null)
            {
                return await DialAsync(origin, below, cancel).ConfigureAwait(false);
            }
            await dialled.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var (session, _) in _ended.Values)
            {
                session.Dispose();
            }
            _ended.Clear();
        }
    }

    // The session that stands; else the end of the handshake for it that is under way; else neither, and ours is under way from now on.
    private DtlsPeer? Find(DtlsOrigin origin, Peer below, out Task? dialled)
    {
        lock (_lock)
        {
            dialled = null;
            var at = DtlsSessions.At(below) is { IsGone: false } standing ? standing : null;
            if (at is { Handshake: null } && origin.Equals(at.Origin))
            {
                return at;
            }
            var isDialled = _dialled.TryGetValue(below, out var other);
            if (isDialled && origin.Equals(other.Origin))
            {
                dialled = other.End.Task;
            }
            else if (isDialled || at is { IsHeld: true } or { Handshake: not null })
            {
                throw new NotSupportedException($"From this port there is a session with {below.Address.Text} already that somebody holds, or one is being made.");
            }
            else
            {
                _dialled.Add(below, (origin, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
            }
            return null;
        }
    }

    private async Task<Peer> DialAsync(DtlsOrigin origin, Peer below, CancellationToken cancel)
    {
        try
        {
            return await ShakeAsync(origin, below, cancel).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _dialled.Remove(below, out var ours);
                ours.End.SetResult();   // whoever waits looks again: at the session, or with a handshake of his own
            }
        }
    }

    private async Task<Peer> ShakeAsync(DtlsOrigin origin, Peer below, CancellationToken cancel)
    {
        var waiting = new TaskCompletionSource<Peer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var check = ServerCheck.Of(origin, channel.Clock.Time, settings.ClockIsSet);
        var (earlier, server) = Take(origin);
        using var _ = earlier;
        var peer = Begin(origin, below, check, earlier, server, waiting);
        try
        {
            await waiting.Task.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            handshakes.End(peer, PeerLoss.Closed, tells: true);
            throw;
        }
        Keep(origin, peer);
        return peer;
    }

    private DtlsPeer Begin(
        DtlsOrigin origin, Peer below, ServerCheck check, DtlsResumption? earlier, PeerIdentity? server, TaskCompletionSource<Peer> waiting)
    {
        var first = new FirstFlight();
        var connection = DtlsConnection.Connect(SettingsFor(origin), new DtlsTarget(check.Own, AskedName(origin), earlier), DtlsPeer.FirstPath, channel.Clock.Now, first);
        var peer = new DtlsPeer(channel, connection, below) { Origin = origin };
        handshakes.Begin(peer, handshakes.New(check.Judge, check.Known ?? server, waiting));
        first.SendTo(below, channel);
        return peer;
    }

    private DtlsSettings SettingsFor(DtlsOrigin origin) => origin.Tls is { CipherSuites: { IsDefaultOrEmpty: false } suites }
        ? settings.Dtls with { Suites = [.. suites.Select(s => new CipherSuite(s))] }
        : settings.Dtls;

    // An address is no name (RFC 6066 §3).
    private static string? AskedName(DtlsOrigin origin) => Uri.CheckHostName(origin.ServerName) == UriHostNameType.Dns ? origin.ServerName : null;

    private (DtlsResumption? Session, PeerIdentity? Server) Take(DtlsOrigin origin)
    {
        lock (_lock)
        {
            return _ended.Remove(origin, out var kept) ? kept : default;
        }
    }

    private void Keep(DtlsOrigin origin, DtlsPeer peer)
    {
        DtlsResumption? session;
        lock (peer.Connection)
        {
            session = peer.IsGone || settings.MaxResumptions == 0 ? null : peer.Connection.TakeResumption();
        }
        if (session is null)
        {
            return;
        }
        lock (_lock)
        {
            if (_ended.Remove(origin, out var before))
            {
                before.Session.Dispose();
            }
            if (_ended.Count == settings.MaxResumptions)
            {
                _ended.GetAt(0).Value.Session.Dispose();
                _ended.RemoveAt(0);
            }
            _ended.Add(origin, (session, peer.Identity));
        }
    }

    /// <summary>Keeps what the engine sends before its answer would find a session.</summary>
    private sealed class FirstFlight : IDtlsOutput
    {
        private readonly List<byte[]> _datagrams = [];

        public void Emit(ReadOnlySpan<byte> datagram, PathId path) => _datagrams.Add(datagram.ToArray());

        public void SendTo(Peer below, DtlsChannel channel) => _datagrams.ForEach(datagram => channel.SendBelow(below, datagram));
    }
}
