namespace Starling.Platform;

/// <summary>The last handshakes of one device, or of all strangers together. Under the lock of <see cref="HandshakeLog"/>.</summary>
internal sealed class HandshakeRing(int limit)
{
    private readonly Queue<HandshakeEntry> _entries = new();

    /// <summary>The number of the last one.</summary>
    public long Last { get; private set; }

    public IEnumerable<HandshakeEntry> Entries => _entries;

    /// <summary>Takes one. False when the oldest had to go for it.</summary>
    public bool Add(HandshakeEntry entry)
    {
        Last = entry.Number;
        _entries.Enqueue(entry);
        if (_entries.Count <= limit)
        {
            return true;
        }
        _entries.Dequeue();
        return false;
    }
}
