using System.Collections.Concurrent;

namespace Starling.Testing;

/// <summary>Work on several threads at once, for tests of what they do to each other: the pool has only one (see <see cref="Settling"/>).</summary>
public static class Threads
{
    /// <summary>Runs the work on as many threads, which begin together, and returns when all have ended.</summary>
    /// <param name="count">How many.</param>
    /// <param name="work">Gets the number of its thread, from 0.</param>
    /// <exception cref="AggregateException">What some of them have thrown.</exception>
    public static void Run(int count, Action<int> work)
    {
        using var start = new Barrier(count);
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                work(number);
            }
            catch (Exception failure)
            {
                failures.Enqueue(failure);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        if (!failures.IsEmpty)
        {
            throw new AggregateException(failures);
        }
    }
}
