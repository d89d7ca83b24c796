namespace Starling.Server;

/// <summary>
/// Lets operations wait until the answer to a Register is out. All that wait go on together, one after the other on one thread: a timer and
/// a thread of its own for each would cost more than the operation.
/// </summary>
internal sealed class SettleGate : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeSpan _span;
    private readonly ITimer _timer;
    private TaskCompletionSource? _opening;   // at the next turn
    private TaskCompletionSource? _closed;    // at the turn after it

    public SettleGate(TimeProvider time, TimeSpan span)
    {
        _span = span;
        _timer = time.CreateTimer(static gate => ((SettleGate)gate!).Turn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Completes after one to two spans.</summary>
    public Task WaitAsync()
    {
        lock (_lock)
        {
            if (_opening is null && _closed is null)
            {
                _timer.Change(_span, Timeout.InfiniteTimeSpan);
            }
            // Continuations run where the gate turns: it is a thread of the pool, and what goes on there sends and awaits the answer.
            return (_closed ??= new TaskCompletionSource()).Task;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Turn()
    {
        TaskCompletionSource? opened;
        lock (_lock)
        {
            opened = _opening;
            _opening = _closed;
            _closed = null;
            if (_opening is not null)
            {
                _timer.Change(_span, Timeout.InfiniteTimeSpan);
            }
        }
        opened?.SetResult();
    }
}
