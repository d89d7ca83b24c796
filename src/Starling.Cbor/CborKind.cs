namespace Starling.Cbor;

/// <summary>What the next item is (RFC 8949 §3).</summary>
public enum CborKind : byte
{
    /// <summary>There is none: the end of the input, or reading failed.</summary>
    None,
    /// <summary>An integer of 0 to 2^64−1 (major type 0).</summary>
    Unsigned,
    /// <summary>An integer of −2^64 to −1 (major type 1).</summary>
    Negative,
    /// <summary>Bytes (major type 2).</summary>
    Bytes,
    /// <summary>UTF-8 text (major type 3).</summary>
    Text,
    /// <summary>A list of items (major type 4).</summary>
    Array,
    /// <summary>Pairs of items (major type 5).</summary>
    Map,
    /// <summary>A number that says what the item behind it means (major type 6).</summary>
    Tag,
    /// <summary>False or true.</summary>
    Boolean,
    /// <summary>Null.</summary>
    Null,
    /// <summary>Undefined.</summary>
    Undefined,
    /// <summary>Another simple value.</summary>
    Simple,
    /// <summary>A floating-point number of 16, 32 or 64 bits.</summary>
    Float,
    /// <summary>The end of an array or map that did not tell its length.</summary>
    Break,
}
