namespace Starling.Platform;

/// <summary>What came of one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why it failed or was skipped, for the device's developer; empty when it passed.</param>
/// <param name="Messages">What was said meanwhile, one line a message.</param>
/// <param name="Took">How long it took.</param>
internal sealed record CheckResult(CheckCase Case, CheckOutcome Outcome, string Reason, IReadOnlyList<string> Messages, TimeSpan Took)
{
    /// <summary>Whether it failed for want of an answer.</summary>
    public bool IsSilence { get; init; }
}
