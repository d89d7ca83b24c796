namespace Starling.Coap;

/// <summary>The message ids of the last non-confirmable notifications to a peer: it may still refuse one by Reset (RFC 7641 §3.6).</summary>
internal struct SentNotifications
{
    private (ushort MessageId, CoapToken Token)[]? _ring;
    private int _next;

    public void Add(ushort messageId, CoapToken token, int limit)
    {
        if (limit == 0)
        {
            return;
        }
        _ring ??= new (ushort, CoapToken)[limit];
        _ring[_next] = (messageId, token);
        _next = (_next + 1) % _ring.Length;
    }

    public readonly bool TryFind(ushort messageId, out CoapToken token)
    {
        foreach (var (id, sent) in _ring ?? [])
        {
            if (id == messageId && sent.Length > 0)
            {
                token = sent;
                return true;
            }
        }
        token = default;
        return false;
    }
}
