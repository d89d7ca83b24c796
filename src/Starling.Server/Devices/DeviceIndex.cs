using System.Diagnostics.CodeAnalysis;

namespace Starling.Server;

/// <summary>
/// All devices in the order of their keys, in chunks: found and paged by binary search, some 12 bytes a device, and an insertion moves half a chunk at most.
/// </summary>
internal sealed class DeviceIndex(Lwm2mServer server)
{
    private const int ChunkSize = 256;
    private readonly Lock _lock = new();
    private readonly List<Chunk> _chunks = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public DeviceSession? Find(in DeviceKey key)
    {
        lock (_lock)
        {
            return Locate(key, out var chunk, out var place) ? _chunks[chunk].Items[place] : null;
        }
    }

    /// <summary>The device of this key; a fresh one where there is none. False when there is no room for one more.</summary>
    public bool TryGetOrAdd(in DeviceKey key, int limit, [NotNullWhen(true)] out DeviceSession? session)
    {
        lock (_lock)
        {
            if (Locate(key, out var chunk, out var place))
            {
                session = _chunks[chunk].Items[place]!;
                return true;
            }
            session = null;
            if (_count >= limit)
            {
                return false;
            }
            session = new DeviceSession(server, key);
            Insert(chunk, place, session);
            _count++;
            return true;
        }
    }

    public bool Remove(DeviceSession session)
    {
        lock (_lock)
        {
            if (!Locate(session.Key, out var at, out var place) || !ReferenceEquals(_chunks[at].Items[place], session))
            {
                return false;
            }
            _chunks[at].RemoveAt(place);
            _count--;
            Shrink(at);
            return true;
        }
    }

    /// <summary>Copies the devices behind a key; null begins at the first. Gives how many there were, at most the room.</summary>
    public int CopyAfter(DeviceKey? after, Span<DeviceSession> room)
    {
        lock (_lock)
        {
            var chunk = 0;
            var place = 0;
            if (after is { } key && Locate(key, out chunk, out place))
            {
                place++;
            }
            var copied = 0;
            for (; chunk < _chunks.Count && copied < room.Length; chunk++, place = 0)
            {
                var rest = _chunks[chunk].Items.AsSpan(place, _chunks[chunk].Count - place);
                rest = rest[..Math.Min(rest.Length, room.Length - copied)];
                rest.CopyTo(room[copied..]!);
                copied += rest.Length;
            }
            return copied;
        }
    }

    // Where the key is, or where it would have to go.
    private bool Locate(in DeviceKey key, out int chunk, out int place)
    {
        var low = 0;
        var high = _chunks.Count - 1;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_chunks[middle].Last.Key.CompareTo(key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        chunk = low;
        place = 0;
        return low < _chunks.Count && _chunks[low].Locate(key, out place);
    }

    private void Insert(int chunk, int place, DeviceSession session)
    {
        if (_chunks.Count == 0)
        {
            _chunks.Add(new Chunk());
        }
        var into = _chunks[chunk];
        if (into.Count == ChunkSize)
        {
            // What comes in rising order leaves full chunks behind.
            var upper = place == ChunkSize ? new Chunk() : into.SplitOff();
            _chunks.Insert(chunk + 1, upper);
            if (place >= into.Count)
            {
                place -= into.Count;
                into = upper;
            }
        }
        into.InsertAt(place, session);
    }

    private void Shrink(int at)
    {
        if (_chunks[at].Count == 0)
        {
            _chunks.RemoveAt(at);
        }
        else if (at + 1 < _chunks.Count && _chunks[at].Count + _chunks[at + 1].Count <= ChunkSize / 2)
        {
            _chunks[at].Append(_chunks[at + 1]);
            _chunks.RemoveAt(at + 1);
        }
    }

    private sealed class Chunk
    {
        public readonly DeviceSession?[] Items = new DeviceSession?[ChunkSize];
        public int Count;

        public DeviceSession Last => Items[Count - 1]!;

        public bool Locate(in DeviceKey key, out int place)
        {
            var low = 0;
            var high = Count - 1;
            while (low <= high)
            {
                place = (low + high) >>> 1;
                var order = Items[place]!.Key.CompareTo(key);
                if (order == 0)
                {
                    return true;
                }
                if (order < 0)
                {
                    low = place + 1;
                }
                else
                {
                    high = place - 1;
                }
            }
            place = low;
            return false;
        }

        public void InsertAt(int place, DeviceSession session)
        {
            Array.Copy(Items, place, Items, place + 1, Count - place);
            Items[place] = session;
            Count++;
        }

        public void RemoveAt(int place)
        {
            Count--;
            Array.Copy(Items, place + 1, Items, place, Count - place);
            Items[Count] = null;
        }

        public Chunk SplitOff()
        {
            var upper = new Chunk { Count = Count / 2 };
            Count -= upper.Count;
            Array.Copy(Items, Count, upper.Items, 0, upper.Count);
            Array.Clear(Items, Count, upper.Count);
            return upper;
        }

        public void Append(Chunk other)
        {
            Array.Copy(other.Items, 0, Items, Count, other.Count);
            Count += other.Count;
        }
    }
}
