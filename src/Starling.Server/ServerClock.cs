namespace Starling.Server;

/// <summary>Milliseconds since the server was made, which never jump: lifetimes count in them, people get them as times of day.</summary>
internal sealed class ServerClock
{
    // Less than this is the grain of two clocks that are not read at the same moment; more, and somebody has set the time of day.
    private static readonly long _grain = TimeSpan.FromMilliseconds(100).Ticks;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly long _perMillisecond;
    private long _startOfDay;   // when Now was 0, as ticks of the time of day

    public ServerClock(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _perMillisecond = Math.Max(1, time.TimestampFrequency / 1000);
    }

    public TimeProvider Time => _time;

    public long Now => (_time.GetTimestamp() - _start) / _perMillisecond;

    public DateTimeOffset UtcNow => _time.GetUtcNow();

    /// <summary>The same for the same moment, unless the time of day is set meanwhile.</summary>
    public DateTimeOffset ToTime(long milliseconds) => new DateTimeOffset(StartOfDay(), TimeSpan.Zero).AddMilliseconds(milliseconds);

    public long FromTime(DateTimeOffset time) => (long)Math.Round(TimeSpan.FromTicks(time.UtcTicks - StartOfDay()).TotalMilliseconds);

    private long StartOfDay()
    {
        var seen = UtcNow.UtcTicks - _time.GetElapsedTime(_start).Ticks;
        var known = Volatile.Read(ref _startOfDay);
        if (Math.Abs(seen - known) <= _grain)
        {
            return known;
        }
        Volatile.Write(ref _startOfDay, seen);
        return seen;
    }
}
