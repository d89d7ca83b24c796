namespace Starling.Client;

/// <summary>Wakes one loop: at a time, or when somebody rings. A ring while nobody waits ends the next wait at once.</summary>
internal sealed class Alarm : IDisposable
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(24);   // A timer cannot wait much longer; the loop looks again and goes on.
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private TaskCompletionSource? _waiter;
    private bool _rung;

    public Alarm(TimeProvider time) =>
        _timer = time.CreateTimer(static state => ((Alarm)state!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Waits for a ring and no longer than a span; null: as long as it takes. It may end early.</summary>
    public Task WaitAsync(TimeSpan? span)
    {
        lock (_lock)
        {
            if (_rung || span <= TimeSpan.Zero)
            {
                _rung = false;
                return Task.CompletedTask;
            }
            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _timer.Change(span is { } s ? (s < _longest ? s : _longest) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return _waiter.Task;
        }
    }

    /// <summary>Ends the wait.</summary>
    public void Ring()
    {
        TaskCompletionSource waiter;
        lock (_lock)
        {
            if (_waiter is null)
            {
                _rung = true;
                return;
            }
            waiter = _waiter;
            _waiter = null;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        waiter.SetResult();
    }

    public void Dispose() => _timer.Dispose();
}
