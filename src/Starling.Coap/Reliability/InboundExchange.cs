namespace Starling.Coap;

/// <summary>
/// A peer's request whose answer takes its time. When half a second has passed it gets an empty acknowledgement,
/// and the answer goes out as a message of its own (RFC 7252 §5.2.2).
/// </summary>
internal sealed class InboundExchange(InboundExchanges owner, PeerLink link, MessageType type, ushort messageId, CoapToken token) : WheelTimer
{
    public PeerLink Link => link;
    public MessageType Type => type;
    public ushort MessageId => messageId;
    public CoapToken Token => token;

    /// <summary>The empty acknowledgement has gone out. Guarded by the link's lock, as is <see cref="Answered"/>.</summary>
    public bool Acknowledged;
    public bool Answered;

    protected internal override void OnDue() => owner.OnDue(this);
}
