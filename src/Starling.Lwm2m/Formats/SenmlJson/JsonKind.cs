namespace Starling.Lwm2m;

/// <summary>What the next JSON value is.</summary>
internal enum JsonKind : byte
{
    /// <summary>None: the end, or nothing that begins a value.</summary>
    None,
    /// <summary>A list.</summary>
    Array,
    /// <summary>Names and values.</summary>
    Object,
    /// <summary>Text.</summary>
    Text,
    /// <summary>A number.</summary>
    Number,
    /// <summary>True or false.</summary>
    Boolean,
    /// <summary>Null.</summary>
    Null,
}
