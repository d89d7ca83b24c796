namespace Starling.Testing;

/// <summary>Gives work that was queued to the thread pool its turn before the time moves on.</summary>
public static class Settling
{
    private const int QuietRounds = 4;
    private const long OthersWork = 500;
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(10);

    // Threads that the runner itself keeps: what was seen when nothing else can have been at work.
    private static volatile int _always = int.MaxValue;

    /// <summary>
    /// Completes when the pool has had nothing waiting and nothing running. Other tests' work counts too, so it gives up after a quarter of a
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
        var least = int.MaxValue;
        for (int quiet = 0, round = 1; quiet < QuietRounds; round++)
        {
            await Task.Yield();
            var running = Running();
            least = Math.Min(least, running);
            _always = Math.Min(_always, running);
            quiet = IsQuiet(running) ? quiet + 1 : 0;
            if (quiet > 1 && PoolThreads.IsSupported)
            {
                return;   // the kernel is sure sooner
            }
            if (quiet == 0 && clock.GetElapsedTime(start) is var waited && waited > patience)
            {
                // On a machine that is busy with other things the work of this test takes its time: then nearly all that ends are these rounds.
                var isOthers = ThreadPool.CompletedWorkItemCount - ended - round > OthersWork;
                if (isOthers || !PoolThreads.IsSupported || waited > _longest)
                {
                    // Never fewer in all that time: a thread that is kept, and not work that ends.
                    _always = patience >= _patience ? least : _always;
                    return;
                }
            }
            Thread.Yield();   // there may be fewer processors than threads at work
        }
    }

    // Nothing waits, nothing runs, and nothing has ended while that was looked at: otherwise it may have left new work with a thread that was seen asleep.
    private static bool IsQuiet(int running)
    {
        var ended = ThreadPool.CompletedWorkItemCount;
        return ThreadPool.PendingWorkItemCount == 0
            && (PoolThreads.IsSupported ? PoolThreads.OthersSleep() : running <= _always)
            && ThreadPool.PendingWorkItemCount == 0
            && ThreadPool.CompletedWorkItemCount == ended;
    }

    // An item that was taken from the queue and has not ended is seen by its worker, which is not available meanwhile.
    private static int Running()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var available, out _);
        return most - available - (Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
    }
}
