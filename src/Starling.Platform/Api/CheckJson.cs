using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>A check as the API shows it.</summary>
internal static class CheckJson
{
    /// <summary>The check, or that there was none.</summary>
    public static JsonObject Write(string endpoint, DeviceCheck? check)
    {
        var results = check?.Results ?? [];
        return new JsonObject
        {
            ["endpoint"] = endpoint,
            ["state"] = check?.State ?? "none",
            ["startedAt"] = check is null ? null : Rfc3339.Write(check.StartedAt),
            ["endedAt"] = check?.EndedAt is { } end ? Rfc3339.Write(end) : null,
            ["destructive"] = check?.Settings.Destructive ?? false,
            ["slow"] = check?.Settings.Slow ?? false,
            ["asks"] = check?.Asks,
            ["total"] = check?.Total ?? 0,
            ["passed"] = results.Count(r => r.Outcome == CheckOutcome.Passed),
            ["failed"] = results.Count(r => r.Outcome == CheckOutcome.Failed),
            ["skipped"] = results.Count(r => r.Outcome == CheckOutcome.Skipped),
            ["items"] = new JsonArray([.. results.Select(Write)]),
        };
    }

    /// <summary>pass, fail or skip.</summary>
    public static string Word(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => "pass",
        CheckOutcome.Failed => "fail",
        _ => "skip",
    };

    private static JsonObject Write(CheckResult result) => new()
    {
        ["id"] = result.Case.Id,
        ["title"] = result.Case.Title,
        ["clause"] = result.Case.Clause,
        ["outcome"] = Word(result.Outcome),
        ["reason"] = result.Reason,
        ["seconds"] = Math.Round(result.Took.TotalSeconds, 3),
        ["messages"] = new JsonArray([.. result.Messages.Select(m => (JsonNode)m)]),
    };
}
