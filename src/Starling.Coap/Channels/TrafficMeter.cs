using System.Diagnostics.CodeAnalysis;

namespace Starling.Coap;

/// <summary>Counts what goes through a channel of datagrams, and changes nothing: what a device tells of its traffic comes from here.</summary>
/// <param name="inner">The channel; disposed with the meter.</param>
public sealed class TrafficMeter(IDatagramChannel inner) : IDatagramChannel
{
    private long _sentBytes, _sentMessages, _receivedBytes, _receivedMessages;
    private int _largest;

    /// <summary>The bytes of all datagrams that were sent.</summary>
    public long SentBytes => Volatile.Read(ref _sentBytes);

    /// <summary>How many datagrams were sent.</summary>
    public long SentMessages => Volatile.Read(ref _sentMessages);

    /// <summary>The bytes of all datagrams that came.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>How many datagrams came.</summary>
    public long ReceivedMessages => Volatile.Read(ref _receivedMessages);

    /// <summary>The size of the largest datagram since <see cref="ForgetLargest"/>, in bytes.</summary>
    public int LargestMessage => Volatile.Read(ref _largest);

    /// <summary>Begins anew to look for the largest datagram.</summary>
    public void ForgetLargest() => Volatile.Write(ref _largest, 0);

    /// <inheritdoc/>
    public Task StartAsync(IDatagramSink sink, CancellationToken cancel) => inner.StartAsync(new Sink(this, sink), cancel);

    /// <inheritdoc/>
    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel) => inner.ConnectAsync(target, cancel);

    /// <inheritdoc/>
    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer) => inner.TryRestore(address, out peer);

    /// <inheritdoc/>
    public SendOutcome Send(Peer peer, ReadOnlySpan<byte> datagram)
    {
        var outcome = inner.Send(peer, datagram);
        if (outcome != SendOutcome.Dropped)
        {
            Count(ref _sentBytes, ref _sentMessages, datagram.Length);
        }
        return outcome;
    }

    /// <inheritdoc/>
    public void Close(Peer peer) => inner.Close(peer);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Count(ref long bytes, ref long messages, int length)
    {
        Interlocked.Add(ref bytes, length);
        Interlocked.Increment(ref messages);
        var largest = LargestMessage;
        while (length > largest)
        {
            largest = Interlocked.CompareExchange(ref _largest, length, largest) is var seen && seen == largest ? length : seen;
        }
    }

    private sealed class Sink(TrafficMeter meter, IDatagramSink sink) : IDatagramSink
    {
        public void OnDatagram(Peer peer, Span<byte> datagram)
        {
            meter.Count(ref meter._receivedBytes, ref meter._receivedMessages, datagram.Length);
            sink.OnDatagram(peer, datagram);
        }

        public void OnPeerMoved(Peer peer, PeerAddress from) => sink.OnPeerMoved(peer, from);

        public void OnPeerLost(Peer peer, PeerLoss loss) => sink.OnPeerLost(peer, loss);
    }
}
