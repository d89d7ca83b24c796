using System.Text.RegularExpressions;

namespace Starling.Guide.Tests;

/// <summary>One command of a guide and the lines that it shows below; <c>…</c> in a line stands for anything.</summary>
internal sealed partial record GuideStep(string Command, List<string> Shown)
{
    /// <summary>Whether the command goes on until Ctrl-C: the next one is typed in another terminal.</summary>
    public bool Stays => Staying().IsMatch(Command) && !Command.Contains("CustomTransport", StringComparison.Ordinal);

    /// <summary>Whether the guide shows that it fails.</summary>
    public bool Fails => Shown.Exists(l => l.StartsWith("starling: ", StringComparison.Ordinal));

    /// <summary>The patterns of the lines, in order.</summary>
    public IEnumerable<Regex> Patterns => Shown.Select(PatternOf);

    private static Regex PatternOf(string line) =>
        new($"^{string.Join(".*", line.TrimEnd().Split('…').Select(Regex.Escape))}$", RegexOptions.CultureInvariant);

    [GeneratedRegex(@"^(\./starling (up|device|simulate)( |$)|\./starling observe (?!.*--count)|dotnet run |curl -\w*N)")]
    private static partial Regex Staying();
}
