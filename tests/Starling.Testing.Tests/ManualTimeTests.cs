using Starling.Testing;

namespace Starling.Testing.Tests;

public sealed class ManualTimeTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void Timers_fire_by_due_time_then_by_order_of_setting()
    {
        Set("c", 30);
        Set("a", 10);
        Set("b1", 20);
        Set("b2", 20);
        _time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal(["a@10", "b1@20", "b2@20"], _fired);
        Assert.Equal(TimeSpan.FromSeconds(25), _time.Elapsed);
        Assert.Equal(TimeSpan.FromSeconds(5), _time.UntilNext);
    }

    [Fact]
    public void Timer_set_by_a_firing_timer_fires_in_the_same_advance()
    {
        _time.CreateTimer(_ => Set("second", 2), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["second@3"], _fired);
    }

    [Fact]
    public void Periodic_timer_fires_every_period_until_disposed()
    {
        var timer = _time.CreateTimer(_ => Note("p"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(6));
        timer.Dispose();
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["p@1", "p@3", "p@5"], _fired);
        Assert.Equal(0, _time.TimerCount);
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void Changed_timer_fires_at_its_new_time_only()
    {
        var timer = _time.CreateTimer(_ => Note("t"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        Assert.True(timer.Change(TimeSpan.FromSeconds(4), Timeout.InfiniteTimeSpan));
        Assert.Equal(1, _time.TimerCount);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["t@4"], _fired);
    }

    [Fact]
    public void Timer_that_is_due_at_once_waits_for_the_next_advance()
    {
        Set("now", 0);
        Assert.Empty(_fired);
        _time.Advance(TimeSpan.Zero);
        Assert.Equal(["now@0"], _fired);
    }

    [Fact]
    public void AdvanceToNext_stops_at_the_next_timer_and_not_beyond_the_limit()
    {
        Set("a", 3);
        Assert.False(_time.AdvanceToNext(TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
        Assert.True(_time.AdvanceToNext());
        Assert.Equal(["a@3"], _fired);
        Assert.False(_time.AdvanceToNext());
    }

    [Fact]
    public void Advance_from_a_timer_is_refused()
    {
        Exception? thrown = null;
        _time.CreateTimer(_ => thrown = Record.Exception(() => _time.Advance(TimeSpan.Zero)), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<InvalidOperationException>(thrown);
    }

    [Fact]
    public async Task Delay_and_timed_cancellation_follow_the_time()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(5), _time);
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(7), _time);
        _time.Advance(TimeSpan.FromSeconds(5));
        await delay;
        Assert.False(source.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public void Clock_and_timestamp_move_together()
    {
        var (utc, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());
        _time.Advance(TimeSpan.FromMilliseconds(1500));
        Assert.Equal(TimeSpan.FromMilliseconds(1500), _time.GetUtcNow() - utc);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), _time.GetElapsedTime(stamp));
    }

    [Fact]
    public void Threads_that_set_and_advance_lose_no_timer()
    {
        var fired = 0;
        Threads.Run(4, _ =>
        {
            for (var i = 0; i < 500; i++)
            {
                _time.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.FromMilliseconds(i % 7), Timeout.InfiniteTimeSpan);
                _time.Advance(TimeSpan.FromMilliseconds(1));
            }
        });
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2000, fired);
        Assert.Equal(0, _time.TimerCount);
    }

    private void Set(string name, int seconds) => _time.CreateTimer(_ => Note(name), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);

    private void Note(string name) => _fired.Add($"{name}@{_time.Elapsed.TotalSeconds}");
}
