using System.Buffers.Binary;

namespace Starling.Coap;

/// <summary>
/// A token of 0 to 8 bytes, by value (RFC 7252 §5.3.1). The first byte on the wire is the most significant one of <paramref name="Bits"/>;
/// bytes beyond the length are zero.
/// </summary>
public readonly record struct CoapToken(ulong Bits, byte Length)
{
    /// <summary>The longest token that is accepted here; RFC 8974's longer ones are refused.</summary>
    public const int MaxLength = 8;

    /// <summary>Takes 0 to 8 bytes.</summary>
    public static CoapToken From(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxLength);
        if (bytes.Length == MaxLength)
        {
            return new CoapToken(BinaryPrimitives.ReadUInt64BigEndian(bytes), MaxLength);
        }
        Span<byte> padded = stackalloc byte[MaxLength];
        padded.Clear();
        bytes.CopyTo(padded);
        return new CoapToken(BinaryPrimitives.ReadUInt64BigEndian(padded), (byte)bytes.Length);
    }

    /// <summary>Writes the token's bytes and says how many there are.</summary>
    /// <param name="destination">Room for <see cref="MaxLength"/> bytes.</param>
    public int CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, Bits);
        return Length;
    }

    /// <summary>The token in hexadecimal digits; empty for the empty token.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        return Convert.ToHexStringLower(bytes[..CopyTo(bytes)]);
    }
}
