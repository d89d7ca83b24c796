using Starling.Testing;

namespace Starling.Client.Tests;

public class AlarmTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Wait_ends_at_its_time()
    {
        using var alarm = new Alarm(_time);
        var wait = alarm.WaitAsync(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await wait;
        Assert.Equal(0, _time.TimerCount);
    }

    [Fact]
    public async Task Ring_ends_the_wait_and_leaves_no_timer()
    {
        using var alarm = new Alarm(_time);
        var wait = alarm.WaitAsync(TimeSpan.FromSeconds(10));
        alarm.Ring();
        await wait;
        Assert.Equal(0, _time.TimerCount);
    }

    [Fact]
    public async Task Ring_while_nobody_waits_is_kept_once()
    {
        using var alarm = new Alarm(_time);
        alarm.Ring();
        alarm.Ring();
        await alarm.WaitAsync(null);
        Assert.False(alarm.WaitAsync(null).IsCompleted);
        alarm.Ring();
    }

    [Fact]
    public async Task Time_that_is_over_does_not_wait()
    {
        using var alarm = new Alarm(_time);
        await alarm.WaitAsync(TimeSpan.FromSeconds(-1));
    }

    [Fact]
    public void Long_wait_is_cut_to_what_a_timer_can()
    {
        using var alarm = new Alarm(_time);
        _ = alarm.WaitAsync(TimeSpan.FromDays(36_500));
        Assert.InRange(_time.UntilNext!.Value, TimeSpan.FromDays(1), TimeSpan.FromMilliseconds(uint.MaxValue - 1));
        alarm.Ring();
    }
}
