using Starling.Testing;

namespace Starling.Secured.Tests;

/// <summary>A test's time, in which one thread can be kept waiting where it reads the clock, with all that it has locked.</summary>
internal sealed class HeldTime(ManualTime time) : TimeProvider, IDisposable
{
    private readonly ManualResetEventSlim _open = new();

    /// <summary>Whether the thread that asks is to wait here.</summary>
    public Func<bool>? Holds { get; set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override long GetTimestamp()
    {
        if (Holds?.Invoke() == true)
        {
            _open.Wait();
        }
        return time.GetTimestamp();
    }

    /// <summary>Lets it go on.</summary>
    public void Release() => _open.Set();

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);

    public void Dispose() => _open.Dispose();
}
