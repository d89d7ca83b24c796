using Starling.Coap;

namespace Starling.Secured.Tests;

/// <summary>What is above a channel: notes what comes, and answers where it is told how.</summary>
internal sealed class Recorder : IDatagramSink
{
    public List<(Peer Peer, byte[] Bytes)> Received { get; } = [];

    public List<(Peer Peer, PeerAddress From)> Moved { get; } = [];

    public List<(Peer Peer, PeerLoss Loss)> Lost { get; } = [];

    public Action<Peer, byte[]>? OnReceived { get; set; }

    public void OnDatagram(Peer peer, Span<byte> datagram)
    {
        var bytes = datagram.ToArray();
        Received.Add((peer, bytes));
        OnReceived?.Invoke(peer, bytes);
    }

    public void OnPeerMoved(Peer peer, PeerAddress from) => Moved.Add((peer, from));

    public void OnPeerLost(Peer peer, PeerLoss loss) => Lost.Add((peer, loss));
}
