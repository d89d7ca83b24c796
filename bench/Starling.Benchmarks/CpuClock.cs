using Perfolizer.Horology;

namespace Starling.Benchmarks;

/// <summary>The processor time of this process as a clock: for a machine that others use too, where the time on the wall says more of them than of us.</summary>
internal sealed class CpuClock : IClock
{
    /// <inheritdoc/>
    public string Title => "CPU";

    /// <inheritdoc/>
    public bool IsAvailable => true;

    /// <inheritdoc/>
    public Frequency Frequency => new(TimeSpan.TicksPerSecond);

    /// <inheritdoc/>
    public long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}
