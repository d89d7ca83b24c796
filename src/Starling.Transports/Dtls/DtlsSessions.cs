using System.Buffers.Binary;
using System.Collections.Concurrent;
using Starling.Coap;

namespace Starling.Transports;

/// <summary>
/// The sessions of a channel, by connection id and by the peer below that they are reached by, which carries its session itself. Finding one takes no lock.
/// Established sessions that nobody holds stand in a queue: when the table is full, the one that has been silent longest makes room.
/// </summary>
/// <param name="settings">The limits.</param>
/// <param name="counters">What was refused.</param>
/// <param name="evict">Ends a session or handshake that has to make room, and says whether its peer is told; called without the lock.</param>
internal sealed class DtlsSessions(DtlsChannelSettings settings, DtlsCounters counters, Action<DtlsPeer, bool> evict)
{
    /// <summary>The longest connection id of ours: it is a key of 8 bytes with its length.</summary>
    public const int MaxKeyLength = 7;

    private const int MostLooks = 64;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<ulong, DtlsPeer> _byId = new();
    private readonly Queue<(DtlsPeer Peer, long HeardAt)> _evictable = new();
    private readonly DtlsPeerList _established = new();
    private readonly DtlsPeerList _handshakes = new();

    /// <summary>How many handshakes are open.</summary>
    public int Handshakes => _handshakes.Count;

    /// <summary>How many sessions there are.</summary>
    public int Count => _established.Count;

    /// <summary>Whether one more handshake may begin. Asked before anything is answered: who was answered would go on with what is not there.</summary>
    public bool HasRoom(long now)
    {
        if (Handshakes < settings.MaxHandshakes)
        {
            return true;
        }
        lock (_lock)
        {
            return _handshakes.Count < settings.MaxHandshakes || Overdue(now) is not null;
        }
    }

    /// <summary>A connection id as a key: its length and its bytes; 0 for the empty one.</summary>
    public static ulong KeyOf(ReadOnlySpan<byte> connectionId)
    {
        if (connectionId.IsEmpty)
        {
            return 0;
        }
        Span<byte> key = stackalloc byte[sizeof(ulong)];
        key.Clear();
        connectionId.CopyTo(key);
        key[^1] = (byte)connectionId.Length;
        return BinaryPrimitives.ReadUInt64LittleEndian(key);
    }

    /// <summary>The session that gave out a connection id; null when there is none.</summary>
    public DtlsPeer? Find(ulong connectionKey) => _byId.GetValueOrDefault(connectionKey);

    /// <summary>The session at a peer below; while it has a challenger, the older one.</summary>
    public static DtlsPeer? At(Peer below) => below.HandlerState as DtlsPeer;

    /// <summary>
    /// Takes a handshake in; false when there are too many, and none of them has had its time. An established session at the same peer below stays until the new one is established, because
    /// anybody at that address can begin a handshake (RFC 6347 §4.2.8); a handshake there is given up.
    /// </summary>
    public bool TryBegin(DtlsPeer peer)
    {
        DtlsPeer? abandoned, overdue;
        lock (_lock)
        {
            overdue = _handshakes.Count < settings.MaxHandshakes ? null : Overdue(peer.HeardAt);
            if ((_handshakes.Count >= settings.MaxHandshakes && overdue is null) || (peer.ConnectionKey != 0 && !_byId.TryAdd(peer.ConnectionKey, peer)))
            {
                counters.AddHandshakeRefused();
                return false;
            }
            _handshakes.Add(peer);
            peer.Place = DtlsPlace.Handshaking;
            Reach(peer);
            if (At(peer.Below) is { Place: DtlsPlace.Established } at)
            {
                (abandoned, at.Challenger) = (at.Challenger, peer);
            }
            else
            {
                abandoned = At(peer.Below);
                peer.Below.HandlerState = peer;
            }
        }
        if (abandoned is not null)
        {
            evict(abandoned, false);   // who is told would take it for the new one's
        }
        if (overdue is not null && overdue != abandoned)
        {
            counters.AddHandshakeEvicted();
            evict(overdue, true);
        }
        return true;
    }

    /// <summary>A handshake has succeeded.</summary>
    /// <param name="peer">The new session.</param>
    /// <param name="replaced">The session of the same peer below that it takes the place of; null for none.</param>
    /// <returns>False when it has ended meanwhile, or there are only sessions that are held.</returns>
    public bool TryEstablish(DtlsPeer peer, out DtlsPeer? replaced)
    {
        replaced = null;
        while (true)
        {
            DtlsPeer? oldest;
            lock (_lock)
            {
                if (peer.Place != DtlsPlace.Handshaking)
                {
                    return false;
                }
                if (_established.Count < settings.MaxSessions || FollowedBy(peer) is not null)
                {
                    replaced = Establish(peer);
                    return true;
                }
                oldest = TakeOldest();
            }
            if (oldest is null)
            {
                counters.AddHandshakeRefused();
                return false;
            }
            counters.AddEvicted();
            evict(oldest, true);
        }
    }

    /// <summary>A session that was established before: by another process.</summary>
    public bool TryRestore(DtlsPeer peer)
    {
        lock (_lock)
        {
            if (_established.Count >= settings.MaxSessions || (peer.ConnectionKey != 0 && !_byId.TryAdd(peer.ConnectionKey, peer)))
            {
                return false;
            }
            Reach(peer);
            TakePlace(peer);
            Link(peer);
            return true;
        }
    }

    /// <summary>
    /// The session is reached by another peer below than before. It may have moved twice before the first move is told here, on two threads: what counts is where
    /// it is now.
    /// </summary>
    public void Move(DtlsPeer peer)
    {
        Peer from;
        lock (_lock)
        {
            from = peer.Reached!;
            if (peer.Place == DtlsPlace.Nowhere || ReferenceEquals(from, peer.Below))
            {
                return;
            }
            Leave(peer, from);
            Reach(peer);
            TakePlace(peer);
        }
        from.Release();
    }

    /// <summary>Forgets a session or a handshake.</summary>
    public void Remove(DtlsPeer peer)
    {
        lock (_lock)
        {
            if (peer.Place == DtlsPlace.Nowhere)
            {
                return;
            }
            if (peer.Place == DtlsPlace.Established)
            {
                _established.Remove(peer);
            }
            else
            {
                _handshakes.Remove(peer);
            }
            peer.Place = DtlsPlace.Nowhere;
            if (peer.ConnectionKey != 0)
            {
                _byId.TryRemove(KeyValuePair.Create(peer.ConnectionKey, peer));
            }
            Leave(peer, peer.Reached!);
        }
        peer.Reached!.Release();   // without the lock: it may have to make room, and tells us whom it has forgotten
    }

    /// <summary>All established sessions for which something holds, at this moment.</summary>
    public IReadOnlyList<DtlsPeer> All(Func<DtlsPeer, bool> condition)
    {
        lock (_lock)
        {
            return _established.All(condition);
        }
    }

    public void OnReleased(DtlsPeer peer)
    {
        lock (_lock)
        {
            Enqueue(peer);
        }
    }

    private DtlsPeer? Establish(DtlsPeer peer)
    {
        var replaced = FollowedBy(peer);
        if (At(peer.Below) is { } at && at != peer)
        {
            at.Challenger = null;
        }
        peer.Below.HandlerState = peer;
        _handshakes.Remove(peer);
        Link(peer);
        return replaced;
    }

    // The session whose place a new one takes: the one at its address. But that may have been given to another device since, and a session that is found by its
    // connection id speaks from elsewhere some time. A client's does not: it is given up for a new one with the same server.
    private static DtlsPeer? FollowedBy(DtlsPeer peer)
    {
        var at = At(peer.Below);
        var goesOn = at is { ConnectionKey: not 0, Origin: null } && at.Identity != peer.Identity;
        return at is { Place: DtlsPlace.Established } && at != peer && !goesOn ? at : null;
    }

    // HeardAt of a handshake is when it began.
    private DtlsPeer? Overdue(long now) => _handshakes.Oldest is { } oldest && now - oldest.HeardAt >= settings.HandshakePatience.TotalMilliseconds ? oldest : null;

    private void Link(DtlsPeer peer)
    {
        peer.Place = DtlsPlace.Established;
        _established.Add(peer);
        Enqueue(peer);
    }

    private static void Reach(DtlsPeer peer)
    {
        peer.Reached = peer.Below;
        peer.Reached.Hold();
    }

    // Whoever has no connection id is found by nothing else, and neither is a handshake: they keep the place, because a source address is soon written.
    private static void TakePlace(DtlsPeer peer)
    {
        if (At(peer.Reached!) is null or { Place: DtlsPlace.Established, ConnectionKey: not 0, Challenger: null })
        {
            peer.Reached!.HandlerState = peer;
        }
    }

    private static void Leave(DtlsPeer peer, Peer below)
    {
        if (ReferenceEquals(below.HandlerState, peer))
        {
            below.HandlerState = peer.Challenger;
            peer.Challenger = null;
        }
        else if (At(below) is { } at && at.Challenger == peer)
        {
            at.Challenger = null;
        }
    }

    private void Enqueue(DtlsPeer peer)
    {
        if (!peer.IsQueued && peer.Place == DtlsPlace.Established)
        {
            peer.IsQueued = true;
            _evictable.Enqueue((peer, peer.HeardAt));
        }
        if (_evictable.Count > (2 * _established.Count) + MostLooks)
        {
            Compact();
        }
    }

    // Sessions that have ended leave the queue when their turn comes, or when there are more of those in it than of others.
    private void Compact()
    {
        for (var i = _evictable.Count; i > 0; i--)
        {
            var next = _evictable.Dequeue();
            if (next.Peer.Place == DtlsPlace.Established)
            {
                _evictable.Enqueue(next);
            }
        }
    }

    // Whoever was heard from since it came into the queue goes to its end again. Whoever is held leaves it, and comes back when it is released.
    private DtlsPeer? TakeOldest()
    {
        var looks = 0;
        while (_evictable.TryDequeue(out var next))
        {
            var (peer, heardAt) = next;
            peer.IsQueued = false;
            if (peer.Place != DtlsPlace.Established || peer.IsHeld)
            {
                continue;
            }
            if (peer.HeardAt == heardAt || ++looks >= MostLooks)
            {
                return peer;
            }
            Enqueue(peer);
        }
        return null;
    }
}
