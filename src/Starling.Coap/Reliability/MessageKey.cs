namespace Starling.Coap;

/// <summary>
/// What tells a peer's messages apart: the message id, and a mark of the token. A copy has both (RFC 7252 §4.2); what has the same id and another token
/// is another message, of a device that has restarted or one that has got the other's port.
/// </summary>
internal readonly record struct MessageKey(ushort Id, byte Mark)
{
    public static MessageKey Of(ushort id, CoapToken token) => new(id, (byte)((token.Bits * 0x9e3779b97f4a7c15) >> 56));

    /// <summary>A message without a token.</summary>
    public static implicit operator MessageKey(ushort id) => new(id, 0);
}
