namespace Starling.Client;

/// <summary>When to send Update so that the registration does not expire (LwM2M Core 1.2 §6.2.2).</summary>
internal static class UpdateSchedule
{
    /// <summary>
    /// How long after the last Register or Update: as late as leaves time for every retransmission, and never before half the lifetime.
    /// Null for an infinite lifetime.
    /// </summary>
    /// <param name="lifetime">In seconds; 0 is infinite.</param>
    /// <param name="transmitWait">MAX_TRANSMIT_WAIT (RFC 7252 §4.8.2).</param>
    public static TimeSpan? Interval(long lifetime, TimeSpan transmitWait)
    {
        if (lifetime <= 0 || lifetime > TimeSpan.MaxValue.TotalSeconds / 2)
        {
            return null;
        }
        var whole = TimeSpan.FromSeconds(lifetime);
        var (half, late) = (whole / 2, whole - transmitWait);
        return late > half ? late : half;
    }
}
