namespace Starling.Testing;

/// <summary>Gives work that was queued to the thread pool its turn before the time moves on.</summary>
public static class Settling
{
    private const int QuietRounds = 4;
    private const int MaxRounds = 200;

    /// <summary>
    /// Completes when the pool has had nothing waiting for some rounds. There is no way to ask the pool whether it is idle:
    /// a test whose outcome depends on it must await its own event instead.
    /// </summary>
    public static async Task SettleAsync()
    {
        for (int round = 0, quiet = 0; round < MaxRounds && quiet < QuietRounds; round++)
        {
            await Task.Yield();
            quiet = ThreadPool.PendingWorkItemCount == 0 ? quiet + 1 : 0;
        }
    }
}
