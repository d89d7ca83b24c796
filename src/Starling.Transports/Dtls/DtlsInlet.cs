using System.Text;
using Starling.Coap;
using Starling.Dtls;

namespace Starling.Transports;

/// <summary>Takes what the channel below delivers: finds the session, lets the engine decrypt, and delivers outside of the session's lock.</summary>
internal sealed class DtlsInlet : IDatagramSink
{
    private const byte ApplicationData = 23;   // RFC 5246 §6.2.1
    private readonly DtlsChannel _channel;
    private readonly DtlsHandshakes _handshakes;
    private readonly DtlsMoves _moves;
    private readonly DtlsServer? _server;
    private readonly DtlsAcceptor? _acceptor;
    private readonly int _idLength;

    public DtlsInlet(DtlsChannel channel, DtlsHandshakes handshakes, DtlsMoves moves, DtlsChannelSettings settings, DtlsServer? server)
    {
        _channel = channel;
        _handshakes = handshakes;
        _moves = moves;
        _server = server;
        _idLength = settings.Dtls.ConnectionIdLength ?? 0;
        _acceptor = server is null ? null : new DtlsAcceptor(settings.Dtls, server.Keys, new CookieKeys(settings.Dtls.Random), server.Resumable);
    }

    /// <summary>Who takes what was decrypted; set before anything can come.</summary>
    public IDatagramSink? Sink { get; set; }

    public void OnDatagram(Peer peer, Span<byte> datagram)
    {
        if (DtlsDatagram.TryReadConnectionId(datagram, _idLength, out var id))
        {
            Take(_channel.Sessions.Find(DtlsSessions.KeyOf(id)), peer, datagram);
            return;
        }
        var session = DtlsSessions.At(peer);
        if (session is null && DtlsDatagram.IsClientHello(datagram))
        {
            Meet(peer, datagram);
        }
        else if (session?.Challenger is { } challenger && !datagram.IsEmpty)
        {
            // What belongs to a handshake is the new one's, what is said is the old one's, until the new one is established.
            Take(datagram[0] == ApplicationData ? session : challenger, peer, datagram);
        }
        else
        {
            Take(session, peer, datagram);
        }
    }

    public void OnPeerMoved(Peer peer, PeerAddress from)
    {
        if (DtlsSessions.At(peer) is { Handshake: null } session)
        {
            Sink!.OnPeerMoved(session, DtlsPeer.AddressOf(from));
        }
    }

    public void OnPeerLost(Peer peer, PeerLoss loss)
    {
        for (var session = DtlsSessions.At(peer); session is { IsGone: false }; session = DtlsSessions.At(peer))
        {
            _handshakes.End(session, loss, tells: false);
        }
    }

    private void Take(DtlsPeer? session, Peer below, Span<byte> datagram)
    {
        if (session is null)
        {
            _channel.Counters.AddUnknown();
            return;
        }
        var whole = datagram;
        while (!datagram.IsEmpty)
        {
            var taken = TakeRecord(session, below, datagram, out var received);
            if (received.Has(DtlsChanges.AnotherHello))
            {
                Meet(below, whole);
                return;
            }
            if (taken == 0)
            {
                return;
            }
            datagram = datagram[taken..];
        }
    }

    // One record; 0 when the session has ended.
    private int TakeRecord(DtlsPeer session, Peer below, Span<byte> rest, out DtlsReceived received)
    {
        var now = _channel.Clock.Now;
        Peer? left = null;
        int taken;
        lock (session.Connection)
        {
            if (session.IsGone)
            {
                received = default;
                return 0;
            }
            taken = session.Connection.Receive(rest, session.ComesBy(below), now, session, out received);
            session.Settle();
            if (received.Has(DtlsChanges.PeerMoved))
            {
                left = session.Move(_moves);
            }
            if (received.Has(DtlsChanges.PathProven))
            {
                _moves.Proven(session);
            }
        }
        if (left is not null)
        {
            _moves.Moved(session, left);
        }
        if (session.Handshake is not null || received.Has(DtlsChanges.Closed))
        {
            _handshakes.Advance(session);
        }
        if (received.Has(DtlsChanges.Application))
        {
            session.HeardAt = now;
            Sink!.OnDatagram(session, rest.Slice(received.Offset, received.Length));
        }
        else if (received.Changes == DtlsChanges.None && session.Handshake is null)
        {
            _channel.Counters.AddDiscarded();
        }
        return taken;
    }

    private void Meet(Peer below, ReadOnlySpan<byte> datagram)
    {
        if (!_channel.Sessions.HasRoom(_channel.Clock.Now))
        {
            _channel.Counters.AddHandshakeRefused();
            return;
        }
        var answers = new ToStranger(_channel, below);
        var address = Encoding.UTF8.GetBytes(below.Address.Text);
        var result = _acceptor?.Answer(datagram, DtlsPeer.FirstPath, address, _channel.Clock.Now, answers) ?? default;
        switch (result.Outcome)
        {
            case AcceptOutcome.Accepted:
                _handshakes.Begin(new DtlsPeer(_channel, result.Connection!, below), _handshakes.New(_server!.Credentials));
                break;
            case AcceptOutcome.Answered:
                _channel.Counters.AddAnswered();
                break;
            default:
                _channel.Counters.AddUnknown();
                break;
        }
    }

    /// <summary>Where answers go before there is a session.</summary>
    private sealed class ToStranger(DtlsChannel channel, Peer below) : IDtlsOutput
    {
        public void Emit(ReadOnlySpan<byte> datagram, PathId path) => channel.SendBelow(below, datagram);
    }
}
