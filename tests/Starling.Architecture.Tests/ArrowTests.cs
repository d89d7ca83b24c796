using System.Xml.Linq;

namespace Starling.Architecture.Tests;

public sealed class ArrowTests
{
    public static TheoryData<string> Projects => [.. House.Arrows.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_references_only_what_its_row_allows(string project)
    {
        var seen = House.AssemblyOf(project).GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("Starling.", StringComparison.Ordinal));
        Assert.Empty(seen.Except(House.Arrows[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_file_references_only_what_its_row_allows(string project)
    {
        var file = XDocument.Load(Path.Combine(House.Root, "src", project, project + ".csproj"));
        var named = file.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(named.Except(House.Arrows[project]));
    }

    [Fact]
    public void Every_source_project_has_a_row_here_and_in_the_document()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(House.Root, "src")).Select(d => Path.GetFileName(d)!)
            .Where(d => File.Exists(Path.Combine(House.Root, "src", d, d + ".csproj"))).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(folders, House.Arrows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(folders, House.Table("| project | what |").Select(r => r[0].Trim('`')).Order(StringComparer.Ordinal));
    }
}
