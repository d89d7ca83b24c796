using System.Diagnostics.Metrics;

namespace Starling.Transports;

/// <summary>What a <see cref="DtlsChannel"/> has done since it was made. All of them only grow; the same numbers leave as the meter <c>Starling.Transports</c>.</summary>
public sealed class DtlsCounters
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Starling.Transports";

    private long _established;
    private long _failed;
    private long _answered;
    private long _unknown;
    private long _discarded;
    private long _handshakesRefused;
    private long _handshakesEvicted;
    private long _queriesRefused;
    private long _workRefused;
    private long _evicted;
    private long _replaced;
    private long _moved;
    private long _restored;
    private long _sendsDropped;

    /// <summary>Handshakes that ended in a session.</summary>
    public long Established => Volatile.Read(ref _established);

    /// <summary>Handshakes that were begun and ended without a session.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>First hellos that were answered with a cookie, without any state.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Datagrams that belong to no session and begin none: dropped.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    /// <summary>Records of a session that could not be used: forged, repeated, too old or malformed.</summary>
    public long Discarded => Volatile.Read(ref _discarded);

    /// <summary>Hellos that were dropped because of <see cref="DtlsChannelSettings.MaxHandshakes"/> or <see cref="DtlsChannelSettings.MaxSessions"/>.</summary>
    public long HandshakesRefused => Volatile.Read(ref _handshakesRefused);

    /// <summary>Handshakes that were given up to make room for others (<see cref="DtlsChannelSettings.MaxHandshakes"/>).</summary>
    public long HandshakesEvicted => Volatile.Read(ref _handshakesEvicted);

    /// <summary>Handshakes that ended because of <see cref="DtlsChannelSettings.MaxQueries"/>.</summary>
    public long QueriesRefused => Volatile.Read(ref _queriesRefused);

    /// <summary>Handshakes that ended because of <see cref="DtlsChannelSettings.MaxWaitingWork"/>.</summary>
    public long WorkRefused => Volatile.Read(ref _workRefused);

    /// <summary>Sessions that were forgotten to make room (<see cref="DtlsChannelSettings.MaxSessions"/>).</summary>
    public long Evicted => Volatile.Read(ref _evicted);

    /// <summary>Sessions that ended because their peer made a new one from the same address.</summary>
    public long Replaced => Volatile.Read(ref _replaced);

    /// <summary>How often a session went on from another address.</summary>
    public long Moved => Volatile.Read(ref _moved);

    /// <summary>Sessions that were taken up from a store.</summary>
    public long Restored => Volatile.Read(ref _restored);

    /// <summary>Datagrams that were not sent: the session had ended, or the channel below dropped them.</summary>
    public long SendsDropped => Volatile.Read(ref _sendsDropped);

    internal void AddEstablished() => Interlocked.Increment(ref _established);

    internal void AddFailed() => Interlocked.Increment(ref _failed);

    internal void AddAnswered() => Interlocked.Increment(ref _answered);

    internal void AddUnknown() => Interlocked.Increment(ref _unknown);

    internal void AddDiscarded() => Interlocked.Increment(ref _discarded);

    internal void AddHandshakeRefused() => Interlocked.Increment(ref _handshakesRefused);

    internal void AddHandshakeEvicted() => Interlocked.Increment(ref _handshakesEvicted);

    internal void AddQueryRefused() => Interlocked.Increment(ref _queriesRefused);

    internal void AddWorkRefused() => Interlocked.Increment(ref _workRefused);

    internal void AddEvicted() => Interlocked.Increment(ref _evicted);

    internal void AddReplaced() => Interlocked.Increment(ref _replaced);

    internal void AddMoved() => Interlocked.Increment(ref _moved);

    internal void AddRestored() => Interlocked.Increment(ref _restored);

    internal void AddSendDropped() => Interlocked.Increment(ref _sendsDropped);

    /// <summary>Offers the counters to whoever listens to the meter.</summary>
    internal void Publish(Meter meter)
    {
        void Offer(string name, Func<long> read, string unit, string text) => meter.CreateObservableCounter(name, () => read(), unit, text);

        Offer("dtls.handshakes", () => Established, "{handshake}", "Handshakes that ended in a session.");
        Offer("dtls.handshakes.failed", () => Failed, "{handshake}", "Handshakes that ended without a session.");
        Offer("dtls.handshakes.refused", () => HandshakesRefused, "{handshake}", "Hellos dropped because too many handshakes were open.");
        Offer("dtls.handshakes.evicted", () => HandshakesEvicted, "{handshake}", "Handshakes given up to make room for others.");
        Offer("dtls.hellos.answered", () => Answered, "{datagram}", "First hellos answered with a cookie.");
        Offer("dtls.received.unknown", () => Unknown, "{datagram}", "Datagrams that belong to no session.");
        Offer("dtls.received.discarded", () => Discarded, "{record}", "Records that could not be used.");
        Offer("dtls.queries.refused", () => QueriesRefused, "{handshake}", "Handshakes ended because too many credentials were being looked up.");
        Offer("dtls.work.refused", () => WorkRefused, "{handshake}", "Handshakes ended because too much public-key work waited.");
        Offer("dtls.sessions.evicted", () => Evicted, "{session}", "Sessions forgotten to make room.");
        Offer("dtls.sessions.replaced", () => Replaced, "{session}", "Sessions replaced by a new one of their peer.");
        Offer("dtls.sessions.moved", () => Moved, "{session}", "Sessions that went on from another address.");
        Offer("dtls.sessions.restored", () => Restored, "{session}", "Sessions taken up from a store.");
        Offer("dtls.send.dropped", () => SendsDropped, "{datagram}", "Datagrams that were not sent.");
    }
}
