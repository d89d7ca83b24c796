namespace Starling.Coap;

/// <summary>Fractions from 0 to 1 for timeouts, from any thread. The same seed gives the same ones in the same order; nothing secret depends on them.</summary>
internal sealed class Jitter(ulong seed)
{
    private ulong _state = seed;

    public double Next()
    {
        // SplitMix64: one addition shared by all threads, the rest is a function of it.
        var z = Interlocked.Add(ref _state, 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
