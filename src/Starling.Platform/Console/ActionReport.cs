namespace Starling.Platform;

/// <summary>What came of an operation, in words.</summary>
/// <param name="IsGood">Whether it was done.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Detail">More of it.</param>
public sealed record ActionReport(bool IsGood, string Title, string Detail)
{
    /// <summary>Lines to read: links, values.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}
