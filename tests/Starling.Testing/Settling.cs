namespace Starling.Testing;

/// <summary>
/// Gives work that was queued to the thread pool its turn before the time moves on. In a test program on simulated time (SimulatedTime.cs) all
/// threads of the pool but one are taken out of service: whoever runs there and finds the queue empty knows that nothing else runs or waits, and
/// the same seed gives the same order of events.
/// </summary>
public static class Settling
{
    // The runner keeps some of the pool's threads for itself, for as long as it runs.
    private const int MostThreads = 16;
    private static readonly ManualResetEventSlim _end = new();

    static Settling()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        if (most > MostThreads)
        {
            throw new InvalidOperationException($"The pool has up to {most} threads: a project on simulated time has a SimulatedTime.cs.");
        }
    }

    /// <summary>Completes when the pool has nothing waiting and nothing running.</summary>
    public static async Task SettleAsync()
    {
        var idle = new TaskCompletionSource();
        ThreadPool.UnsafeQueueUserWorkItem(Look, idle, preferLocal: false);
        await idle.Task.ConfigureAwait(false);
    }

    // Runs behind all that waited before: the pool's queue is first in, first out, and what its thread queued for itself goes before it.
    private static void Look(TaskCompletionSource idle)
    {
        if (Free() > 0)
        {
            TakeOthersOut();   // at the first look, and when the runner gave a thread back
        }
        if (ThreadPool.PendingWorkItemCount > 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(Look, idle, preferLocal: false);
        }
        else
        {
            idle.SetResult();
        }
    }

    // An order that nobody has followed after that long is one that nobody is left to follow.
    private static void TakeOthersOut()
    {
        for (var isFollowed = true; isFollowed;)
        {
            var order = new Order();
            ThreadPool.UnsafeQueueUserWorkItem(static order => order.Follow(), order, preferLocal: false);
            isFollowed = SpinWait.SpinUntil(() => order.IsFollowed, TimeSpan.FromMilliseconds(Free() > 0 ? 1000 : 20)) || !order.Withdraw();
        }
    }

    private static int Free()
    {
        ThreadPool.GetAvailableThreads(out var free, out _);
        return free;
    }

    /// <summary>Takes the thread that follows it out of service, unless it comes too late.</summary>
    private sealed class Order
    {
        private int _state;

        public bool IsFollowed => Volatile.Read(ref _state) == 1;

        public void Follow()
        {
            if (Interlocked.CompareExchange(ref _state, 1, 0) == 0)
            {
                _end.Wait();
            }
        }

        public bool Withdraw() => Interlocked.CompareExchange(ref _state, 2, 0) == 0;
    }
}
