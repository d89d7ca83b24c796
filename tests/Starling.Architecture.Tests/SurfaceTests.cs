namespace Starling.Architecture.Tests;

public sealed class SurfaceTests
{
    private const string WriteVariable = "STARLING_WRITE_SURFACE";

    public static TheoryData<string> Libraries => [.. House.Libraries];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Public_surface_is_the_one_in_git(string library)
    {
        var file = Path.Combine(House.Root, "tests", "Starling.Architecture.Tests", "surface", library + ".txt");
        var now = Surface.Of(House.AssemblyOf(library));
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(file, string.Concat(now.Select(l => l + '\n')));
        }
        var kept = File.Exists(file) ? File.ReadAllLines(file) : [];
        var changes = kept.Except(now).Select(l => "- " + l).Concat(now.Except(kept).Select(l => "+ " + l)).ToArray();
        Assert.True(changes.Length == 0 && kept.SequenceEqual(now),
            $"The public surface of {library} has changed. If that is meant, run the tests with {WriteVariable}=1 and commit the file.\n{string.Join('\n', changes)}");
    }
}
