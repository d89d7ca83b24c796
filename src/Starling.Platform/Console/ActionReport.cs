namespace Starling.Platform;

/// <summary>What came of an operation, in words.</summary>
/// <param name="IsGood">Whether it was done.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Detail">More of it.</param>
public sealed record ActionReport(bool IsGood, string Title, string Detail)
{
    /// <summary>Lines to read: links, values.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>It was done.</summary>
    internal static ActionReport Good(string title, string detail) => new(true, title, detail);

    /// <summary>What was asked makes no sense, and the device was not asked.</summary>
    internal static ActionReport Refuse(string detail) => new(false, "Nothing was sent.", detail);

    /// <summary>It was not done.</summary>
    internal static ActionReport Of(ApiProblem problem) => new(false, problem.Title, SafeText.Line(problem.Detail, 400));
}
