namespace Starling.Coap;

/// <summary>A block-wise transfer that a peer drives: a body that it sends, or one that it fetches. It is due when nothing has come for too long.</summary>
internal abstract class Transfer(Transfers owner, Peer peer, CoapCode code, CoapOptions key, ReadOnlyMemory<byte> keyPayload) : WheelTimer
{
    public Peer Peer => peer;

    /// <summary>Bytes that this transfer holds, as counted against the limit. The lock of the peer's <see cref="PeerRequests"/> guards it.</summary>
    public long Bytes;

    /// <summary>It has ended and holds nothing more. Guarded as <see cref="Bytes"/>.</summary>
    public bool IsGone;

    public bool IsSameAs(Transfer other) => GetType() == other.GetType() && other.IsFor(code, key, keyPayload.Span);

    public bool IsFor(CoapCode otherCode, CoapOptions otherKey, ReadOnlySpan<byte> otherPayload) =>
        code == otherCode && key.Equals(otherKey) && keyPayload.Span.SequenceEqual(otherPayload);

    /// <summary>The transfer ended before its last block.</summary>
    public virtual void Abort() { }

    protected internal override void OnDue() => owner.Expire(this);
}
