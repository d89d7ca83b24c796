namespace Starling.Architecture.Tests;

/// <summary>Holds docs/requirements.md to the labels of both requirement documents, to the sources and to docs/conformance.md.</summary>
public sealed class RequirementsTests
{
    private const string Document = "docs/requirements.md", Done = "done", InPart = "in part", Open = "open";

    private static readonly string[] _of10 =
        [.. Numbered("HLF", 40, "000"), .. Numbered("SEC", 2, "000"), "AT-001", "AZ-033", "DI-001", "CF-001"];

    private static readonly string[] _of12 =
    [
        .. Numbered("Sw-Mgmt", 3), .. Numbered("Gw-Enab", 3), .. Numbered("Msg-Iden", 1), .. Numbered("Grp-Fw", 3), .. Numbered("TRIG", 5), .. Numbered("INFO", 3),
        .. Numbered("DMSE", 2), .. Numbered("SMS", 1), .. Numbered("CS", 3), .. Numbered("FW", 3), .. Numbered("BS", 1), .. Numbered("Ident", 4), .. Numbered("REG", 3),
        .. Numbered("Opt", 2), .. Numbered("TRAN-BIND", 9), .. Numbered("RD", 2), .. Numbered("BOOT-PROV", 2), .. Numbered("VER", 4), .. Numbered("ENC", 2),
        .. Numbered("Core", 1), .. Numbered("Trans", 2),
    ];

    public static TheoryData<string> Labels => [.. _of10, .. _of12];

    [Fact]
    public void Every_label_is_there_once_and_in_the_table_of_its_release()
    {
        var parts = Text().Split("\n## ");
        Assert.Equal(_of10, Rows(parts.Single(p => p.StartsWith("RD 1.0\n", StringComparison.Ordinal))).Select(r => r.Label));
        Assert.Equal(_of12, Rows(parts.Single(p => p.StartsWith("RD 1.2\n", StringComparison.Ordinal))).Select(r => r.Label));
    }

    [Theory]
    [MemberData(nameof(Labels))]
    public void What_a_label_names_is_there(string label)
    {
        var row = Row(label);
        Assert.All(row.Where, name => Assert.True(IsPlace(name), name));
        Assert.All(row.ShownBy, name => Assert.True(IsCase(name) ? Cases().ContainsKey(name) : IsTestClass(name), name));
    }

    /// <summary>Done is what is somewhere and is shown by something that passes; whatever is not done says why.</summary>
    [Theory]
    [MemberData(nameof(Labels))]
    public void State_of_a_label_is_what_its_row_shows(string label)
    {
        var row = Row(label);
        var states = row.ShownBy.Where(IsCase).Select(id => Cases()[id]).ToArray();
        Assert.Contains(row.State, new[] { Done, InPart, Open });
        Assert.Equal(row.State == Done, row.Reason == "");
        Assert.Equal(row.State == Open, row.Where.Length == 0);
        Assert.True(row.State == Open ? row.ShownBy.All(IsCase) : row.ShownBy.Length > 0);
        Assert.True(row.State != Done || states.All(s => s == "pass"));
        Assert.True(row.State != Open || states.All(s => s.StartsWith("waits", StringComparison.Ordinal)));
    }

    [Fact]
    public void Sum_is_that_of_the_rows()
    {
        var states = Rows(Text()).Select(r => r.State).ToArray();
        Assert.Contains(
            $"\n{states.Count(s => s == Done)} of {states.Length} are done, {states.Count(s => s == InPart)} in part, {states.Count(s => s == Open)} open.",
            Text(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Numbered(string name, int count, string form = "00") =>
        Enumerable.Range(1, count).Select(n => $"{name}-{n.ToString(form, System.Globalization.CultureInfo.InvariantCulture)}");

    private static string Text() => File.ReadAllText(Path.Combine(House.Root, Document));

    private static Requirement Row(string label) => Rows(Text()).Single(r => r.Label == label);

    private static IEnumerable<Requirement> Rows(string text) => Cells(text).Where(c => c[0] != "label").Select(c =>
    {
        Assert.Equal(5, c.Length);
        var state = c[4].Split(": ", 2);
        return new Requirement(c[0], Names(c[2]), Names(c[3]), state[0], state.ElementAtOrDefault(1) ?? "");
    });

    // The state of each case by its id.
    private static Dictionary<string, string> Cases() =>
        Cells(File.ReadAllText(Path.Combine(House.Root, "docs/conformance.md"))).Where(c => c[0] != "id").ToDictionary(c => c[0], c => c[^1]);

    private static IEnumerable<string[]> Cells(string text) => text.Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static string[] Names(string cell) => cell == "–" ? [] : cell.Split(", ").Select(n => n.Trim('`')).ToArray();

    private static bool IsCase(string name) => name.Contains("-int-", StringComparison.Ordinal);

    private static bool IsPlace(string name)
    {
        if (name.Contains('/'))
        {
            return Path.Exists(Path.Combine(House.Root, name)) || Directory.Exists(Path.Combine(House.Root, "src", $"Starling.{name}"));
        }
        var project = $"Starling.{name.Split('.')[0]}";
        return House.Arrows.ContainsKey(project) && House.AssemblyOf(project).GetType($"Starling.{name}") is not null;
    }

    // In the project and the file that the name says.
    private static bool IsTestClass(string name) => name.Split('.') is [var project, var test]
        && House.Sources($"tests/Starling.{project}.Tests").Any(f =>
            Path.GetFileName(f) == $"{test}.cs" && System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(f), $@"\bclass {test}\b"));

    private sealed record Requirement(string Label, string[] Where, string[] ShownBy, string State, string Reason);
}
