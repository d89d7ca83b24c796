using System.Diagnostics.Metrics;

namespace Starling.Transports;

/// <summary>What a <see cref="UdpChannel"/> has done since it was made. All of them only grow; the same numbers leave as the meter <c>Starling.Transports</c>.</summary>
public sealed class UdpCounters
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Starling.Transports";

    private long _received;
    private long _receivedBytes;
    private long _oversized;
    private long _unanswerable;
    private long _sinkFailures;
    private long _receiveErrors;
    private long _sent;
    private long _sentBytes;
    private long _sendsDropped;
    private long _sendErrors;
    private long _evicted;
    private long _localRefused;

    /// <summary>Datagrams that were handed to the sink.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Their bytes.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>Datagrams larger than <see cref="UdpSettings.MaxDatagram"/>: dropped.</summary>
    public long Oversized => Volatile.Read(ref _oversized);

    /// <summary>Datagrams from a source that nobody can answer (port 0): dropped.</summary>
    public long Unanswerable => Volatile.Read(ref _unanswerable);

    /// <summary>Datagrams at which the sink threw. That is an error in this program: it is logged.</summary>
    public long SinkFailures => Volatile.Read(ref _sinkFailures);

    /// <summary>Errors of the system while receiving. Receiving went on.</summary>
    public long ReceiveErrors => Volatile.Read(ref _receiveErrors);

    /// <summary>Datagrams that the system took.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Their bytes.</summary>
    public long SentBytes => Volatile.Read(ref _sentBytes);

    /// <summary>Datagrams that were not sent: the system had no room, the peer was gone or the channel closed.</summary>
    public long SendsDropped => Volatile.Read(ref _sendsDropped);

    /// <summary>Datagrams that the system refused: no route, too large, not permitted.</summary>
    public long SendErrors => Volatile.Read(ref _sendErrors);

    /// <summary>Peers that were forgotten to make room (<see cref="UdpSettings.MaxUnheldPeers"/>).</summary>
    public long Evicted => Volatile.Read(ref _evicted);

    /// <summary>Datagrams to an address of ours beyond <see cref="UdpSettings.MaxLocalAddresses"/>: they were taken, and the system chooses from where we answer.</summary>
    public long LocalRefused => Volatile.Read(ref _localRefused);

    internal void AddReceived(int count, long bytes)
    {
        Interlocked.Add(ref _received, count);
        Interlocked.Add(ref _receivedBytes, bytes);
    }

    internal void AddSent(int count, long bytes)
    {
        Interlocked.Add(ref _sent, count);
        Interlocked.Add(ref _sentBytes, bytes);
    }

    internal void AddOversized() => Interlocked.Increment(ref _oversized);

    internal void AddUnanswerable() => Interlocked.Increment(ref _unanswerable);

    internal void AddSinkFailure() => Interlocked.Increment(ref _sinkFailures);

    internal void AddReceiveError() => Interlocked.Increment(ref _receiveErrors);

    internal void AddSendsDropped(int count) => Interlocked.Add(ref _sendsDropped, count);

    internal void AddSendError() => Interlocked.Increment(ref _sendErrors);

    internal void AddEvicted() => Interlocked.Increment(ref _evicted);

    internal void AddLocalRefused() => Interlocked.Increment(ref _localRefused);

    /// <summary>Offers the counters to whoever listens to the meter.</summary>
    internal void Publish(Meter meter, KeyValuePair<string, object?> tag)
    {
        void Offer(string name, Func<long> read, string unit, string text) =>
            meter.CreateObservableCounter(name, () => new Measurement<long>(read(), tag), unit, text);

        Offer("udp.received", () => Received, "{datagram}", "Datagrams received.");
        Offer("udp.received.size", () => ReceivedBytes, "By", "Bytes received.");
        Offer("udp.received.oversized", () => Oversized, "{datagram}", "Datagrams dropped because they were too large.");
        Offer("udp.received.unanswerable", () => Unanswerable, "{datagram}", "Datagrams dropped because their source cannot be answered.");
        Offer("udp.sink.failures", () => SinkFailures, "{datagram}", "Datagrams at which the program failed.");
        Offer("udp.receive.errors", () => ReceiveErrors, "{error}", "Errors of the system while receiving.");
        Offer("udp.sent", () => Sent, "{datagram}", "Datagrams sent.");
        Offer("udp.sent.size", () => SentBytes, "By", "Bytes sent.");
        Offer("udp.send.dropped", () => SendsDropped, "{datagram}", "Datagrams dropped instead of waiting.");
        Offer("udp.send.errors", () => SendErrors, "{datagram}", "Datagrams that the system refused to send.");
        Offer("udp.peers.evicted", () => Evicted, "{peer}", "Peers forgotten to make room.");
        Offer("udp.local.refused", () => LocalRefused, "{datagram}", "Datagrams to one of too many local addresses.");
    }
}
