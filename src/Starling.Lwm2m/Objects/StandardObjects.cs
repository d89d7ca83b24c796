using System.Reflection;

namespace Starling.Lwm2m;

/// <summary>The definition files of the folder <c>objects</c>, which are part of this assembly.</summary>
internal static class StandardObjects
{
    public static ObjectCatalog Catalog { get; } = new(Read());

    private static List<ObjectDefinition> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var all = new List<ObjectDefinition>();
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (!name.EndsWith(".xml", StringComparison.Ordinal))
            {
                continue;
            }
            using var file = assembly.GetManifestResourceStream(name)!;
            all.AddRange(DefinitionXml.TryRead(file, out var definitions, out var errors)
                ? definitions
                : throw new InvalidOperationException($"The definition file {name} is damaged: {errors[0]}"));
        }
        return all;
    }
}
