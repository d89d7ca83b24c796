namespace Starling.Testing;

/// <summary>Gives work that was queued to the thread pool its turn before the time moves on.</summary>
public static class Settling
{
    private const long OthersWork = 500;
    private const int LooksPerYield = 50;
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(10);

    // Threads that the runner itself keeps at work: the fewest that were ever seen.
    private static int _kept = int.MaxValue;

    // The runner's threads are the pool's as well: with fewer, work would wait half a second for the pool to notice.
    static Settling() => ThreadPool.SetMinThreads(16, 16);

    /// <summary>
    /// Completes when the pool has nothing waiting and nothing running. Other tests' work counts too, so it gives up after a quarter of a
    /// second of the real clock when work keeps coming from elsewhere: a test whose outcome depends on it awaits its own event instead, or its
    /// assembly runs one test at a time.
    /// </summary>
    public static Task SettleAsync() => SettleAsync(_patience);

    /// <summary>The same with less patience, for where a little too early does no harm.</summary>
    public static async Task SettleAsync(TimeSpan patience)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        var ended = ThreadPool.CompletedWorkItemCount;
        for (int looks = 1, yields = 0; !IsQuiet(); looks++)
        {
            if (clock.GetElapsedTime(start) is var waited && waited > patience)
            {
                // On a machine that is busy with other things the work of this test takes its time: then nearly all that ends are these yields.
                var isOthers = ThreadPool.CompletedWorkItemCount - ended - yields > OthersWork;
                if (isOthers || !PoolThreads.IsSupported || waited > _longest)
                {
                    return;
                }
            }
            Thread.Yield();   // there may be fewer processors than threads at work
            if (looks % LooksPerYield == 0)
            {
                await Task.Yield();   // it wakes another thread, so not often
                yields++;
            }
        }
    }

    // Nothing waits, nothing runs, and nothing has ended while that was looked at: otherwise it may have left new work behind.
    private static bool IsQuiet()
    {
        var ended = ThreadPool.CompletedWorkItemCount;
        return ThreadPool.PendingWorkItemCount == 0
            && NothingRuns()
            && ThreadPool.PendingWorkItemCount == 0
            && ThreadPool.CompletedWorkItemCount == ended;
    }

    // An item that was taken from the queue and has not ended is seen by its worker, which is not available meanwhile. So is, for a moment, one
    // that has just ended its work: then the kernel knows.
    private static bool NothingRuns()
    {
        if (PoolThreads.IsSupported)
        {
            return IsKnownQuiet() || (PoolThreads.OthersSleep() && Keep());
        }
        Keep();
        return Running() <= Volatile.Read(ref _kept);
    }

    private static bool IsKnownQuiet() => Volatile.Read(ref _kept) is var kept && kept != int.MaxValue && Running() <= kept;

    private static bool Keep()
    {
        var running = Running();
        for (var kept = Volatile.Read(ref _kept); running < kept;)
        {
            kept = Interlocked.CompareExchange(ref _kept, running, kept) is var seen && seen == kept ? running : seen;
        }
        return true;
    }

    private static int Running()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var available, out _);
        return most - available - (Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
    }
}
