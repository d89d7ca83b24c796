using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Starling.Architecture.Tests;

/// <summary>The sources of one project as the compiler understands them: which folder's file names which folder's type.</summary>
internal sealed class SourceModel
{
    private const string GlobalUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private readonly CSharpCompilation _compilation;
    private readonly string _folder;

    private SourceModel(string project)
    {
        _folder = Path.Combine(House.Root, "src", project);
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        var trees = House.Sources("src/" + project).Select(f => CSharpSyntaxTree.ParseText(File.ReadAllText(f), options, f))
            .Append(CSharpSyntaxTree.ParseText(GlobalUsings, options));
        _compilation = CSharpCompilation.Create(project, trees, Libraries(project), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
    }

    /// <summary>Reads a project.</summary>
    public static SourceModel Of(string project) => new(project);

    /// <summary>The first folders that hold sources; files at the root of the project are in none.</summary>
    public IEnumerable<string> Folders => _compilation.SyntaxTrees.Select(t => FolderOf(t.FilePath)).Where(f => f != "").Distinct();

    /// <summary>Every naming of one of the project's own types.</summary>
    public IEnumerable<(string File, string Type, string From, string To)> Uses()
    {
        var seen = new HashSet<(string, string, string, string)>();
        foreach (var tree in _compilation.SyntaxTrees.Where(t => t.FilePath != ""))
        {
            var model = _compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (model.GetSymbolInfo(name).Symbol is { } symbol && Owner(symbol) is { } type && FileOf(type) is { } file)
                {
                    seen.Add((House.Name(tree.FilePath), type.Name, FolderOf(tree.FilePath), FolderOf(file)));
                }
            }
        }
        return seen;
    }

    /// <summary>What the tests themselves were built against, framework and all, without the project that is read from source.</summary>
    public static IEnumerable<MetadataReference> Libraries(string? without = null) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileNameWithoutExtension(p) != without)
            .Select(p => MetadataReference.CreateFromFile(p));

    private static INamedTypeSymbol? Owner(ISymbol symbol) => symbol as INamedTypeSymbol ?? symbol.ContainingType;

    private static string? FileOf(INamedTypeSymbol type) => type.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath;

    private string FolderOf(string file)
    {
        var parts = file == "" ? [] : Path.GetRelativePath(_folder, file).Replace('\\', '/').Split('/');
        return parts.Length > 1 ? parts[0] : "";
    }
}
