namespace Starling.Server;

/// <summary>The limits of the queue of operations. Each has a counter of what it refused in <see cref="ServerCounters"/>.</summary>
public sealed record QueueSettings
{
    /// <summary>How long an operation waits for its device unless it says so itself: 1 day.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The longest that an operation may wait: 30 days.</summary>
    public TimeSpan MaxTimeToLive { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How many operations may wait for one device: 100.</summary>
    public int MaxPerDevice { get; init; } = 100;

    /// <summary>How many operations may wait for all devices: 100 000.</summary>
    public int MaxWaiting { get; init; } = 100_000;

    /// <summary>The most bytes that a queued request may have: 64 KiB.</summary>
    public int MaxRequestSize { get; init; } = 64 << 10;

    /// <summary>How long a result can be asked for: 1 day.</summary>
    public TimeSpan KeepResults { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many results can be asked for: 10 000. Beyond that the oldest is forgotten early.</summary>
    public int MaxResults { get; init; } = 10_000;

    /// <summary>How many bytes of memory their answers may take: 256 MiB. Beyond that the oldest is forgotten early.</summary>
    public long MaxResultBytes { get; init; } = 256 << 20;

    /// <summary>
    /// The most bytes of an answer that are kept beyond the process: 64 KiB. A longer one is told to who waits for it and in events, and is missing after
    /// a restart.
    /// </summary>
    public int MaxAnswerSize { get; init; } = 64 << 10;
}
