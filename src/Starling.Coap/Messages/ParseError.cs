namespace Starling.Coap;

/// <summary>What is wrong with a datagram (RFC 7252 §3, §4.2, §4.3).</summary>
public enum ParseError : byte
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>Shorter than a header: ignored.</summary>
    TooShort,
    /// <summary>Not version 1: ignored.</summary>
    Version,
    /// <summary>A token length of 9 to 15 (RFC 8974 is refused), or a token beyond the end.</summary>
    TokenLength,
    /// <summary>An empty message that carries something.</summary>
    EmptyWithContent,
    /// <summary>A code of a reserved class (1, 6, 7), or a type that the code cannot have.</summary>
    Code,
    /// <summary>An option header beyond the end, or one with the reserved nibble 15.</summary>
    OptionHeader,
    /// <summary>Option numbers that add up to more than 65 535.</summary>
    OptionNumber,
    /// <summary>An option value beyond the end.</summary>
    OptionLength,
    /// <summary>A payload marker with nothing behind it.</summary>
    EmptyPayload,
    /// <summary>More options than <c>Limits.Options</c>.</summary>
    TooManyOptions,
}
