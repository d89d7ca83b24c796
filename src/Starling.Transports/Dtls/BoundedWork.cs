namespace Starling.Transports;

/// <summary>Runs what takes long on a few threads of the pool at a time; what finds neither a thread nor a place to wait is refused.</summary>
/// <param name="workers">How many run at once.</param>
/// <param name="waiting">How many may wait.</param>
internal sealed class BoundedWork(int workers, int waiting)
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _waiting = new();
    private int _running;

    /// <summary>Runs it soon; false when too much waits. It does not throw.</summary>
    public bool TryRun(Action work)
    {
        lock (_lock)
        {
            if (_running == workers)
            {
                if (_waiting.Count >= waiting)
                {
                    return false;
                }
                _waiting.Enqueue(work);
                return true;
            }
            _running++;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Self.Run(state.Work), (Self: this, Work: work), preferLocal: false);
        return true;
    }

    // The next one stands behind what else waits in the pool: a flood of handshakes leaves the threads to others between two of them.
    private void Run(Action work)
    {
        work();
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out work!))
            {
                _running--;
                return;
            }
        }
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Self.Run(state.Work), (Self: this, Work: work), preferLocal: false);
    }
}
