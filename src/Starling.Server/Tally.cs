namespace Starling.Server;

/// <summary>One counter that any thread may count on.</summary>
internal sealed class Tally
{
    private long _count;

    public long Count => Volatile.Read(ref _count);

    public void Increment() => Interlocked.Increment(ref _count);

    public void Add(long amount) => Interlocked.Add(ref _count, amount);
}
