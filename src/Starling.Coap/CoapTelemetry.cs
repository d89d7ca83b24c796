using System.Diagnostics.Metrics;

namespace Starling.Coap;

/// <summary>What CoAP counts: everything that was refused, repeated or given up. Share one among endpoints to count them together.</summary>
public sealed class CoapTelemetry
{
    private long _malformed, _resets, _duplicates, _retransmissions, _givenUp, _forgottenReplies, _unproven, _queueFull;
    private long _busy, _badOptions, _unknownTokens, _wrongTokens, _transfersRefused, _transfersExpired, _handlerFailures, _stale, _pendingFull;

    /// <summary>Counts without publishing.</summary>
    public CoapTelemetry() { }

    /// <summary>Counts and publishes the counts as instruments of the meter <c>Starling.Coap</c>.</summary>
    public CoapTelemetry(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create("Starling.Coap");
        Publish("coap.datagram.malformed", () => Malformed, "{datagram}");
        Publish("coap.datagram.resets", () => Resets, "{datagram}");
        Publish("coap.exchange.duplicates", () => Duplicates, "{message}");
        Publish("coap.exchange.retransmits", () => Retransmissions, "{message}");
        Publish("coap.exchange.given_up", () => GivenUp, "{exchange}");
        Publish("coap.exchange.forgotten_replies", () => ForgottenReplies, "{reply}");
        Publish("coap.exchange.refused_unproven", () => RefusedUnproven, "{message}");
        Publish("coap.exchange.queue_full", () => QueueFull, "{message}");
        Publish("coap.exchange.stale", () => Stale, "{message}");
        Publish("coap.request.busy", () => Busy, "{request}");
        Publish("coap.request.pending_full", () => PendingFull, "{request}");
        Publish("coap.request.bad_options", () => BadOptions, "{message}");
        Publish("coap.request.failures", () => HandlerFailures, "{request}");
        Publish("coap.response.unknown_tokens", () => UnknownTokens, "{message}");
        Publish("coap.response.wrong_tokens", () => WrongTokens, "{message}");
        Publish("coap.blockwise.refused", () => TransfersRefused, "{transfer}");
        Publish("coap.blockwise.expired", () => TransfersExpired, "{transfer}");

        void Publish(string name, Func<long> read, string unit) => meter.CreateObservableCounter(name, read, unit);
    }

    /// <summary>Datagrams that are no message.</summary>
    public long Malformed => Volatile.Read(ref _malformed);
    /// <summary>Resets that were sent.</summary>
    public long Resets => Volatile.Read(ref _resets);
    /// <summary>Messages that had been received before.</summary>
    public long Duplicates => Volatile.Read(ref _duplicates);
    /// <summary>Messages that were sent again.</summary>
    public long Retransmissions => Volatile.Read(ref _retransmissions);
    /// <summary>Exchanges that ended without an acknowledgement.</summary>
    public long GivenUp => Volatile.Read(ref _givenUp);
    /// <summary>Replies that were forgotten before their time to keep to <see cref="CoapSettings.ReliabilitySettings.RememberedReplyBytes"/>.</summary>
    public long ForgottenReplies => Volatile.Read(ref _forgottenReplies);
    /// <summary>Messages that were not sent because the peer's address is not proven.</summary>
    public long RefusedUnproven => Volatile.Read(ref _unproven);
    /// <summary>Messages that were not sent because too many wait for the peer.</summary>
    public long QueueFull => Volatile.Read(ref _queueFull);
    /// <summary>Requests of ours that were not sent because too many are open.</summary>
    public long PendingFull => Volatile.Read(ref _pendingFull);
    /// <summary>Requests that were answered 5.03, and notifications that were left without acknowledgement, because too many are being handled.</summary>
    public long Busy => Volatile.Read(ref _busy);
    /// <summary>Messages with an option that is critical and unknown, or of a wrong length.</summary>
    public long BadOptions => Volatile.Read(ref _badOptions);
    /// <summary>Responses whose token is nobody's.</summary>
    public long UnknownTokens => Volatile.Read(ref _unknownTokens);
    /// <summary>Acknowledgements whose response has another token than the request.</summary>
    public long WrongTokens => Volatile.Read(ref _wrongTokens);
    /// <summary>Block-wise transfers that were refused for a limit.</summary>
    public long TransfersRefused => Volatile.Read(ref _transfersRefused);
    /// <summary>Block-wise transfers that ended because nothing came any more.</summary>
    public long TransfersExpired => Volatile.Read(ref _transfersExpired);
    /// <summary>Requests whose handler failed: 5.00.</summary>
    public long HandlerFailures => Volatile.Read(ref _handlerFailures);
    /// <summary>Acknowledgements and Resets that belong to nothing that is open.</summary>
    public long Stale => Volatile.Read(ref _stale);

    internal void CountMalformed() => Interlocked.Increment(ref _malformed);
    internal void CountReset() => Interlocked.Increment(ref _resets);
    internal void CountDuplicate() => Interlocked.Increment(ref _duplicates);
    internal void CountRetransmission() => Interlocked.Increment(ref _retransmissions);
    internal void CountGivenUp() => Interlocked.Increment(ref _givenUp);
    internal void CountForgottenReply() => Interlocked.Increment(ref _forgottenReplies);
    internal void CountUnproven() => Interlocked.Increment(ref _unproven);
    internal void CountQueueFull() => Interlocked.Increment(ref _queueFull);
    internal void CountBusy() => Interlocked.Increment(ref _busy);
    internal void CountBadOption() => Interlocked.Increment(ref _badOptions);
    internal void CountUnknownToken() => Interlocked.Increment(ref _unknownTokens);
    internal void CountWrongToken() => Interlocked.Increment(ref _wrongTokens);
    internal void CountTransferRefused() => Interlocked.Increment(ref _transfersRefused);
    internal void CountTransferExpired() => Interlocked.Increment(ref _transfersExpired);
    internal void CountHandlerFailure() => Interlocked.Increment(ref _handlerFailures);
    internal void CountPendingFull() => Interlocked.Increment(ref _pendingFull);
    internal void CountStale() => Interlocked.Increment(ref _stale);
}
