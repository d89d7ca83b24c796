namespace Starling.Server;

/// <summary>Milliseconds since the server was made, which never jump: lifetimes count in them, people get them as times of day.</summary>
internal sealed class ServerClock
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly long _perMillisecond;

    public ServerClock(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _perMillisecond = Math.Max(1, time.TimestampFrequency / 1000);
    }

    public TimeProvider Time => _time;

    public long Now => (_time.GetTimestamp() - _start) / _perMillisecond;

    public DateTimeOffset UtcNow => _time.GetUtcNow();

    public DateTimeOffset ToTime(long milliseconds) => _time.GetUtcNow().AddMilliseconds(milliseconds - Now);

    public long FromTime(DateTimeOffset time) => Now + (long)(time - _time.GetUtcNow()).TotalMilliseconds;
}
