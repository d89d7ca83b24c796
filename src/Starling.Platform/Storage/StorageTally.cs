namespace Starling.Platform;

/// <summary>What the database has done, for the meter and for tests.</summary>
internal sealed class StorageTally
{
    private long _commits;
    private long _changes;
    private long _refused;
    private long _failures;

    /// <summary>Transactions that are safe.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>Changes and questions in them.</summary>
    public long Changes => Volatile.Read(ref _changes);

    /// <summary>Changes that were refused because too many waited.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Transactions that failed and were tried again, or were the end.</summary>
    public long Failures => Volatile.Read(ref _failures);

    public void CountCommit(int changes)
    {
        Interlocked.Increment(ref _commits);
        Interlocked.Add(ref _changes, changes);
    }

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountFailure() => Interlocked.Increment(ref _failures);
}
