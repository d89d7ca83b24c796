namespace Starling.Platform;

/// <summary>What came of a case.</summary>
internal enum CheckOutcome
{
    /// <summary>Every message was as it must be.</summary>
    Passed,
    /// <summary>One was not.</summary>
    Failed,
    /// <summary>The case does not apply to the device, or was not asked for.</summary>
    Skipped,
}
