namespace Starling.Crypto;

/// <summary>An ECDSA-Sig-Value on P-256 (RFC 3279 §2.2.3): only its one form in DER, and only numbers that a signature can have.</summary>
/// <code>
/// | 30 | length | 02 | length | r | 02 | length | s |      lengths in one byte; r and s without needless zeros, not negative
/// </code>
internal static class SignatureValue
{
    /// <summary>r and s as 32 bytes each.</summary>
    public const int PlainSize = 2 * NumberSize;

    private const int NumberSize = 32;
    private const byte Sequence = 0x30;
    private const byte Integer = 0x02;

    // n, how many points the curve has (SEC 2 §2.4.2).
    private static ReadOnlySpan<byte> Order =>
    [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];

    /// <summary>Reads r and s into 64 bytes. False: it is anything but such a value, whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> der, Span<byte> plain)
    {
        if (der.Length < 2 || der[0] != Sequence || der[1] != der.Length - 2)
        {
            return false;
        }
        var rest = der[2..];
        return TryReadNumber(ref rest, plain[..NumberSize]) && TryReadNumber(ref rest, plain[NumberSize..PlainSize]) && rest.IsEmpty;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> rest, Span<byte> number)
    {
        if (rest.Length < 3 || rest[0] != Integer || rest[1] is 0 or > NumberSize + 1 || rest.Length < 2 + rest[1])
        {
            return false;
        }
        var value = rest.Slice(2, rest[1]);
        rest = rest[(2 + value.Length)..];
        var isNegative = value[0] > 0x7f;
        var isPadded = value.Length > 1 && value[0] == 0;
        if (isNegative || (isPadded && value[1] <= 0x7f))
        {
            return false;
        }
        value = isPadded ? value[1..] : value;
        if (value.Length > NumberSize)
        {
            return false;
        }
        number.Clear();
        value.CopyTo(number[(NumberSize - value.Length)..]);
        return number.ContainsAnyExcept((byte)0) && number.SequenceCompareTo(Order) < 0;
    }
}
