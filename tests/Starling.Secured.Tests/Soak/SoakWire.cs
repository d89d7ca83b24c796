using System.Diagnostics.CodeAnalysis;
using Starling.Coap;

namespace Starling.Secured.Tests.Soak;

/// <summary>What is below a server that strangers speak to: it knows none of them, keeps nothing and delivers at once.</summary>
internal sealed class SoakWire : IDatagramChannel
{
    private IDatagramSink? _sink;

    /// <summary>A stranger's datagram arrives.</summary>
    public void Deliver(Stranger from, ReadOnlySpan<byte> datagram) => _sink!.OnDatagram(from, datagram.ToArray());

    public Task StartAsync(IDatagramSink sink, CancellationToken cancel)
    {
        _sink = sink;
        return Task.CompletedTask;
    }

    public SendOutcome Send(Peer peer, ReadOnlySpan<byte> datagram)
    {
        ((Stranger)peer).Receives(datagram);
        return SendOutcome.Sent;
    }

    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel) => throw new NotSupportedException("A server dials nobody.");

    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer)
    {
        peer = null;
        return false;
    }

    public void Close(Peer peer) { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
