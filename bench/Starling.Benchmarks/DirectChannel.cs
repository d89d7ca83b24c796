using System.Diagnostics.CodeAnalysis;
using Starling.Coap;

namespace Starling.Benchmarks;

/// <summary>Two channels joined by a queue, on one thread: what is left when the network costs nothing.</summary>
internal sealed class DirectChannel : IDatagramChannel
{
    private readonly Queue<(byte[] Buffer, int Length)> _inbox = new();
    private readonly Stack<byte[]> _spare = new();
    private readonly DirectPeer _peer = new();
    private DirectChannel _other = null!;
    private IDatagramSink _sink = null!;

    public static (DirectChannel, DirectChannel) Pair()
    {
        var (a, b) = (new DirectChannel(), new DirectChannel());
        (a._other, b._other) = (b, a);
        return (a, b);
    }

    /// <summary>Delivers until both sides are silent.</summary>
    public void Drain()
    {
        while (Step() | _other.Step())
        {
        }
    }

    public Task StartAsync(IDatagramSink sink, CancellationToken cancel)
    {
        _sink = sink;
        return Task.CompletedTask;
    }

    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel) => new(_peer);

    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer) => (peer = address == _peer.Address ? _peer : null) is not null;

    public SendOutcome Send(Peer peer, ReadOnlySpan<byte> datagram)
    {
        var buffer = _other._spare.TryPop(out var spare) ? spare : new byte[2048];
        datagram.CopyTo(buffer);
        _other._inbox.Enqueue((buffer, datagram.Length));
        return SendOutcome.Queued;
    }

    public void Close(Peer peer) { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool Step()
    {
        if (!_inbox.TryDequeue(out var datagram))
        {
            return false;
        }
        _sink.OnDatagram(_peer, datagram.Buffer.AsSpan(0, datagram.Length));
        _spare.Push(datagram.Buffer);
        return true;
    }

    private sealed class DirectPeer : Peer
    {
        public override PeerAddress Address => new("direct", "other");

        public override bool AddressMayBeForged => false;
    }
}
