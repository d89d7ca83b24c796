namespace Starling.Lwm2m;

/// <summary>What an object's definition says of one resource.</summary>
public sealed record ResourceDefinition
{
    /// <summary>The resource's number, 0 to 65534.</summary>
    public required int Id { get; init; }
    /// <summary>The name.</summary>
    public required string Name { get; init; }
    /// <summary>What may be done; <see cref="ResourceOperations.None"/>: by bootstrap only.</summary>
    public ResourceOperations Operations { get; init; }
    /// <summary>Whether it has instances.</summary>
    public bool IsMultiple { get; init; }
    /// <summary>Whether every instance of the object has it.</summary>
    public bool IsMandatory { get; init; }
    /// <summary>The type; <see cref="ValueKind.None"/> for what is executed.</summary>
    public ValueKind Type { get; init; }
    /// <summary>The range or enumeration as it is written; empty for none.</summary>
    public string Range { get; init; } = "";
    /// <summary>The unit as it is written; empty for none.</summary>
    public string Units { get; init; } = "";
    /// <summary>What it is.</summary>
    public string Description { get; init; } = "";
}

/// <summary>What servers may do with a resource.</summary>
[Flags]
public enum ResourceOperations : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Read and observe.</summary>
    Read = 1,
    /// <summary>Write.</summary>
    Write = 2,
    /// <summary>Execute.</summary>
    Execute = 4,
}
