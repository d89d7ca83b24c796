using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Starling.Architecture.Tests;

public sealed class FolderTests
{
    public static TheoryData<string> OrderedProjects => [.. House.Table("| project | folders").Select(r => r[0].Trim('`'))];

    [Theory]
    [MemberData(nameof(OrderedProjects))]
    public void Folder_uses_only_folders_before_it(string project)
    {
        var order = House.Table("| project | folders").Single(r => r[0].Trim('`') == project)[1].Split(", ");
        Assert.Empty(SourceModel.Of(project).Uses()
            .Where(u => u.From != u.To && u.From != "" && u.To != "" && Array.IndexOf(order, u.To) > Array.IndexOf(order, u.From))
            .Select(u => $"{u.File} uses {u.Type}, which lives in {u.To}"));
    }

    [Theory]
    [MemberData(nameof(OrderedProjects))]
    public void Every_folder_with_sources_has_its_place_in_the_order(string project)
    {
        var order = House.Table("| project | folders").Single(r => r[0].Trim('`') == project)[1].Split(", ");
        Assert.Empty(SourceModel.Of(project).Folders.Except(order));
    }

    [Fact]
    public void Transport_does_not_know_another_transport()
    {
        Assert.Empty(SourceModel.Of("Starling.Transports").Uses().Where(u => u.From != "" && u.To != "" && u.From != u.To).Select(u => $"{u.File} uses {u.Type}"));
    }
}
