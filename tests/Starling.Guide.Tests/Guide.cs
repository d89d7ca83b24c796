using System.Text.RegularExpressions;

namespace Starling.Guide.Tests;

/// <summary>A document whose blocks marked <c>console</c> show terminals: after <c>$ </c> what is typed, below it what must be seen.</summary>
internal sealed partial class Guide
{
    private Guide(string name, IReadOnlyList<GuideStep> steps) => (Name, Steps) = (name, steps);

    /// <summary>The folder that holds Starling.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The documents that a newcomer follows, as the repository names them.</summary>
    public static IReadOnlyList<string> Documents { get; } =
    [
        "README.md",
        .. Below("docs/guide").Concat(Below("samples")).Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    public string Name { get; }

    /// <summary>What is typed, in order.</summary>
    public IReadOnlyList<GuideStep> Steps { get; }

    /// <summary>The programs that it needs besides the repository's own.</summary>
    public IEnumerable<string> Tools => Steps.Select(s => s.Command.Split(' ')[0]).Where(t => !t.Contains('/', StringComparison.Ordinal)).Distinct();

    public static string TextOf(string document) => File.ReadAllText(Path.Combine(Root, document));

    public static Guide Read(string document) =>
        new(document, [.. ConsoleBlocks().Matches(TextOf(document)).SelectMany(b => StepsOf(b.Groups[1].Value))]);

    private static List<GuideStep> StepsOf(string block)
    {
        var steps = new List<GuideStep>();
        foreach (var line in block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("$ ", StringComparison.Ordinal))
            {
                steps.Add(new GuideStep(line[2..], []));
            }
            else
            {
                steps[^1].Shown.Add(line);
            }
        }
        return steps;
    }

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.md", SearchOption.AllDirectories).Where(f => !f.Contains("/bin/", StringComparison.Ordinal));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Starling.slnx")))
        {
            folder = folder.Parent;
        }
        return folder.FullName;
    }

    [GeneratedRegex("^```console\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex ConsoleBlocks();
}
