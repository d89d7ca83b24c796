namespace Starling.Lwm2m;

/// <summary>How much a file of object definitions may hold. A file beyond is refused as a whole.</summary>
public sealed record DefinitionLimits
{
    /// <summary>The limits that hold where none are given.</summary>
    public static DefinitionLimits Standard { get; } = new();

    /// <summary>The most characters of a file; 2 097 152 by default.</summary>
    public int MaxCharacters { get; init; } = 2 * 1024 * 1024;

    /// <summary>How deep its elements may nest; 32 by default.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>The most objects of a file; 64 by default.</summary>
    public int MaxObjects { get; init; } = 64;

    /// <summary>The most resources of an object; 4096 by default.</summary>
    public int MaxResources { get; init; } = 4096;

    /// <summary>The most characters of one text; 16 384 by default.</summary>
    public int MaxText { get; init; } = 16 * 1024;

    /// <summary>How many errors are told; 32 by default.</summary>
    public int MaxErrors { get; init; } = 32;
}
