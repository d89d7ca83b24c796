namespace Starling.Testing;

/// <summary>Data that nobody here wrote, in a folder beside the repository or where <c>STARLING_TEST_DATA</c> says. Tests of it are skipped where it is absent.</summary>
public static class TestData
{
    /// <summary>The variable that names the folder.</summary>
    public const string Variable = "STARLING_TEST_DATA";

    /// <summary>The folder; it need not be there.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Beside();

    /// <summary>The path of a file or folder in it.</summary>
    public static string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Whether a file or folder is there.</summary>
    public static bool Has(string name) => Path.Exists(PathOf(name));

    /// <summary>Why a test of it is skipped; null when it is there.</summary>
    public static string? WhyNot(string name) => Has(name) ? null : $"{PathOf(name)} is not there: set {Variable} to the folder with the test data.";

    private static string Beside()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Starling.slnx")))
            {
                return Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
            }
        }
        return Path.Combine(AppContext.BaseDirectory, "data");
    }
}
