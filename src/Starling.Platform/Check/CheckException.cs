namespace Starling.Platform;

/// <summary>Ends a case: it has failed, or it cannot be done with this device.</summary>
internal sealed class CheckException(CheckOutcome outcome, string message) : Exception(message)
{
    public CheckOutcome Outcome { get; } = outcome;

    /// <summary>Something must be and is not.</summary>
    public static CheckException Failed(string expected, string came) => new(CheckOutcome.Failed, $"Expected: {expected}. Came: {came}.");

    /// <summary>The device has not answered.</summary>
    public static CheckException Silent(string why) => new(CheckOutcome.Failed, $"Expected: an answer. Came: none: {why.TrimEnd('.')}.") { IsSilence = true };

    /// <summary>Whether it is for want of an answer.</summary>
    public bool IsSilence { get; private init; }

    /// <summary>The case has no answer here.</summary>
    public static CheckException Skipped(string why) => new(CheckOutcome.Skipped, why);
}
