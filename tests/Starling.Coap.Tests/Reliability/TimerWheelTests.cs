using Starling.Testing;

namespace Starling.Coap.Tests;

public sealed class TimerWheelTests : IDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(20);
    private readonly ManualTime _time = new();
    private readonly TimerWheel _wheel;

    public TimerWheelTests() => _wheel = new TimerWheel(_time, _tick, slots: 64);

    public void Dispose() => _wheel.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(500)]
    [InlineData(1279)]
    [InlineData(1280)]
    [InlineData(1281)]
    [InlineData(86_400_000)]
    public void Timer_is_due_after_its_time_and_within_a_tick(int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(7));
        var began = _time.Elapsed;
        var timer = new Probe(_time);
        _wheel.Schedule(timer, TimeSpan.FromMilliseconds(milliseconds));
        Assert.True(timer.IsScheduled);
        Run(TimeSpan.FromMilliseconds(milliseconds + 100));
        var due = Assert.Single(timer.Due) - began;
        Assert.InRange(due, TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(milliseconds + 21));
        Assert.False(timer.IsScheduled);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void Longest_delays_wait_and_do_not_overflow()
    {
        var timers = new[] { TimeSpan.MaxValue, TimeSpan.FromDays(200), TimeSpan.FromDays(365_000) }.Select(delay =>
        {
            var timer = new Probe(_time);
            _wheel.Schedule(timer, delay);
            return timer;
        }).ToArray();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.All(timers, t => Assert.True(t.IsScheduled && t.Due.Count == 0));
    }

    [Fact]
    public void Timer_beyond_what_an_alarm_takes_is_still_due_in_time()
    {
        var coarse = new TimerWheel(_time, TimeSpan.FromDays(1), slots: 4);
        var timer = new Probe(_time);
        coarse.Schedule(timer, TimeSpan.FromDays(100));
        Run(TimeSpan.FromDays(102));
        Assert.InRange(Assert.Single(timer.Due), TimeSpan.FromDays(100), TimeSpan.FromDays(101.1));
    }

    [Fact]
    public void Moved_timer_is_due_once_at_its_new_time()
    {
        var timer = new Probe(_time);
        _wheel.Schedule(timer, TimeSpan.FromSeconds(1));
        _wheel.Schedule(timer, TimeSpan.FromSeconds(5));
        Assert.Equal(1, _wheel.Count);
        Run(TimeSpan.FromSeconds(4.9));
        Assert.Empty(timer.Due);
        _wheel.Schedule(timer, TimeSpan.FromSeconds(0.05));
        Run(TimeSpan.FromSeconds(10));
        Assert.InRange(Assert.Single(timer.Due).TotalSeconds, 4.95, 4.98);
    }

    [Fact]
    public void Cancelled_timer_is_never_due()
    {
        var timer = new Probe(_time);
        Assert.False(_wheel.Cancel(timer));
        _wheel.Schedule(timer, TimeSpan.FromSeconds(1));
        Assert.True(_wheel.Cancel(timer));
        Assert.False(_wheel.Cancel(timer));
        Run(TimeSpan.FromSeconds(3));
        Assert.Empty(timer.Due);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void Timer_may_schedule_itself_and_others_while_it_is_due()
    {
        var other = new Probe(_time);
        var timer = new Probe(_time) { Then = t => { _wheel.Schedule(t, TimeSpan.FromSeconds(1)); _wheel.Schedule(other, TimeSpan.Zero); } };
        _wheel.Schedule(timer, TimeSpan.FromSeconds(1));
        Run(TimeSpan.FromSeconds(10));
        Assert.InRange(timer.Due.Count, 9, 10);
        Assert.Equal(timer.Due.Count, other.Due.Count);
    }

    [Fact]
    public void Nothing_runs_while_nothing_waits()
    {
        Run(TimeSpan.FromHours(1));
        Assert.Equal(0, _time.TimerCount);
        var timer = new Probe(_time);
        _wheel.Schedule(timer, TimeSpan.FromSeconds(1));
        Assert.Equal(1, _time.TimerCount);
        Run(TimeSpan.FromSeconds(2));
        Assert.Equal(0, _time.TimerCount);
    }

    // Nothing has turned the wheel for long; what is scheduled then must not wait for the turns that were left out.
    [Fact]
    public void Timer_after_a_long_rest_is_due_in_time()
    {
        _time.Advance(TimeSpan.FromDays(30));
        var timer = new Probe(_time);
        _wheel.Schedule(timer, TimeSpan.FromSeconds(1));
        Run(TimeSpan.FromSeconds(2));
        Assert.InRange((Assert.Single(timer.Due) - TimeSpan.FromDays(30)).TotalSeconds, 1, 1.021);
    }

    [Fact]
    public void Stopped_wheel_gives_what_waited_and_takes_nothing_more()
    {
        var timers = Enumerable.Range(0, 200).Select(i => new Probe(_time)).ToArray();
        for (var i = 0; i < timers.Length; i++)
        {
            _wheel.Schedule(timers[i], TimeSpan.FromMilliseconds(i * 30));
        }
        Assert.Equal(timers.ToHashSet<WheelTimer>(), _wheel.Stop().ToHashSet());
        Assert.All(timers, t => Assert.False(t.IsScheduled));
        Assert.False(_wheel.TrySchedule(timers[0], TimeSpan.Zero));
        Assert.False(_wheel.Cancel(timers[0]));
        Assert.Equal(0, _wheel.Count);
        Run(TimeSpan.FromSeconds(10));
        Assert.All(timers, t => Assert.Empty(t.Due));
        Assert.Empty(_wheel.Stop());
    }

    [Fact]
    public void Wheel_agrees_with_a_sorted_list()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var time = new ManualTime();
            using var wheel = new TimerWheel(time, _tick, slots: 16);
            var timers = Enumerable.Range(0, 50).Select(_ => new Probe(time)).ToArray();
            var model = new Dictionary<Probe, TimeSpan>();
            for (var step = 0; step < 400; step++)
            {
                var timer = timers[random.Next(timers.Length)];
                switch (random.Next(4))
                {
                    case 0 or 1:
                        var delay = TimeSpan.FromMilliseconds(random.Next(random.Next(2) == 0 ? 50 : 3000));
                        wheel.Schedule(timer, delay);
                        model[timer] = time.Elapsed + delay;
                        break;
                    case 2:
                        Assert.True(wheel.Cancel(timer) == model.Remove(timer), $"seed {seed}, step {step}");
                        break;
                    default:
                        time.Advance(TimeSpan.FromMilliseconds(random.Next(300)));
                        break;
                }
                foreach (var (waiting, due) in model.ToArray())
                {
                    if (waiting.Due.Count > 0)
                    {
                        Assert.InRange(waiting.Due[0], due, due + _tick + TimeSpan.FromMilliseconds(1));
                        waiting.Due.Clear();
                        model.Remove(waiting);
                    }
                    else
                    {
                        Assert.True(time.Elapsed <= due + _tick + TimeSpan.FromMilliseconds(1), $"seed {seed}, step {step}: overdue");
                    }
                }
                Assert.All(timers, t => Assert.Empty(t.Due));
                Assert.Equal(model.Count, wheel.Count);
            }
        }
    }

    // The machine's own clock and threads: every timer is due exactly once, none early, whatever moves them at the same time.
    [Fact]
    public async Task Timers_moved_by_many_threads_are_due_once_each()
    {
        using var wheel = new TimerWheel(TimeProvider.System, TimeSpan.FromMilliseconds(1));
        var timers = Enumerable.Range(0, 500).Select(_ => new Signal()).ToArray();
        Threads.Run(8, seed =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 5000; i++)
            {
                wheel.Schedule(timers[random.Next(timers.Length)], TimeSpan.FromMinutes(1));
                wheel.Cancel(timers[random.Next(timers.Length)]);
            }
        });
        var began = TimeProvider.System.GetTimestamp();
        foreach (var timer in timers)
        {
            wheel.Schedule(timer, TimeSpan.FromMilliseconds(5));
        }
        await Task.WhenAll(timers.Select(t => t.Fired.Task)).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(5));
        Assert.Equal(0, wheel.Count);
    }

    // As the network's own timers do: from alarm to alarm.
    private void Run(TimeSpan span)
    {
        var end = _time.Elapsed + span;
        while (_time.AdvanceToNext(end - _time.Elapsed))
        {
        }
        _time.Advance(end - _time.Elapsed);
    }

    private sealed class Probe(ManualTime time) : WheelTimer
    {
        public List<TimeSpan> Due { get; } = [];
        public Action<WheelTimer>? Then { get; init; }

        protected internal override void OnDue()
        {
            Due.Add(time.Elapsed);
            Then?.Invoke(this);
        }
    }

    private sealed class Signal : WheelTimer
    {
        public TaskCompletionSource Fired { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected internal override void OnDue() => Fired.SetResult();   // throws when it is due twice
    }
}
