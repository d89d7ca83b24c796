namespace Starling.Dtls;

/// <summary>What a server keeps of sessions so that clients may take them up again (RFC 5246 §F.1.4): bounded, the oldest goes first. Safe from several threads.</summary>
/// <param name="capacity">How many sessions: 10 000. Each is about 200 bytes.</param>
/// <param name="lifetime">For how long, in milliseconds: 24 h, the most that RFC 5246 §F.1.4 suggests.</param>
public sealed class DtlsSessionCache(int capacity = 10_000, long lifetime = 86_400_000)
{
    /// <summary>How many sessions it may hold.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>For how long, in milliseconds.</summary>
    public long Lifetime { get; } = lifetime;
}
