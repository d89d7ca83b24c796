using Starling.Testing;

namespace Starling.Lwm2m.Tests;

/// <summary>The public registry's own files, read in place.</summary>
public class RegistryTests
{
    private const string Folder = "lwm2m-registry";

    [TestDataFact(Folder)]
    public void Every_object_file_of_the_registry_is_read()
    {
        var failures = new List<string>();
        var count = 0;
        foreach (var file in ObjectFiles())
        {
            using var stream = File.OpenRead(file);
            if (DefinitionXml.TryRead(stream, out var definitions, out var errors))
            {
                count += definitions.Count;
            }
            else
            {
                failures.Add($"{Path.GetFileName(file)}: {errors[0]}");
            }
        }
        Assert.Empty(failures);
        Assert.InRange(count, 700, 2000);
    }

    [TestDataTheory(Folder)]
    [InlineData("Common.xml")]
    [InlineData("DDF.xml")]
    [InlineData("LWM2M_senml_units.xml")]
    public void Other_files_of_the_registry_are_no_definitions(string name)
    {
        using var stream = File.OpenRead(Path.Combine(TestData.PathOf(Folder), name));

        Assert.False(DefinitionXml.TryRead(stream, out _, out var errors));
        Assert.NotEmpty(errors);
    }

    internal static IEnumerable<string> ObjectFiles()
    {
        var folder = TestData.PathOf(Folder);
        return Directory.EnumerateFiles(folder, "*.xml").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0]))
            .Concat(Directory.EnumerateFiles(Path.Combine(folder, "version_history"), "*.xml"));
    }
}
