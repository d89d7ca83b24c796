using System.Threading.Tasks.Sources;

namespace Starling.Coap;

/// <summary>
/// One of our confirmable messages from the send to its acknowledgement (RFC 7252 §4.2). Pooled: the buffer and the awaitable are used again.
/// <code>
/// Idle ──▶ Queued ──▶ Open ──▶ Settled ──▶ Idle
///             └──────────────────▲
/// </code>
/// </summary>
internal sealed class Exchange : WheelTimer, IValueTaskSource<DeliveryOutcome>
{
    private readonly OutboundExchanges _owner;
    private ManualResetValueTaskSourceCore<DeliveryOutcome> _source = new() { RunContinuationsAsynchronously = true };

    public Exchange(OutboundExchanges owner) => _owner = owner;

    public enum Phase : byte { Idle, Queued, Open, Settled }

    public enum Content : byte { Ping, Request, Response, Notification }

    public PeerLink? Link;
    public Phase State;
    public Content Carries;

    /// <summary>Of a request ours; of a response or notification the peer's own.</summary>
    public CoapToken Token;
    public ushort MessageId;
    public byte[] Buffer = [];
    public int Length;
    public int Retransmissions;
    public TimeSpan Timeout;
    public bool HasAwaiter;
    public CancellationTokenRegistration Cancellation;

    /// <summary>The neighbours among the open or the queued exchanges of the peer.</summary>
    public Exchange? NextOfPeer;
    public Exchange? PreviousOfPeer;

    public ValueTask<DeliveryOutcome> Task => new(this, _source.Version);

    /// <summary>Tells the outcome and lets go of the peer: outside of the link's lock, for that may cost another peer its place.</summary>
    public void Complete(DeliveryOutcome outcome)
    {
        var peer = Link!.Peer;
        if (HasAwaiter)
        {
            _source.SetResult(outcome);
        }
        else
        {
            _owner.Recycle(this);
        }
        peer.Release();
    }

    public void Abandon() => _owner.Abandon(this);

    public DeliveryOutcome GetResult(short token)
    {
        var outcome = _source.GetResult(token);
        Cancellation.Dispose();
        Cancellation = default;
        _source.Reset();
        _owner.Recycle(this);
        return outcome;
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected internal override void OnDue() => _owner.OnDue(this);
}
