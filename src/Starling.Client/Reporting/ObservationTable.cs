namespace Starling.Client;

/// <summary>What servers observe; at most so many a server. Readers see it as it was at one moment.</summary>
internal sealed class ObservationTable(int limit)
{
    private readonly Lock _lock = new();
    private volatile Observation[] _all = [];   // replaced as a whole
    private long _refused;

    /// <summary>All of them, at this moment.</summary>
    public Observation[] All => _all;

    /// <summary>How many were not taken because their server had all it may have.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>
    /// Adds one; the same server's with the same token makes room for it (RFC 7641 §4.1), and a dormant one of the same paths leaves it what it has stored.
    /// </summary>
    public bool TryAdd(Observation observation)
    {
        lock (_lock)
        {
            var dormant = Array.Find(_all, o => o.IsDormant && o.IsLike(observation));
            var same = Array.Find(_all, o => !o.IsDormant && o.Peer == observation.Peer && o.Request.Token == observation.Request.Token);
            var others = Array.FindAll(_all, o => o != same && o != dormant);
            if (others.Count(o => o.Server == observation.Server && !o.IsDormant) >= limit)
            {
                Interlocked.Increment(ref _refused);
                return false;
            }
            observation.ContinueFrom(same);
            if (dormant is not null)
            {
                observation.Inherit(dormant);
            }
            _all = [.. others, observation];
            return true;
        }
    }

    /// <summary>Takes away what is meant, if it is there.</summary>
    public void Remove(Predicate<Observation> isMeant)
    {
        lock (_lock)
        {
            if (Array.Exists(_all, isMeant))
            {
                _all = Array.FindAll(_all, o => !isMeant(o));
            }
        }
    }
}
