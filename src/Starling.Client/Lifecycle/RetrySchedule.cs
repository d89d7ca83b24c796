namespace Starling.Client;

/// <summary>
/// When to register again after a failure (LwM2M Core 1.2 §6.2.1.1): a sequence of attempts with doubling delays, then a long delay,
/// then another sequence. After the last sequence the registration has failed. Without a bootstrap server to turn to, a device that gave up would be lost
/// for good: it goes on alone, with delays that double on until they are those between sequences.
/// </summary>
/// <param name="attempts">Attempts in a sequence (resource 17); at least 1.</param>
/// <param name="first">The delay before the second one (18).</param>
/// <param name="between">The delay between sequences (19). From a year on it is none that anybody waits out: nothing more is tried behind the last sequence.</param>
/// <param name="sequences">How many sequences there are (20); at least 1.</param>
internal sealed class RetrySchedule(long attempts, TimeSpan first, TimeSpan between, long sequences)
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(365);
    private static readonly TimeSpan _shortest = TimeSpan.FromSeconds(1);   // of one who goes on alone
    private long _attempt;
    private long _sequence = 1;
    private bool _hasFailed;

    /// <summary>An attempt has failed.</summary>
    /// <param name="isFinal">Whether all sequences are over by that: another attempt makes no sense as things are.</param>
    /// <returns>How long to wait before the next one, and whether all sequences are over.</returns>
    public (TimeSpan Delay, bool HasFailed) Next(bool isFinal = false)
    {
        _attempt++;
        var isOver = _attempt >= attempts;
        _hasFailed |= isFinal || (isOver && _sequence >= sequences);
        if (_hasFailed)
        {
            return (between < _longest && Doubled(_shortest) < between ? Doubled(_shortest) : between, true);
        }
        if (!isOver)
        {
            return (Doubled(TimeSpan.Zero), false);
        }
        _attempt = 0;
        _sequence++;
        return (between, false);
    }

    private TimeSpan Doubled(TimeSpan least)
    {
        var seconds = Math.Max(first.TotalSeconds, least.TotalSeconds) * Math.Pow(2, Math.Min(_attempt - 1, 32));
        return seconds < _longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : _longest;
    }
}
