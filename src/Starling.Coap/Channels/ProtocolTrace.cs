namespace Starling.Coap;

/// <summary>
/// What was said on the wire, for people: a bounded ring a peer and one for strangers. Nothing is recorded for a layer that has none;
/// the oldest entries of all are dropped when the bytes of all rings pass the limit.
/// </summary>
public sealed class ProtocolTrace
{
    private const int MaxSkipped = 1024;
    private readonly Lock _lock = new();
    private readonly Queue<TraceRing> _order = new();
    private readonly TraceRing _strangers = new();
    private readonly TimeProvider _time;
    private readonly int _entriesPerPeer;
    private readonly long _maxBytes;
    private long _bytes;
    private int _skipped;
    private long _sequence;

    /// <summary>Makes an empty trace.</summary>
    /// <param name="time">What the entries' times are taken from.</param>
    /// <param name="entriesPerPeer">How many entries a peer keeps: 64.</param>
    /// <param name="maxBytes">How many bytes of datagrams are kept in all: 16 MiB.</param>
    public ProtocolTrace(TimeProvider time, int entriesPerPeer = 64, long maxBytes = 16 << 20)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(entriesPerPeer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        _time = time;
        _entriesPerPeer = entriesPerPeer;
        _maxBytes = maxBytes;
    }

    /// <summary>How many entries of all peers the order of age knows: for tests, which see by it that nothing grows.</summary>
    internal int OrderLength => _order.Count;

    /// <summary>Raised for every entry, on the thread that saw it: it must be quick and may not throw.</summary>
    public event Action<Peer, TraceEntry>? Recorded;

    /// <summary>Records a datagram or a message.</summary>
    public void Record(Peer peer, TraceDirection direction, TraceKind kind, ReadOnlySpan<byte> bytes, string? note = null)
    {
        ArgumentNullException.ThrowIfNull(peer);
        TraceEntry entry;
        lock (_lock)
        {
            entry = new TraceEntry(++_sequence, _time.GetUtcNow(), peer.Address, direction, kind, bytes.ToArray(), note);
            var ring = peer.IsHeld || peer.TraceState is not null ? (TraceRing)(peer.TraceState ??= new TraceRing()) : _strangers;
            Append(ring, entry);
        }
        Recorded?.Invoke(peer, entry);
    }

    /// <summary>The entries of a peer, oldest first.</summary>
    public IReadOnlyList<TraceEntry> For(Peer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        lock (_lock)
        {
            var own = peer.TraceState is TraceRing ring ? ring.Entries : [];
            return [.. _strangers.Entries.Where(e => e.Peer == peer.Address).Concat(own).OrderBy(e => e.Sequence)];
        }
    }

    /// <summary>The entries of those who are not registered, oldest first.</summary>
    public IReadOnlyList<TraceEntry> Strangers()
    {
        lock (_lock)
        {
            return [.. _strangers.Entries];
        }
    }

    // One ring's name in _order for each entry, oldest first: dropping the head of that ring drops the oldest entry of all.
    private void Append(TraceRing ring, TraceEntry entry)
    {
        ring.Entries.Enqueue(entry);
        _order.Enqueue(ring);
        _bytes += entry.Cost;
        if (ring.Entries.Count > _entriesPerPeer)
        {
            _bytes -= ring.Entries.Dequeue().Cost;
            ring.Skipped++;
            _skipped++;
        }
        while (_bytes > _maxBytes && _order.TryDequeue(out var oldest))
        {
            if (!Skip(oldest) && oldest.Entries.TryDequeue(out var dropped))
            {
                _bytes -= dropped.Cost;
            }
        }
        if (_skipped > MaxSkipped && _skipped > _order.Count / 2)
        {
            Compact();
        }
    }

    // A ring that overflows drops its oldest entry itself; the name that the entry has in _order stays behind until it comes up, or until there are
    // more of those than of others.
    private bool Skip(TraceRing ring)
    {
        if (ring.Skipped == 0)
        {
            return false;
        }
        ring.Skipped--;
        _skipped--;
        return true;
    }

    private void Compact()
    {
        for (var i = _order.Count; i > 0; i--)
        {
            var ring = _order.Dequeue();
            if (!Skip(ring))
            {
                _order.Enqueue(ring);
            }
        }
    }

    private sealed class TraceRing
    {
        public readonly Queue<TraceEntry> Entries = new();
        public int Skipped;
    }
}

/// <summary>One thing that was seen.</summary>
/// <param name="Sequence">Grows by one an entry, over all peers.</param>
/// <param name="At">When.</param>
/// <param name="Peer">The peer's address at that time.</param>
/// <param name="Direction">To us or from us.</param>
/// <param name="Kind">What it was to the layer that recorded it.</param>
/// <param name="Bytes">The plain bytes; empty where there are none.</param>
/// <param name="Note">Why, where there is a why.</param>
public sealed record TraceEntry(
    long Sequence, DateTimeOffset At, PeerAddress Peer, TraceDirection Direction, TraceKind Kind, ReadOnlyMemory<byte> Bytes, string? Note)
{
    internal int Cost => Bytes.Length + 160;
}

/// <summary>Which way it went.</summary>
public enum TraceDirection : byte
{
    /// <summary>To us.</summary>
    Received,
    /// <summary>From us.</summary>
    Sent,
}

/// <summary>What a datagram was.</summary>
public enum TraceKind : byte
{
    /// <summary>Seen or sent for the first time.</summary>
    First,
    /// <summary>Sent again because no acknowledgement came.</summary>
    Retransmission,
    /// <summary>Had been received before.</summary>
    Duplicate,
    /// <summary>Not used or not sent; the note says why.</summary>
    Dropped,
    /// <summary>No datagram: something that happened, told by the note.</summary>
    Event,
}
