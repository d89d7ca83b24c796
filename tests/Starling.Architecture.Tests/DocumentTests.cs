using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Starling.Architecture.Tests;

public sealed partial class DocumentTests
{
    private const string Usings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    public static TheoryData<string> Documents => [.. House.Documents().Select(House.Name)];

    /// <summary>A block marked <c>csharp</c> is a whole program.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void Code_in_document_compiles(string document)
    {
        foreach (Match block in Blocks().Matches(File.ReadAllText(Path.Combine(House.Root, document))))
        {
            var trees = new[] { Usings, block.Groups[1].Value }.Select(text => CSharpSyntaxTree.ParseText(text));
            var program = CSharpCompilation.Create("Snippet", trees, SourceModel.Libraries(),
                new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
            var errors = program.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Id != "CS8933");
            Assert.True(!errors.Any(), $"{document}:\n{block.Groups[1].Value}\n{string.Join('\n', errors)}");
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Link_in_document_leads_somewhere(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(House.Root, document))!;
        var dead = Links().Matches(File.ReadAllText(Path.Combine(House.Root, document))).Select(m => m.Groups[1].Value.Split('#')[0])
            .Where(l => l != "" && !l.Contains("://", StringComparison.Ordinal) && !File.Exists(Path.Combine(folder, l)) && !Directory.Exists(Path.Combine(folder, l)));
        Assert.Empty(dead);
    }

    [Fact]
    public void Architecture_document_stays_short() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(House.Root, "ARCHITECTURE.md")).Length, 1, 200);

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();
}
