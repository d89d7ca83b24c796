using System.Reflection;

namespace Starling.Architecture.Tests;

public sealed class StyleTests
{
    private const int MaxLines = 400;
    private static readonly string[] _refusedEnds = ["Manager", "Helper", "Helpers", "Util", "Utils", "Impl", "Factory", "Provider", "Wrapper", "Info", "Data", "Processor", "Options"];
    private static readonly string[] _refusedStarts = ["Default", "Base", "Abstract"];

    public static TheoryData<string> Projects => [.. House.Arrows.Keys];

    [Fact]
    public void Source_file_is_short()
    {
        string[] folders = ["src", "tests", "fuzz", "bench", "samples"];
        var files = folders.SelectMany(House.Sources).Select(f => (File: House.Name(f), Lines: File.ReadAllLines(f).Length));
        Assert.DoesNotContain(files, f => f.Lines > MaxLines);
    }

    [Fact]
    public void Source_leaves_no_mark_of_something_half_done()
    {
        string[] marks = ["NotImplementedException", "TO" + "DO", "FIX" + "ME", "HA" + "CK"];
        var found = from file in House.Sources("src")
                    from mark in marks
                    where File.ReadAllText(file).Contains(mark, StringComparison.Ordinal)
                    select $"{House.Name(file)}: {mark}";
        Assert.Empty(found);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespace_is_the_project(string project) =>
        Assert.Empty(House.WrittenTypes(project).Where(t => t.Namespace != project).Select(t => t.FullName));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Type_name_has_no_refused_part(string project)
    {
        var refused = House.WrittenTypes(project).Select(t => t.Name.Split('`')[0]).Where(IsRefused);
        Assert.Empty(refused);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_has_no_mutable_static(string project)
    {
        const BindingFlags statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var mutable = House.WrittenTypes(project).SelectMany(t => t.GetFields(statics))
            .Where(f => !f.IsLiteral && (!f.IsInitOnly || IsMutableCollection(f.FieldType)) && !IsCompilersOwn(f));
        Assert.Empty(mutable.Select(f => $"{f.DeclaringType!.FullName}.{f.Name}"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Class_is_sealed_unless_something_derives_from_it(string project)
    {
        var bases = House.Arrows.Keys.SelectMany(House.WrittenTypes).Select(t => t.BaseType).OfType<Type>()
            .Select(t => t.IsGenericType ? t.GetGenericTypeDefinition() : t).ToHashSet();
        var open = House.WrittenTypes(project).Where(t => t.IsClass && !t.IsSealed && !t.IsAbstract && !bases.Contains(t) && !IsPage(t));
        Assert.Empty(open.Select(t => t.FullName));
    }

    [Fact]
    public void Interfaces_are_those_that_the_document_lists()
    {
        var listed = House.Table("| interface | project |").Select(r => $"{r[1]}.{r[0].Trim('`')}");
        var written = House.Arrows.Keys.SelectMany(House.WrittenTypes).Where(t => t.IsInterface).Select(t => t.FullName!.Split('`')[0]);
        Assert.Equal(written.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    // A class that is made of markup is public and open: its compiler knows nothing else.
    private static bool IsPage(Type type) => type.BaseType?.FullName == "Microsoft.AspNetCore.Components.ComponentBase" || type.Name == "_Imports";

    private static bool IsRefused(string name) =>
        _refusedEnds.Any(e => name.EndsWith(e, StringComparison.Ordinal) && !IsWordOfCoap(name))
        || _refusedStarts.Any(s => name.StartsWith(s, StringComparison.Ordinal) && name.Length > s.Length && char.IsUpper(name[s.Length]));

    // Options are a part of every CoAP message (RFC 7252 §5.10), never configuration.
    private static bool IsWordOfCoap(string name) => name == "CoapOptions";

    private static bool IsCompilersOwn(FieldInfo field) =>
        field.Name.StartsWith("<>", StringComparison.Ordinal)
        || field.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), false);

    private static bool IsMutableCollection(Type type)
    {
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return definition == typeof(List<>) || definition == typeof(Dictionary<,>) || definition == typeof(HashSet<>)
            || definition == typeof(Queue<>) || definition == typeof(Stack<>)
            || definition.Namespace == "System.Collections.Concurrent"
            || definition == typeof(System.Runtime.CompilerServices.ConditionalWeakTable<,>);
    }
}
