using System.Reflection;

namespace Starling.Architecture.Tests;

/// <summary>The repository as the tests of this project see it: its folders, its assemblies, its documents.</summary>
internal static class House
{
    /// <summary>What each project may see of the others, directly or through another one. The table of ARCHITECTURE.md, written out.</summary>
    public static IReadOnlyDictionary<string, string[]> Arrows { get; } = new Dictionary<string, string[]>
    {
        ["Starling.Cbor"] = [],
        ["Starling.Crypto"] = [],
        ["Starling.Dtls"] = ["Starling.Crypto"],
        ["Starling.Coap"] = ["Starling.Cbor"],
        ["Starling.Lwm2m"] = ["Starling.Coap", "Starling.Cbor"],
        ["Starling.Transports"] = ["Starling.Coap", "Starling.Dtls", "Starling.Crypto", "Starling.Cbor"],
        ["Starling.Client"] = ["Starling.Lwm2m", "Starling.Coap", "Starling.Cbor"],
        ["Starling.Server"] = ["Starling.Lwm2m", "Starling.Coap", "Starling.Crypto", "Starling.Cbor"],
        ["Starling.Hosting"] =
        [
            "Starling.Client", "Starling.Server", "Starling.Transports", "Starling.Lwm2m", "Starling.Coap", "Starling.Dtls", "Starling.Crypto", "Starling.Cbor",
        ],
        ["Starling.Platform"] =
        [
            "Starling.Hosting", "Starling.Client", "Starling.Server", "Starling.Transports", "Starling.Lwm2m", "Starling.Coap", "Starling.Dtls", "Starling.Crypto",
            "Starling.Cbor",
        ],
    };

    /// <summary>The folder that holds Starling.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The projects whose public surface is a promise: all but the program.</summary>
    public static IEnumerable<string> Libraries => Arrows.Keys.Where(p => p != "Starling.Platform");

    /// <summary>The assembly of a project.</summary>
    public static Assembly AssemblyOf(string project) => Assembly.Load(project == "Starling.Platform" ? "starling" : project);

    /// <summary>The types that a person wrote.</summary>
    public static IEnumerable<Type> WrittenTypes(string project) =>
        AssemblyOf(project).GetTypes().Where(t => !IsGenerated(t));

    /// <summary>The C# files below a folder of the repository, without what builds leave behind.</summary>
    public static IEnumerable<string> Sources(string folder)
    {
        var from = Path.Combine(Root, folder);
        return Directory.Exists(from)
            ? Directory.EnumerateFiles(from, "*.cs", SearchOption.AllDirectories).Where(f => !IsBuildOutput(f)).Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary>The documents of the repository: those at its root and those in docs.</summary>
    public static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal);

    /// <summary>A file's path as the repository names it.</summary>
    public static string Name(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    /// <summary>The rows of the table of ARCHITECTURE.md whose header begins with these words: cells, trimmed.</summary>
    public static IReadOnlyList<string[]> Table(string header)
    {
        var lines = File.ReadAllLines(Path.Combine(Root, "ARCHITECTURE.md"));
        var start = Array.FindIndex(lines, l => l.StartsWith(header, StringComparison.Ordinal));
        Assert.True(start >= 0, $"ARCHITECTURE.md has no table that begins with '{header}'.");
        return [.. lines.Skip(start + 2).TakeWhile(l => l.StartsWith('|')).Select(Cells)];
    }

    private static string[] Cells(string row) => [.. row.Trim('|', ' ').Split('|').Select(c => c.Trim())];

    private static bool IsGenerated(Type type)
    {
        for (var t = type; t is not null; t = t.DeclaringType)
        {
            if (t.Name.Contains('<') || t.Namespace is null || !t.Namespace.StartsWith("Starling", StringComparison.Ordinal)
                || t.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), false)
                || t.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), false))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsBuildOutput(string file)
    {
        var parts = Name(file).Split('/');
        return parts.Contains("bin") || parts.Contains("obj");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Starling.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("No Starling.slnx above the tests.");
    }
}
