using Starling.Testing;

namespace Starling.Testing.Tests;

public sealed class SettlingTests
{
    [Fact]
    public async Task Work_that_was_queued_and_what_it_queued_is_done()
    {
        for (var i = 1; i <= 100; i++)
        {
            var done = 0;
            ThreadPool.UnsafeQueueUserWorkItem(_ => Work(3), null);
            await Settling.SettleAsync();
            Assert.Equal(4, Volatile.Read(ref done));

            void Work(int more)
            {
                Thread.SpinWait(2000);
                Interlocked.Increment(ref done);
                if (more > 0)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(_ => Work(more - 1), null);
                }
            }
        }
    }
}
