using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>What a server keeps of sessions so that clients may take them up again (RFC 5246 §F.1.4): bounded, the oldest goes first. Safe from several threads.</summary>
/// <param name="capacity">How many sessions: 10 000. Each is about 300 bytes and what the peer claimed.</param>
/// <param name="lifetime">For how long, in milliseconds: 24 h, the most that RFC 5246 §F.1.4 suggests.</param>
public sealed class DtlsSessionCache(int capacity = 10_000, long lifetime = 86_400_000) : IDisposable
{
    /// <summary>The longest chain of certificates that is kept, in bytes: sessions with a longer one are not taken up again.</summary>
    public const int MaxClaim = 2048;

    private readonly Lock _gate = new();
    private readonly Dictionary<Key, LinkedListNode<Entry>> _byId = [];
    private readonly LinkedList<Entry> _byAge = [];

    /// <summary>How many sessions are in it.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byId.Count;
            }
        }
    }

    /// <summary>How many were pushed out for lack of room.</summary>
    public long Evicted { get; private set; }

    /// <summary>Wipes all of it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            while (_byAge.First is { } oldest)
            {
                Remove(oldest);
            }
        }
    }

    /// <summary>Keeps a session; it takes over the secret's copy.</summary>
    internal void Add(CachedSession session, long now)
    {
        lock (_gate)
        {
            while (_byAge.First is { } oldest && (_byId.Count >= capacity || now - oldest.Value.At >= lifetime))
            {
                Evicted += now - oldest.Value.At >= lifetime ? 0 : 1;
                Remove(oldest);
            }
            if (capacity > 0 && _byId.TryAdd(new Key(session.Id), null!))
            {
                _byId[new Key(session.Id)] = _byAge.AddLast(new Entry(session, now));
            }
        }
    }

    /// <summary>A copy of a session that is not too old; the caller wipes it.</summary>
    internal CachedSession? Find(ReadOnlySpan<byte> id, long now)
    {
        lock (_gate)
        {
            return _byId.TryGetValue(new Key(id), out var node) && now - node.Value.At < lifetime && node.Value.Session.Id.AsSpan().SequenceEqual(id)
                ? node.Value.Session.Copy()
                : null;
        }
    }

    /// <summary>Forgets a session that must not be taken up again (RFC 5246 §7.2.2).</summary>
    internal void Forget(ReadOnlySpan<byte> id)
    {
        lock (_gate)
        {
            if (_byId.TryGetValue(new Key(id), out var node))
            {
                Remove(node);
            }
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byId.Remove(new Key(node.Value.Session.Id));
        _byAge.Remove(node);
        CryptographicOperations.ZeroMemory(node.Value.Session.Master);
    }

    // Ids are random and ours: their first half tells them apart.
    private readonly record struct Key(ulong First, ulong Second)
    {
        public Key(ReadOnlySpan<byte> id)
            : this(id.Length < 16 ? 0 : BitConverter.ToUInt64(id), id.Length < 16 ? 0 : BitConverter.ToUInt64(id[8..]))
        {
        }
    }

    private sealed record Entry(CachedSession Session, long At);
}
