namespace Starling.Transports;

/// <summary>Milliseconds since the channel was made, on a clock that never goes back.</summary>
internal sealed class DtlsClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeProvider Time => time;

    public long Now => (long)time.GetElapsedTime(_start).TotalMilliseconds;
}
