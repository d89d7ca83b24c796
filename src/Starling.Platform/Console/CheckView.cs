using System.Globalization;

namespace Starling.Platform;

/// <summary>A check as its page shows it.</summary>
/// <param name="Passed">How many cases have passed.</param>
/// <param name="Failed">How many have failed.</param>
/// <param name="Skipped">How many were skipped.</param>
/// <param name="Progress">How far it is, in words.</param>
/// <param name="Lines">The cases so far.</param>
public sealed record CheckView(int Passed, int Failed, int Skipped, string Progress, IReadOnlyList<CheckLine> Lines)
{
    /// <summary>What there is to show; null when there was no check.</summary>
    internal static CheckView? Of(DeviceCheck? check)
    {
        if (check is null)
        {
            return null;
        }
        var results = check.Results;
        int Count(CheckOutcome outcome) => results.Count(r => r.Outcome == outcome);
        var progress = check.State switch
        {
            "running" => string.Create(CultureInfo.InvariantCulture, $"{results.Count} of {check.Total}, running{(check.Asks is { } asks ? $". Now {asks}." : "")}"),
            "cancelled" => "stopped before the end; the device is as it was",
            _ => check.EndedAt!.Value.UtcDateTime.ToString("'ended at' yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
        };
        return new CheckView(Count(CheckOutcome.Passed), Count(CheckOutcome.Failed), Count(CheckOutcome.Skipped), progress, [.. results.Select(CheckLine.Of)]);
    }
}

/// <summary>One case of it.</summary>
/// <param name="Id">The case's id.</param>
/// <param name="Title">What it tests.</param>
/// <param name="Clause">Where the standard asks for it.</param>
/// <param name="Outcome">pass, fail or skip.</param>
/// <param name="Reason">Why; empty when it passed.</param>
/// <param name="Messages">What was said.</param>
public sealed record CheckLine(string Id, string Title, string Clause, string Outcome, string Reason, IReadOnlyList<string> Messages)
{
    private const int MaxMessages = 200;

    internal static CheckLine Of(CheckResult result) =>
        new(result.Case.Id, result.Case.Title, result.Case.Clause, CheckJson.Word(result.Outcome), SafeText.Line(result.Reason, 1000), [.. result.Messages.Take(MaxMessages)]);
}
