using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Starling.Transports;

/// <summary>
/// The peers of all sockets of a channel. Finding one takes no lock; adding, forgetting and growing take one. Peers that nobody holds stand in a
/// queue of bounded length and fall out of it oldest first, so that datagrams with forged sources cannot grow it. A held peer
/// costs the queue nothing: it is dropped from it when its turn comes and stands at its end again when it is released.
/// </summary>
internal sealed class UdpPeerTable
{
    private const int InitialSize = 16;

    private readonly Lock _lock = new();
    private readonly int _maxUnheld;
    private readonly Action<UdpPeer> _evicted;
    // Whoever may choose addresses must not be able to choose a bucket.
    private readonly ulong _secret1 = Secret();
    private readonly ulong _secret2 = Secret();
    private UdpPeer?[] _buckets = new UdpPeer?[InitialSize];
    private UdpPeer?[] _queue;
    private int _head;
    private int _queued;
    private int _count;

    /// <param name="maxUnheld">The length of the queue.</param>
    /// <param name="evicted">Called for each peer that falls out, without the lock, on the thread that made it fall.</param>
    public UdpPeerTable(int maxUnheld, Action<UdpPeer> evicted)
    {
        _maxUnheld = maxUnheld;
        _evicted = evicted;
        _queue = new UdpPeer?[Math.Min(InitialSize, maxUnheld)];
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Finds a peer without a lock.</summary>
    public UdpPeer? Find(in UdpAddress key)
    {
        var buckets = Volatile.Read(ref _buckets);
        // Growing relinks the chains under a reader's feet. It may then miss what is there and GetOrAdd looks again under the lock; it never
        // goes round in circles, because a relinked peer only ever points to one that was relinked before it.
        for (var peer = Volatile.Read(ref buckets[Bucket(key, buckets.Length)]); peer is not null; peer = Volatile.Read(ref peer.Next))
        {
            if (peer.Key.Equals(key))
            {
                return peer;
            }
        }
        return null;
    }

    /// <summary>Finds a peer or makes it. One that is being forgotten just now is not given any more.</summary>
    public UdpPeer GetOrAdd(in UdpAddress key) => Find(key) is { IsGone: false } peer ? peer : Add(key, connect: false);

    /// <summary>Finds a peer or makes it, and holds it until it is closed.</summary>
    public UdpPeer Connect(in UdpAddress key) => Add(key, connect: true);

    /// <summary>Finds a peer or makes it, for a store that knows its address: it can be evicted like any other.</summary>
    public UdpPeer Restore(in UdpAddress key)
    {
        var peer = Add(key, connect: false);
        peer.IsRestored = true;
        return peer;
    }

    /// <summary>Forgets a peer, held or not. False when it was forgotten before.</summary>
    public bool Remove(UdpPeer peer)
    {
        lock (_lock)
        {
            return Unlink(peer);
        }
    }

    public void OnReleased(UdpPeer peer)
    {
        UdpPeer? evicted;
        lock (_lock)
        {
            evicted = peer.IsGone || peer.IsQueued ? null : Enqueue(peer);
        }
        Report(evicted);
    }

    private UdpPeer Add(in UdpAddress key, bool connect)
    {
        UdpPeer? evicted = null;
        UdpPeer? peer;
        lock (_lock)
        {
            peer = Find(key);
            if (peer is null)
            {
                peer = new UdpPeer(this, key);
                Link(peer);
                if (!connect)
                {
                    evicted = Enqueue(peer);
                }
            }
            if (connect && !peer.IsConnected)
            {
                peer.IsConnected = true;
                peer.Hold();
            }
        }
        Report(evicted);
        return peer;
    }

    private void Report(UdpPeer? evicted)
    {
        if (evicted is not null)
        {
            _evicted(evicted);
        }
    }

    private void Link(UdpPeer peer)
    {
        if (_count >= _buckets.Length)
        {
            Grow();
        }
        ref var bucket = ref _buckets[Bucket(peer.Key, _buckets.Length)];
        peer.Next = bucket;
        Volatile.Write(ref bucket, peer);
        _count++;
    }

    private void Grow()
    {
        var grown = new UdpPeer?[_buckets.Length * 2];
        foreach (var head in _buckets)
        {
            for (var peer = head; peer is not null;)
            {
                var next = peer.Next;
                ref var bucket = ref grown[Bucket(peer.Key, grown.Length)];
                Volatile.Write(ref peer.Next, bucket);
                bucket = peer;
                peer = next;
            }
        }
        Volatile.Write(ref _buckets, grown);
    }

    private bool Unlink(UdpPeer peer)
    {
        if (peer.IsGone)
        {
            return false;
        }
        peer.IsGone = true;
        _count--;
        ref var link = ref _buckets[Bucket(peer.Key, _buckets.Length)];
        while (link != peer)
        {
            link = ref link!.Next;
        }
        // The peer keeps its own link: a reader that stands on it finds its way on.
        Volatile.Write(ref link, peer.Next);
        return true;
    }

    // Gives the peer that had to make room, if one had to.
    private UdpPeer? Enqueue(UdpPeer peer)
    {
        UdpPeer? evicted = null;
        if (_queued == _queue.Length && _queue.Length < _maxUnheld)
        {
            GrowQueue();
        }
        else if (_queued == _queue.Length)
        {
            var oldest = _queue[_head]!;
            _head = (_head + 1) % _queue.Length;
            _queued--;
            oldest.IsQueued = false;
            evicted = !oldest.IsHeld && Unlink(oldest) ? oldest : null;
        }
        _queue[(_head + _queued++) % _queue.Length] = peer;
        peer.IsQueued = true;
        return evicted;
    }

    private void GrowQueue()
    {
        var grown = new UdpPeer?[(int)Math.Min(_maxUnheld, _queue.Length * 2L)];
        for (var i = 0; i < _queued; i++)
        {
            grown[i] = _queue[(_head + i) % _queue.Length];
        }
        (_queue, _head) = (grown, 0);
    }

    private int Bucket(in UdpAddress key, int size)
    {
        var high = Math.BigMul(key.High ^ key.Rest ^ _secret1, key.Low ^ _secret2, out var low);
        var mixed = Math.BigMul(high ^ low ^ key.Rest, _secret2, out low) ^ low;
        return (int)((uint)mixed & (uint)(size - 1));
    }

    private static ulong Secret()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) | 1;
    }
}
