namespace Starling.Coap;

/// <summary>
/// The last messages of one peer and what was answered to each (RFC 7252 §4.2, §4.5): oldest first, in an array that grows to its limit.
/// A message that is still being worked on is never forgotten: its copy would be carried out a second time.
/// </summary>
internal struct DuplicateWindow
{
    private Entry[]? _entries;
    private byte _count;

    /// <summary>How the message was answered.</summary>
    public enum Fate : byte
    {
        /// <summary>Not yet: a duplicate is left alone.</summary>
        Pending,
        /// <summary>With an empty acknowledgement; the response is still to come.</summary>
        Promised,
        /// <summary>Nothing goes back.</summary>
        Silent,
        /// <summary>With an empty acknowledgement.</summary>
        Acknowledged,
        /// <summary>With a Reset.</summary>
        Reset,
        /// <summary>With a reply that the <see cref="ReplyLog"/> keeps.</summary>
        Replied,
    }

    /// <summary>How many message ids are remembered.</summary>
    public readonly int Count => _count;

    /// <summary>Looks for a message that is not older than <paramref name="lifetime"/> seconds.</summary>
    public readonly bool TryFind(MessageKey message, uint second, uint lifetime, out Entry found)
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            ref var entry = ref _entries![i];
            if (entry.Key == message && second - entry.Second < lifetime)
            {
                found = entry;
                return true;
            }
        }
        found = default;
        return false;
    }

    /// <summary>
    /// Remembers a message. It takes the place of an expired one, else a new place up to <paramref name="limit"/>, else that of the oldest
    /// which is not being worked on; when all are, it is not remembered.
    /// </summary>
    public void Add(MessageKey message, uint second, uint lifetime, int limit)
    {
        if (_count > 0 && (second - _entries![0].Second >= lifetime || _count >= limit) && !MakeRoom(second, lifetime))
        {
            return;
        }
        if (_entries is null)
        {
            _entries = new Entry[1];
        }
        else if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Min(limit, _count * 2));
        }
        _entries[_count++] = new Entry { Id = message.Id, Mark = message.Mark, Second = second, Position = -1 };
    }

    /// <summary>Says how a remembered message was answered.</summary>
    public readonly void Settle(MessageKey message, Fate fate, long position = -1)
    {
        if (IndexOf(message) is var at and >= 0)
        {
            _entries![at].Fate = fate;
            _entries[at].Position = position;
        }
    }

    /// <summary>As if the message had never come: the next copy of it is looked at anew.</summary>
    public void Forget(MessageKey message)
    {
        if (IndexOf(message) is var at and >= 0)
        {
            RemoveAt(at);
        }
    }

    private readonly int IndexOf(MessageKey message)
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            if (_entries![i].Key == message)
            {
                return i;
            }
        }
        return -1;
    }

    private bool MakeRoom(uint second, uint lifetime)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var entry = ref _entries![i];
            if (entry.Fate > Fate.Promised || second - entry.Second >= lifetime)
            {
                RemoveAt(i);
                return true;
            }
        }
        return false;
    }

    private void RemoveAt(int at)
    {
        _count--;
        Array.Copy(_entries!, at + 1, _entries!, at, _count - at);
    }

    internal struct Entry
    {
        public ushort Id;
        public byte Mark;
        public Fate Fate;
        public uint Second;
        public long Position;

        public readonly MessageKey Key => new(Id, Mark);
    }
}
