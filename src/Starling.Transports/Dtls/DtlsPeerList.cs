namespace Starling.Transports;

/// <summary>Peers in the order in which they came, linked by themselves: one is in one list at a time. The table's lock guards it.</summary>
internal sealed class DtlsPeerList
{
    private DtlsPeer? _newest;

    /// <summary>Who came first of those that are here; null when nobody is.</summary>
    public DtlsPeer? Oldest { get; private set; }

    public int Count { get; private set; }

    public void Add(DtlsPeer peer)
    {
        Count++;
        peer.Next = _newest;
        if (_newest is not null)
        {
            _newest.Previous = peer;
        }
        _newest = peer;
        Oldest ??= peer;
    }

    public void Remove(DtlsPeer peer)
    {
        Count--;
        if (peer.Next is not null)
        {
            peer.Next.Previous = peer.Previous;
        }
        else
        {
            Oldest = peer.Previous;
        }
        if (peer.Previous is not null)
        {
            peer.Previous.Next = peer.Next;
        }
        else
        {
            _newest = peer.Next;
        }
        peer.Next = peer.Previous = null;
    }

    /// <summary>Those for whom something holds, the newest first.</summary>
    public List<DtlsPeer> All(Func<DtlsPeer, bool> condition)
    {
        List<DtlsPeer> found = [];
        for (var peer = _newest; peer is not null; peer = peer.Next)
        {
            if (condition(peer))
            {
                found.Add(peer);
            }
        }
        return found;
    }
}
