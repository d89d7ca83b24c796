namespace Starling.Client;

/// <summary>
/// When to register again after a failure (LwM2M Core 1.2 §6.2.1.1): a sequence of attempts with doubling delays, then a long delay,
/// then another sequence. After the last sequence the registration has failed.
/// </summary>
/// <param name="attempts">Attempts in a sequence (resource 17); at least 1.</param>
/// <param name="first">The delay before the second one (18).</param>
/// <param name="between">The delay between sequences (19).</param>
/// <param name="sequences">How many sequences there are (20); at least 1.</param>
internal sealed class RetrySchedule(long attempts, TimeSpan first, TimeSpan between, long sequences)
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(365);
    private long _attempt;
    private long _sequence = 1;

    /// <summary>An attempt has failed.</summary>
    /// <returns>
    /// How long to wait before the next one, and whether all sequences are over. Then the wait is that between sequences and all begins again:
    /// without a bootstrap server to turn to, a device that gave up would be lost for good.
    /// </returns>
    public (TimeSpan Delay, bool HasFailed) Next()
    {
        _attempt++;
        if (_attempt < Math.Max(attempts, 1))
        {
            return (Doubled(_attempt - 1), false);
        }
        _attempt = 0;
        var over = _sequence >= Math.Max(sequences, 1);
        _sequence = over ? 1 : _sequence + 1;
        return (between, over);
    }

    /// <summary>No further attempt makes sense as things are: all sequences are over.</summary>
    public (TimeSpan Delay, bool HasFailed) GiveUp()
    {
        (_attempt, _sequence) = (0, 1);
        return (between, true);
    }

    private TimeSpan Doubled(long times)
    {
        var seconds = first.TotalSeconds * Math.Pow(2, Math.Min(times, 32));
        return seconds < _longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : _longest;
    }
}
