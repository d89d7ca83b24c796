using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>The objects that the program knows: its own, and those of a folder.</summary>
internal static class KnownObjects
{
    /// <summary>All of them.</summary>
    /// <param name="data">The folder of <c>--data</c>; null for none.</param>
    public static ObjectCatalog All(string? data = null) => throw new NotImplementedException();
    public static ObjectDefinition ReadFile(string file) => throw new NotImplementedException();
}
