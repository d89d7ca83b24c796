using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>The objects that the program knows: those that Starling brings along, and those of a folder.</summary>
internal static class KnownObjects
{
    /// <summary>All of them.</summary>
    /// <param name="data">The folder of <c>--data</c>, whose folder <c>objects</c> holds definitions; null for none.</param>
    public static ObjectCatalog All(string? data = null) =>
        data is null ? ObjectCatalog.Standard : ObjectCatalog.Standard.With(ReadFolder(FolderOf(data)));

    /// <summary>Where the folder of <c>--data</c> holds definitions.</summary>
    public static string FolderOf(string data) => Path.Combine(data, "objects");

    /// <summary>The objects of a definition file.</summary>
    public static IReadOnlyList<ObjectDefinition> ReadFile(string file)
    {
        try
        {
            using var xml = File.OpenRead(file);
            return DefinitionXml.TryRead(xml, out var definitions, out var errors)
                ? definitions
                : throw new VerbException(ExitCode.Usage, $"{file} is no object definition: {errors[0]}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCode.Usage, $"{file} cannot be read: {unreadable.Message}");
        }
    }

    private static List<ObjectDefinition> ReadFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return [.. Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal).SelectMany(ReadFile)];
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCode.Usage, $"--data: {folder} cannot be used: {unusable.Message}");
        }
    }
}
