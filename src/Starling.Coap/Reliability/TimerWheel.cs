namespace Starling.Coap;

/// <summary>
/// Many timers behind one of the operating system's: scheduling and cancelling cost some tens of nanoseconds and no memory.
/// A timer is due within one tick after its time, never before it.
/// </summary>
/// <remarks>A hashed wheel: each slot holds the timers of one tick and of every tick a whole turn later. Nothing runs while nothing waits.</remarks>
public sealed class TimerWheel : IDisposable
{
    private const double MaxAlarm = uint.MaxValue - 1.0;
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly long _tick;          // in units of the time provider's timestamps
    private readonly int _mask;
    private readonly ITimer _alarm;
    private WheelTimer?[] _slots = [];
    private long _done;                   // every tick up to this one has been looked at
    private long _armed = long.MaxValue;
    private int _count;
    private bool _disposed;
    private List<WheelTimer>? _spare;

    /// <summary>Makes an empty wheel.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="tick">How coarse it is.</param>
    /// <param name="slots">How many ticks a turn has: a power of two. Timers further away than a turn are looked at once a turn.</param>
    public TimerWheel(TimeProvider time, TimeSpan tick, int slots = 256)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(tick, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNotEqual(System.Numerics.BitOperations.IsPow2(slots), true, nameof(slots));
        _time = time;
        _start = time.GetTimestamp();
        _tick = Math.Max(1, (long)(tick.TotalSeconds * time.TimestampFrequency));
        _mask = slots - 1;
        _alarm = time.CreateTimer(static wheel => ((TimerWheel)wheel!).Turn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many timers wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Makes the timer due after <paramref name="delay"/>; one that waits already is moved. Nothing happens once the wheel is disposed.</summary>
    public void Schedule(WheelTimer timer, TimeSpan delay) => TrySchedule(timer, delay);

    /// <summary>As <see cref="Schedule"/>; false once the wheel is disposed.</summary>
    internal bool TrySchedule(WheelTimer timer, TimeSpan delay)
    {
        ArgumentNullException.ThrowIfNull(timer);
        // Half of all time at most, so that nothing that is added to it overflows.
        var units = (long)Math.Clamp(delay.TotalSeconds * _time.TimestampFrequency, 0, long.MaxValue / 2);
        lock (_lock)
        {
            if (_disposed)
            {
                return false;
            }
            Unlink(timer);
            // One more than the tick in which the delay ends: never early.
            var due = ((_time.GetTimestamp() - _start + units) / _tick) + 1;
            Link(timer, Math.Max(due, _done + 1));
            if (timer.DueTick < _armed)
            {
                Arm(timer.DueTick);
            }
            return true;
        }
    }

    /// <summary>Takes the timer out. False when it does not wait, which also happens while it is just becoming due.</summary>
    public bool Cancel(WheelTimer timer)
    {
        ArgumentNullException.ThrowIfNull(timer);
        lock (_lock)
        {
            return Unlink(timer);
        }
    }

    /// <summary>Forgets every timer and stops.</summary>
    public void Dispose() => Stop();

    /// <summary>Stops and gives the timers that waited.</summary>
    internal IReadOnlyList<WheelTimer> Stop()
    {
        List<WheelTimer> waited = [];
        lock (_lock)
        {
            _disposed = true;
            foreach (var slot in _slots)
            {
                for (var timer = slot; timer is not null; timer = timer.Next)
                {
                    waited.Add(timer);
                }
            }
            waited.ForEach(timer => Unlink(timer));
        }
        _alarm.Dispose();
        return waited;
    }

    private void Turn()
    {
        var due = Interlocked.Exchange(ref _spare, null) ?? [];
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            var now = (_time.GetTimestamp() - _start) / _tick;
            var slots = Math.Min(now - _done, _mask + 1);
            for (var i = slots - 1; i >= 0; i--)
            {
                TakeDue((int)(now - i) & _mask, now, due);
            }
            _done = Math.Max(now, _done);
            _armed = long.MaxValue;
            ArmNext();
        }
        foreach (var timer in due)
        {
            timer.OnDue();
        }
        due.Clear();
        _spare = due;
    }

    private void TakeDue(int slot, long now, List<WheelTimer> due)
    {
        for (var timer = _slots.Length == 0 ? null : _slots[slot]; timer is not null;)
        {
            var next = timer.Next;
            if (timer.DueTick <= now)
            {
                Unlink(timer);
                due.Add(timer);
            }
            timer = next;
        }
    }

    private void ArmNext()
    {
        if (_count == 0)
        {
            return;
        }
        for (var ahead = 1L; ahead <= _mask + 1; ahead++)
        {
            if (_slots[(int)(_done + ahead) & _mask] is not null)
            {
                Arm(_done + ahead);
                return;
            }
        }
    }

    private void Arm(long tick)
    {
        _armed = tick;
        var units = Math.Max(0, (tick * _tick) - (_time.GetTimestamp() - _start));
        // The alarm may be coarser than the wheel: a little late is right, a little early would be a turn for nothing. It takes 49 days at most.
        var delay = TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(units * 1000.0 / _time.TimestampFrequency), MaxAlarm));
        _alarm.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void Link(WheelTimer timer, long tick)
    {
        if (_slots.Length == 0)
        {
            _slots = new WheelTimer?[_mask + 1];
        }
        var slot = (int)tick & _mask;
        timer.DueTick = tick;
        timer.Previous = null;
        timer.Next = _slots[slot];
        if (timer.Next is not null)
        {
            timer.Next.Previous = timer;
        }
        _slots[slot] = timer;
        Volatile.Write(ref timer.Slot, slot);
        _count++;
    }

    private bool Unlink(WheelTimer timer)
    {
        if (timer.Slot < 0)
        {
            return false;
        }
        if (timer.Previous is not null)
        {
            timer.Previous.Next = timer.Next;
        }
        else
        {
            _slots[timer.Slot] = timer.Next;
        }
        if (timer.Next is not null)
        {
            timer.Next.Previous = timer.Previous;
        }
        timer.Next = timer.Previous = null;
        Volatile.Write(ref timer.Slot, -1);
        _count--;
        return true;
    }
}
