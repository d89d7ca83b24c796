namespace Starling.Coap;

/// <summary>The last message ids of one peer and what was answered to each (RFC 7252 §4.2, §4.5). Newest first in a ring that grows to its limit.</summary>
internal struct DuplicateWindow
{
    private Entry[]? _ring;
    private byte _newest;
    private byte _count;

    /// <summary>How the message was answered.</summary>
    public enum Fate : byte
    {
        /// <summary>Not yet: a duplicate is left alone.</summary>
        Pending,
        /// <summary>Nothing goes back.</summary>
        Silent,
        /// <summary>With an empty acknowledgement.</summary>
        Acknowledged,
        /// <summary>With a Reset.</summary>
        Reset,
        /// <summary>With a reply that the <see cref="ReplyLog"/> keeps.</summary>
        Replied,
    }

    /// <summary>Looks for a message id that is not older than <paramref name="lifetime"/> seconds.</summary>
    public readonly bool TryFind(ushort messageId, uint second, uint lifetime, out Entry found)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var entry = ref _ring![(_newest - i) & (_ring.Length - 1)];
            if (entry.MessageId == messageId && second - entry.Second < lifetime)
            {
                found = entry;
                return true;
            }
        }
        found = default;
        return false;
    }

    /// <summary>Remembers a message id; the oldest one goes when <paramref name="limit"/> are there.</summary>
    public void Add(ushort messageId, Fate fate, uint second, int limit)
    {
        if (_ring is null)
        {
            _ring = new Entry[1];
        }
        else if (_count == _ring.Length && _ring.Length < limit)
        {
            Grow();
        }
        _newest = (byte)((_newest + 1) & (_ring.Length - 1));
        _count = (byte)Math.Min(_count + 1, _ring.Length);
        _ring[_newest] = new Entry { MessageId = messageId, Fate = fate, Second = second, Position = -1 };
    }

    /// <summary>Says how a remembered message was answered.</summary>
    public readonly void Settle(ushort messageId, Fate fate, long position = -1)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var entry = ref _ring![(_newest - i) & (_ring.Length - 1)];
            if (entry.MessageId == messageId)
            {
                entry.Fate = fate;
                entry.Position = position;
                return;
            }
        }
    }

    /// <summary>As if the message had never come: the next copy of it is looked at anew.</summary>
    public readonly void Forget(ushort messageId)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var entry = ref _ring![(_newest - i) & (_ring.Length - 1)];
            if (entry.MessageId == messageId)
            {
                // Far enough back in time to be expired at any moment.
                entry.Second -= uint.MaxValue / 2;
                return;
            }
        }
    }

    private void Grow()
    {
        var larger = new Entry[_ring!.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            larger[_count - 1 - i] = _ring[(_newest - i) & (_ring.Length - 1)];
        }
        _ring = larger;
        _newest = (byte)(_count - 1);
    }

    internal struct Entry
    {
        public ushort MessageId;
        public Fate Fate;
        public uint Second;
        public long Position;
    }
}
