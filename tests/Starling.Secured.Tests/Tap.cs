using System.Diagnostics.CodeAnalysis;
using Starling.Coap;
using Starling.Testing;

namespace Starling.Secured.Tests;

/// <summary>Stands between a channel and the simulated network, so that a test delivers on threads of its own.</summary>
internal sealed class Tap(SimChannel network) : IDatagramChannel
{
    private IDatagramSink? _above;

    /// <summary>Delivers a datagram as if it came from an address.</summary>
    public void Deliver(string from, ReadOnlyMemory<byte> datagram) => _above!.OnDatagram(network.PeerAt(from), datagram.ToArray());

    /// <summary>Whether something above holds the peer at an address.</summary>
    public bool IsHeld(string address) => network.PeerAt(address).IsHeld;

    public Task StartAsync(IDatagramSink sink, CancellationToken cancel)
    {
        _above = sink;
        return network.StartAsync(sink, cancel);
    }

    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel) => network.ConnectAsync(target, cancel);

    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer) => network.TryRestore(address, out peer);

    public SendOutcome Send(Peer peer, ReadOnlySpan<byte> datagram) => network.Send(peer, datagram);

    public void Close(Peer peer) => network.Close(peer);

    public ValueTask DisposeAsync() => network.DisposeAsync();
}
