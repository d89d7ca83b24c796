using System.Diagnostics.CodeAnalysis;
using Starling.Coap;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>Notes whom a client wants to connect to, and says no as long as it is told to. Who comes through is whom the channel behind it finds.</summary>
internal sealed class GateChannel(IMessageChannel inner) : IMessageChannel
{
    public List<PeerTarget> Targets { get; } = [];

    /// <summary>What came of those that came through.</summary>
    public List<Peer> Peers { get; } = [];

    /// <summary>Who peers have proven to be; nobody when null.</summary>
    public PeerIdentity? Proves { get; set; }

    /// <summary>What a connection ends with; null lets it through.</summary>
    public Func<Exception?> Refuse { get; set; } = () => null;

    public Task StartAsync(IMessageSink sink, CancellationToken cancel) => inner.StartAsync(sink, cancel);

    public async ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel)
    {
        Targets.Add(target);
        if (Refuse() is { } no)
        {
            throw no;
        }
        var peer = await inner.ConnectAsync(target, cancel);
        ((SimPeer)peer).Proven = Proves ?? PeerIdentity.None;
        Peers.Add(peer);
        return peer;
    }

    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer) => inner.TryRestore(address, out peer);
    public ValueTask<DeliveryOutcome> SendAsync(Peer peer, CoapMessage message, Delivery delivery, CancellationToken cancel) => inner.SendAsync(peer, message, delivery, cancel);
    public ValueTask<bool> PingAsync(Peer peer, CancellationToken cancel) => inner.PingAsync(peer, cancel);
    public int Allowance(Peer peer) => inner.Allowance(peer);
    public void Prove(Peer peer) => inner.Prove(peer);
    public void Close(Peer peer) => inner.Close(peer);
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
