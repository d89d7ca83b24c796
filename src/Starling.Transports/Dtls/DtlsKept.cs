namespace Starling.Transports;

/// <summary>What a session knows of its place in a store.</summary>
/// <param name="id">Its number there.</param>
/// <param name="reserved">It uses no record number from this one on.</param>
/// <param name="heardAt">When it had been heard from as it was written last; before all time where it never was.</param>
internal sealed class DtlsKept(long id, ulong reserved, long heardAt)
{
    // What the engine sends by itself (alerts, a flight again) asks nobody: room for it at the end of each block.
    private const ulong Margin = 1024;
    private ulong _reserved = reserved;
    private long _heardAt = heardAt;

    public long Id => id;

    public ulong Reserved => Volatile.Read(ref _reserved);

    /// <summary>When it had been heard from as it was written last.</summary>
    public long HeardAt => Volatile.Read(ref _heardAt);

    /// <summary>Whether the next record has a number that is reserved.</summary>
    public bool MaySend(ulong next) => next + Margin < Reserved;

    /// <summary>It is safe in the store, and so are numbers up to this one.</summary>
    public void Saved(ulong reserved, long heardAt)
    {
        Volatile.Write(ref _reserved, Math.Max(reserved, Reserved));
        Volatile.Write(ref _heardAt, heardAt);
    }
}
