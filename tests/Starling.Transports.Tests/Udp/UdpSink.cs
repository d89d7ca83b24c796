using System.Threading.Channels;
using Starling.Coap;

namespace Starling.Transports.Tests;

/// <summary>Lets a test await what a channel delivers; answers where it is told how.</summary>
internal sealed class UdpSink : IDatagramSink
{
    private readonly Channel<(UdpPeer Peer, byte[] Bytes)> _received = System.Threading.Channels.Channel.CreateUnbounded<(UdpPeer, byte[])>();
    private readonly Channel<(UdpPeer Peer, PeerLoss Loss)> _lost = System.Threading.Channels.Channel.CreateUnbounded<(UdpPeer, PeerLoss)>();

    public delegate void Answer(UdpPeer peer, Span<byte> datagram);

    /// <summary>Runs on the receiving thread before the datagram is noted.</summary>
    public Answer? OnReceived { get; set; }

    /// <summary>Whether datagrams are kept for <see cref="NextAsync"/>.</summary>
    public bool Keeps { get; init; } = true;

    public void OnDatagram(Peer peer, Span<byte> datagram)
    {
        OnReceived?.Invoke((UdpPeer)peer, datagram);
        if (Keeps)
        {
            _received.Writer.TryWrite(((UdpPeer)peer, datagram.ToArray()));
        }
    }

    public void OnPeerMoved(Peer peer, PeerAddress from) { }

    public void OnPeerLost(Peer peer, PeerLoss loss) => _lost.Writer.TryWrite(((UdpPeer)peer, loss));

    public ValueTask<(UdpPeer Peer, byte[] Bytes)> NextAsync(CancellationToken cancel) => _received.Reader.ReadAsync(cancel);

    public ValueTask<(UdpPeer Peer, PeerLoss Loss)> NextLossAsync(CancellationToken cancel) => _lost.Reader.ReadAsync(cancel);

    public bool HasLoss => _lost.Reader.TryPeek(out _);
}
