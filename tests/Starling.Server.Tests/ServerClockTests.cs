using Starling.Testing;

namespace Starling.Server.Tests;

public sealed class ServerClockTests
{
    private readonly UnevenTime _time = new();

    [Fact]
    public void Moment_has_one_time_of_day_though_the_clocks_are_read_one_after_the_other()
    {
        var clock = new ServerClock(_time);
        var told = clock.ToTime(1000);
        for (var ahead = -3; ahead <= 3; ahead++)
        {
            _time.Ahead = TimeSpan.FromMilliseconds(ahead);
            _time.Inner.Advance(TimeSpan.FromSeconds(0.7));
            Assert.Equal(told, clock.ToTime(1000));
            Assert.Equal(1000, clock.FromTime(told));
        }
    }

    [Fact]
    public void Time_of_day_that_is_set_is_followed()
    {
        var clock = new ServerClock(_time);
        var told = clock.ToTime(1000);
        _time.Ahead = TimeSpan.FromHours(1);
        Assert.Equal(told + TimeSpan.FromHours(1), clock.ToTime(1000));
    }

    private sealed class UnevenTime : TimeProvider
    {
        public ManualTime Inner { get; } = new();
        public TimeSpan Ahead { get; set; }
        public override long TimestampFrequency => Inner.TimestampFrequency;
        public override long GetTimestamp() => Inner.GetTimestamp();
        public override DateTimeOffset GetUtcNow() => Inner.GetUtcNow() + Ahead;
    }
}
