using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Starling.Coap;
using Starling.Dtls;

namespace Starling.Transports;

/// <summary>
/// CoAP over DTLS (RFC 7252 §9) on any channel of datagrams, for servers and clients: every session is a peer, with its identity. An established session
/// costs no task and no timer, and its records are decrypted on the thread that received them.
/// </summary>
public sealed class DtlsChannel : IDatagramChannel
{
    private const string Scheme = "coaps";
    private readonly IDatagramChannel _below;
    private readonly DtlsHandshakes _handshakes;
    private readonly DtlsInlet _inlet;
    private readonly DtlsMoves _moves;
    private readonly DtlsConnector _connector;
    private readonly DtlsKeeper? _keeper;
    private int _disposed;
    private int _closings;

    /// <summary>Makes a channel over one that has not been started.</summary>
    /// <param name="below">What carries the records; disposed with this channel.</param>
    /// <param name="settings">How sessions are made and what may be kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="server">What a server needs to take sessions; null for a channel that only connects.</param>
    /// <param name="trace">Where the steps of handshakes are recorded; null for nowhere.</param>
    /// <param name="meters">Who publishes its counters; nobody when left out.</param>
    /// <param name="logger">Who takes what an operator must know; nobody when left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public DtlsChannel(
        IDatagramChannel below, DtlsChannelSettings settings, TimeProvider time, DtlsServer? server = null,
        ProtocolTrace? trace = null, IMeterFactory? meters = null, ILogger<DtlsChannel>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(below);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        settings.Validate();
        _below = below;
        Clock = new DtlsClock(time);
        Sessions = new DtlsSessions(settings, Counters, MakeRoom);
        _handshakes = new DtlsHandshakes(this, settings, trace, (ILogger?)logger ?? NullLogger.Instance);
        _moves = new DtlsMoves(this);
        _connector = new DtlsConnector(this, _handshakes, settings);
        _keeper = server?.Store is { } store ? new DtlsKeeper(this, store, settings, (ILogger?)logger ?? NullLogger.Instance) : null;
        _inlet = new DtlsInlet(this, _handshakes, _moves, settings, server);
        if (meters is not null)
        {
            Publish(meters.Create(DtlsCounters.MeterName));
        }
    }

    /// <summary>What it has done.</summary>
    public DtlsCounters Counters { get; } = new();

    /// <summary>How many sessions there are.</summary>
    public int SessionCount => Sessions.Count;

    /// <summary>How many handshakes are open.</summary>
    public int HandshakeCount => Sessions.Handshakes;

    /// <summary>Raised when a handshake has ended, one way or the other, on the thread that ended it: it must be quick and may not throw.</summary>
    public event Action<HandshakeReport>? HandshakeEnded;

    internal DtlsClock Clock { get; }

    internal DtlsSessions Sessions { get; }

    /// <summary>How often <see cref="CloseAll"/> was called: who was judged before and is established after is judged again.</summary>
    internal int Closings => Volatile.Read(ref _closings);

    /// <summary>Takes up the sessions that the store keeps, if there is one: once, and before the channel starts, so that nobody is restored to a stranger.</summary>
    /// <exception cref="IOException">The store cannot be read or written.</exception>
    public Task RestoreAsync(CancellationToken cancel) => _keeper?.RestoreAsync(FindBelow, cancel) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartAsync(IDatagramSink sink, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _inlet.Sink = sink;
        await _below.StartAsync(_inlet, cancel).ConfigureAwait(false);
        _keeper?.Start();
    }

    /// <summary>
    /// The session with a server at <c>coaps://host[:port]</c>: one that stands already with the same credentials, or a new one, for which the handshake is
    /// awaited. An earlier session with the same server is taken up again where the server lets us.
    /// </summary>
    /// <exception cref="NotSupportedException">
    /// The target's scheme is not <c>coaps</c>, or it has no credentials, or a session with that address and other credentials is held (<see cref="Peer.Hold"/>)
    /// or being made: it has to be closed first, or another channel taken, from another port.
    /// </exception>
    /// <exception cref="ArgumentException">The credentials cannot be read.</exception>
    /// <exception cref="IOException">The host is not known or has no address that the channel below reaches.</exception>
    /// <exception cref="HandshakeFailedException">There is no session: refused, or no answer.</exception>
    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Uri.Scheme != Scheme)
        {
            throw new NotSupportedException($"DTLS carries {Scheme}, not {target.Uri.Scheme}.");
        }
        var credentials = target.Credentials ?? throw new NotSupportedException($"There is no session with {target.Uri} without credentials.");
        var port = target.Uri.Port > 0 ? target.Uri.Port : DtlsChannelSettings.CoapsPort;
        return _connector.ConnectAsync(new DtlsOrigin(target.Uri.DnsSafeHost, port, credentials, target.Tls), cancel);
    }

    /// <inheritdoc/>
    /// <remarks>A session is found that was imported or still stands. One that is gone cannot be restored by its address.</remarks>
    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer)
    {
        peer = null;
        if (address.Transport.StartsWith(DtlsPeer.Prefix, StringComparison.Ordinal)
            && _below.TryRestore(new PeerAddress(address.Transport[DtlsPeer.Prefix.Length..], address.Text), out var below))
        {
            peer = DtlsSessions.At(below) is { Handshake: null, IsGone: false } session ? session : null;
        }
        return peer is not null;
    }

    /// <inheritdoc/>
    public SendOutcome Send(Peer peer, ReadOnlySpan<byte> datagram)
    {
        var outcome = SendOutcome.Dropped;
        if (peer is DtlsPeer session && session.BelongsTo(this))
        {
            bool hasEnded;
            lock (session.Connection)
            {
                var wasSpent = session.IsSpent;
                outcome = session.IsGone ? SendOutcome.Dropped : session.Send(datagram);
                hasEnded = session.IsSpent && !wasSpent;
            }
            if (hasEnded)
            {
                // Whoever sends may hold locks of its own: those above are told from another thread.
                ThreadPool.UnsafeQueueUserWorkItem(static state => state.Handshakes.End(state.Session, PeerLoss.Closed, tells: false), (Handshakes: _handshakes, Session: session), preferLocal: false);
            }
        }
        if (outcome == SendOutcome.Dropped)
        {
            Counters.AddSendDropped();
        }
        return outcome;
    }

    /// <summary>Ends the session: the other party is told (close_notify), as far as one datagram can tell it.</summary>
    public void Close(Peer peer)
    {
        if (peer is DtlsPeer session && session.BelongsTo(this))
        {
            _handshakes.End(session, PeerLoss.Closed, tells: true);
        }
    }

    /// <summary>
    /// Ends every session of peers with such an identity: their credential counts no more, and whoever judges them says so already. Handshakes under way are
    /// judged once more when they are done.
    /// </summary>
    /// <returns>How many that were.</returns>
    public int CloseAll(Func<PeerIdentity, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        Interlocked.Increment(ref _closings);   // before the table is looked through: who comes into it after that finds this
        var ended = Sessions.All(session => condition(session.Identity));
        foreach (var session in ended)
        {
            _handshakes.End(session, PeerLoss.Closed, tells: true);
        }
        return ended.Count;
    }

    /// <summary>Closes the channel below. Sessions are not told: they may be taken up by the next process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _below.DisposeAsync().ConfigureAwait(false);
            if (_keeper is not null)
            {
                await _keeper.DisposeAsync().ConfigureAwait(false);
            }
            _handshakes.Dispose();
            _moves.Dispose();
            _connector.Dispose();
        }
    }

    internal ValueTask<Peer> ConnectBelowAsync(DtlsOrigin origin, CancellationToken cancel) =>
        _below.ConnectAsync(new PeerTarget(new UriBuilder("coap", origin.Host, origin.Port).Uri), cancel);

    internal SendOutcome SendBelow(Peer below, ReadOnlySpan<byte> datagram) => _below.Send(below, datagram);

    internal void CloseBelow(Peer below) => _below.Close(below);

    internal void Report(HandshakeReport report) => HandshakeEnded?.Invoke(report);

    internal void TellMoved(DtlsPeer peer, PeerAddress from)
    {
        if (peer.Handshake is null)
        {
            _inlet.Sink?.OnPeerMoved(peer, DtlsPeer.AddressOf(from));
        }
    }

    internal void TellLost(DtlsPeer peer, PeerLoss loss)
    {
        _keeper?.Forget(peer);
        _inlet.Sink?.OnPeerLost(peer, loss);
    }

    private Peer? FindBelow(PeerAddress address) => _below.TryRestore(address, out var peer) ? peer : null;

    private void MakeRoom(DtlsPeer peer, bool tells) => _handshakes.End(peer, PeerLoss.Evicted, tells);

    private void Publish(Meter meter)
    {
        Counters.Publish(meter);
        meter.CreateObservableUpDownCounter("dtls.sessions", () => SessionCount, "{session}", "Sessions.");
        meter.CreateObservableUpDownCounter("dtls.handshakes.open", () => HandshakeCount, "{handshake}", "Handshakes under way.");
    }
}
