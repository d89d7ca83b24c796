namespace Starling.Lwm2m;

/// <summary>The data types of LwM2M (Core 1.2 appendix C), and three kinds that are no data.</summary>
public enum ValueKind : byte
{
    /// <summary>No value: the record is a path only.</summary>
    None,
    /// <summary>A container without members: an instance without resources, a multiple resource without instances.</summary>
    Empty,
    /// <summary>Deletes (SenML-ETCH).</summary>
    Null,
    /// <summary>UTF-8 text.</summary>
    String,
    /// <summary>A signed number of up to 64 bits.</summary>
    Integer,
    /// <summary>An unsigned number of up to 64 bits.</summary>
    Unsigned,
    /// <summary>An IEEE 754 number of 32 or 64 bits.</summary>
    Float,
    /// <summary>True or false.</summary>
    Boolean,
    /// <summary>Bytes.</summary>
    Opaque,
    /// <summary>Seconds since 1970-01-01T00:00:00Z.</summary>
    Time,
    /// <summary>Object id and instance id; 65535:65535 is the null link.</summary>
    ObjectLink,
    /// <summary>A list in CoRE link format, as text.</summary>
    CoreLink,
}
