namespace Starling.Testing;

/// <summary>
/// Time that stands still until a test moves it. Timers fire on the thread that advances, in the order of their due times and,
/// among equals, in the order in which they were set; while one fires, the time is its due time. A timer never fires while it is being set.
/// </summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly Lock _advancing = new();
    private readonly PriorityQueue<ManualTimer, (long Due, long Order)> _timers = new();
    private readonly DateTimeOffset _start;
    private long _ticks;
    private long _order;
    private int _live;

    /// <summary>Starts at 2030-01-01 00:00 UTC, or at <paramref name="start"/>.</summary>
    public ManualTime(DateTimeOffset? start = null) => _start = start ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How long this time has run since it was made.</summary>
    public TimeSpan Elapsed => new(Volatile.Read(ref _ticks));

    /// <summary>How many timers are set.</summary>
    public int TimerCount
    {
        get
        {
            lock (_lock)
            {
                return _live;
            }
        }
    }

    /// <summary>How long until the next timer fires; null when none is set.</summary>
    public TimeSpan? UntilNext
    {
        get
        {
            lock (_lock)
            {
                return PeekDue() is { } due ? new TimeSpan(Math.Max(0, due - _ticks)) : null;
            }
        }
    }

    /// <summary>Ticks of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the time forward and fires what falls due, also what is set by the timers that fire.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Exclusively(() => AdvanceTo(_ticks + by.Ticks));
    }

    /// <summary>Moves to the next timer and fires every timer that is due then. False, and no move, when none is set or the next is beyond <paramref name="within"/>.</summary>
    public bool AdvanceToNext(TimeSpan? within = null)
    {
        var moved = false;
        Exclusively(() =>
        {
            if (UntilNext is { } wait && wait <= (within ?? TimeSpan.MaxValue))
            {
                moved = true;
                AdvanceTo(_ticks + wait.Ticks);
            }
        });
        return moved;
    }

    private void Exclusively(Action action)
    {
        if (_advancing.IsHeldByCurrentThread)
        {
            throw new InvalidOperationException("A timer's callback may not advance the time that fired it.");
        }
        lock (_advancing)
        {
            action();
        }
    }

    private void AdvanceTo(long target)
    {
        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }
        Volatile.Write(ref _ticks, target);
    }

    private ManualTimer? TakeDue(long target)
    {
        lock (_lock)
        {
            if (PeekDue() is not { } due || due > target)
            {
                return null;
            }
            var timer = _timers.Dequeue();
            Volatile.Write(ref _ticks, Math.Max(_ticks, due));
            Unset(timer);
            if (timer.Period > 0)
            {
                Set(timer, due + timer.Period);
            }
            return timer;
        }
    }

    // A timer that was changed or disposed leaves its old place in the queue behind; such places are skipped here.
    private long? PeekDue()
    {
        while (_timers.TryPeek(out var timer, out var at))
        {
            if (timer.Place == at.Order)
            {
                return at.Due;
            }
            _timers.Dequeue();
        }
        return null;
    }

    private void Set(ManualTimer timer, long due)
    {
        timer.Place = ++_order;
        _live++;
        _timers.Enqueue(timer, (due, timer.Place));
    }

    private void Unset(ManualTimer timer)
    {
        if (timer.Place != 0)
        {
            timer.Place = 0;
            _live--;
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        /// <summary>Names the timer's one valid place in the queue; 0 when it is not set.</summary>
        public long Place;
        public long Period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Check(dueTime);
            Check(period);
            lock (time._lock)
            {
                if (_disposed)
                {
                    return false;
                }
                time.Unset(this);
                Period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    time.Set(this, time._ticks + dueTime.Ticks);
                }
                return true;
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._lock)
            {
                _disposed = true;
                time.Unset(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private static void Check(TimeSpan span)
        {
            if (span < TimeSpan.Zero && span != Timeout.InfiniteTimeSpan)
            {
                throw new ArgumentOutOfRangeException(nameof(span), span, "A timer's times are not negative.");
            }
        }
    }
}
