namespace Starling.Coap;

/// <summary>The message ids of the last non-confirmable notifications to a peer: it may still refuse one by Reset (RFC 7641 §3.6).</summary>
internal struct SentNotifications
{
    private (ushort MessageId, CoapToken Token)[]? _ring;
    private byte _next;
    private byte _count;

    public void Add(ushort messageId, CoapToken token, int limit)
    {
        if (limit <= 0)
        {
            return;
        }
        _ring ??= new (ushort, CoapToken)[Math.Min(limit, byte.MaxValue)];
        _ring[_next] = (messageId, token);
        _next = (byte)((_next + 1) % _ring.Length);
        _count = (byte)Math.Min(_count + 1, _ring.Length);
    }

    public readonly bool TryFind(ushort messageId, out CoapToken token)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_ring![i].MessageId == messageId)
            {
                token = _ring[i].Token;
                return true;
            }
        }
        token = default;
        return false;
    }
}
