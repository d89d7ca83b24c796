namespace Starling.Coap;

/// <summary>The order of notifications (RFC 7641 §3.4, §4.4).</summary>
public static class ObserveSequence
{
    /// <summary>The largest sequence number, 2^24 − 1.</summary>
    public const uint Max = (1 << 24) - 1;

    private static readonly TimeSpan _span = TimeSpan.FromSeconds(128);

    /// <summary>Whether a notification is newer than the last one.</summary>
    /// <param name="last">The last sequence number.</param>
    /// <param name="next">The one that has just come.</param>
    /// <param name="elapsed">The time between them at the receiver; more than 128 s makes any number newer.</param>
    public static bool IsFresher(uint last, uint next, TimeSpan elapsed) =>
        elapsed > _span || (last < next && next - last < 1 << 23) || (last > next && last - next > 1 << 23);
}
