using Starling.Coap;
using Starling.Dtls;

namespace Starling.Transports;

/// <summary>A client's side: begins sessions, gives those that stand already, and takes up earlier ones.</summary>
internal sealed class DtlsConnector(DtlsChannel channel, DtlsHandshakes handshakes, DtlsChannelSettings settings) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<DtlsOrigin, (DtlsResumption Session, PeerIdentity Server)> _ended = [];

    /// <summary>The session with a server: one that stands already, or a new one.</summary>
    public async ValueTask<Peer> ConnectAsync(DtlsOrigin origin, CancellationToken cancel)
    {
        var below = await channel.ConnectBelowAsync(origin, cancel).ConfigureAwait(false);
        if (DtlsSessions.At(below) is { IsGone: false, Handshake: null } session && origin.Equals(session.Origin))
        {
            return session;
        }
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
