namespace Starling.Cbor;

/// <summary>Why reading stopped. The first error stays: after it nothing is read any more.</summary>
public enum CborError : byte
{
    /// <summary>It did not.</summary>
    None,
    /// <summary>The input ends inside an item, or an array says it has more items than there are bytes left.</summary>
    Truncated,
    /// <summary>Not well-formed (RFC 8949 §3): reserved lengths, a break where none may be, a chunk of another type.</summary>
    Malformed,
    /// <summary>A text string that is not UTF-8 (RFC 8949 §3.1).</summary>
    NotText,
    /// <summary>The item is of another kind than the one asked for.</summary>
    OtherKind,
    /// <summary>The number does not fit what was asked for.</summary>
    Overflow,
    /// <summary>Nested deeper than the reader's limit.</summary>
    TooDeep,
}
