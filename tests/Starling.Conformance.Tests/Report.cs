using System.Globalization;
using System.Text;
using Starling.Platform;

namespace Starling.Conformance.Tests;

/// <summary>Writes docs/conformance.md.</summary>
internal static class Report
{
    public static string Write(IReadOnlyDictionary<string, CheckResult> results)
    {
        var lines = OmaCases.Ids.Select(id => (Id: id, State: StateOf(id, results))).ToList();
        var text = new StringBuilder();
        text.Append("# Conformance\n\n");
        text.Append("The cases of the OMA test specification (LightweightM2M INT 1.2) that have a procedure, each run with Starling's client against Starling's server on a simulated network. ");
        text.Append("The messages are looked at, not only what comes of them. The ids have the prefix `LightweightM2M-`. The account has the security that the specification gives it, which is DTLS with a pre-shared key where a case is not about another one; what is looked at are the CoAP messages inside. Every case that is not about security runs once more without any. More of secured sessions is in `Starling.Secured.Tests`, and with [foreign programs](interop.md).\n\n");
        text.Append("Written by `STARLING_WRITE_CONFORMANCE=1 dotnet test tests/Starling.Conformance.Tests`; a test fails when a run says otherwise. ");
        text.Append("The same cases run on a device of yours: `./starling check ENDPOINT`, see [the command line](guide/command-line.md).\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Count(lines, "pass")} of {lines.Count} pass, {Count(lines, "fail")} fail, {Count(lines, "waits")} wait.\n\n");
        text.Append("| id | what | file | state |\n|---|---|---|---|\n");
        foreach (var (id, state) in lines)
        {
            var (title, file) = Find(id) is var (one, group) ? (one.Title, $"[{group.Title}](../src/Starling.Platform/Check/Cases/{group.Name}.cs)") : ("", "");
            text.Append(CultureInfo.InvariantCulture, $"| {id} | {title} | {file} | {state} |\n");
        }
        return text.ToString();
    }

    private static string StateOf(string id, IReadOnlyDictionary<string, CheckResult> results) =>
        !results.TryGetValue(OmaCases.AliasOf(id), out var result) ? $"waits: {OmaCases.WaitsFor(id)}"
        : result.Outcome == CheckOutcome.Passed ? "pass"
        : "fail";

    private static (CheckCase Case, CheckGroup Group)? Find(string id)
    {
        foreach (var group in CheckCatalog.Groups)
        {
            if (group.Cases.FirstOrDefault(c => c.Id == OmaCases.AliasOf(id)) is { } one)
            {
                return (one, group);
            }
        }
        return null;
    }

    private static int Count(IEnumerable<(string Id, string State)> lines, string state) => lines.Count(l => l.State.StartsWith(state, StringComparison.Ordinal));
}
