using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Starling.Lwm2m;

/// <summary>
/// Link lists that were read before. A fleet registers the same few lists over and over: one that is known costs a hash and a compare, and all its
/// devices share one <see cref="LinkList"/>. Bounded, without locks, for any number of threads.
/// </summary>
public sealed class LinkListCache
{
    private const int Ways = 4;   // places that one hash may take

    private readonly Entry?[] _entries;
    private readonly LinkLimits _limits;
    private readonly int _maxBytes;
    private long _hits;
    private long _misses;
    private long _evictions;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="capacity">How many lists are kept, rounded up to a power of two of at least 4; 1024 by default.</param>
    /// <param name="maxBytes">The longest list that is kept; longer ones are read each time. 8192 by default, so at worst about 40 MB by default.</param>
    /// <param name="limits">The limits of reading; null for <see cref="LinkLimits.Standard"/>.</param>
    public LinkListCache(int capacity = 1024, int maxBytes = 8192, LinkLimits? limits = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        _entries = new Entry?[Math.Max(Ways, (int)BitOperations.RoundUpToPowerOf2((uint)capacity))];
        _limits = limits ?? LinkLimits.Standard;
        _maxBytes = maxBytes;
    }

    /// <summary>How many lists were known.</summary>
    public long Hits => Volatile.Read(ref _hits);

    /// <summary>How many lists had to be read.</summary>
    public long Misses => Volatile.Read(ref _misses);

    /// <summary>How many lists gave way to others.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>The list of these bytes, as <see cref="LinkList.TryParse"/> reads it.</summary>
    public bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out LinkList? list)
    {
        if (utf8.Length > _maxBytes)
        {
            Interlocked.Increment(ref _misses);
            return LinkList.TryParse(utf8, out list, _limits);
        }
        var hash = Hash(utf8);
        var ways = _entries.AsSpan((hash & ((_entries.Length / Ways) - 1)) * Ways, Ways);
        if (TryFind(ways, hash, utf8, out list))
        {
            Interlocked.Increment(ref _hits);
            return true;
        }
        Interlocked.Increment(ref _misses);
        if (!LinkList.TryParse(utf8, out list, _limits))
        {
            return false;
        }
        Keep(ways, new Entry(hash, utf8.ToArray(), list));
        return true;
    }

    private static bool TryFind(Span<Entry?> ways, int hash, ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out LinkList? list)
    {
        foreach (ref var way in ways)
        {
            if (Volatile.Read(ref way) is { } entry && entry.Hash == hash && utf8.SequenceEqual(entry.Utf8))
            {
                entry.IsUsed = true;
                list = entry.List;
                return true;
            }
        }
        list = null;
        return false;
    }

    /// <summary>Second chance: takes a free place, else one that was not asked for since the last look, so a flood of odd lists does not drive out a fleet's.</summary>
    private void Keep(Span<Entry?> ways, Entry entry)
    {
        foreach (ref var way in ways)
        {
            if (Interlocked.CompareExchange(ref way, entry, null) is null)
            {
                return;
            }
        }
        Interlocked.Increment(ref _evictions);
        foreach (ref var way in ways)
        {
            if (Volatile.Read(ref way) is { IsUsed: true } used)
            {
                used.IsUsed = false;
                continue;
            }
            Volatile.Write(ref way, entry);
            return;
        }
        Volatile.Write(ref ways[0], entry);
    }

    // Seeded anew by each process, so nobody can choose lists that fall together.
    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        return hash.ToHashCode();
    }

    private sealed class Entry(int hash, byte[] utf8, LinkList list)
    {
        public readonly int Hash = hash;
        public readonly byte[] Utf8 = utf8;
        public readonly LinkList List = list;
        public volatile bool IsUsed;
    }
}
