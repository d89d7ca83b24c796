using System.Buffers.Binary;

namespace Starling.Cbor;

/// <summary>
/// The head of a data item (RFC 8949 §3): its kind, and the argument that is a value, a length or a count.
/// <code>
/// | major (3) | info (5) | argument: 0, 1, 2, 4 or 8 bytes
/// </code>
/// </summary>
internal readonly record struct CborHead(int Info, ulong Argument, int Length)
{
    /// <summary>The info of what has no length beforehand, and of a break.</summary>
    public const byte Indefinite = 31;

    /// <summary>Reads the head at the front of what is not empty.</summary>
    public static CborError Read(ReadOnlySpan<byte> input, out CborHead head)
    {
        var info = input[0] & 0x1f;
        head = new CborHead(info, (ulong)info, 1);
        if (info < 24)
        {
            return CborError.None;
        }
        if (info == Indefinite)
        {
            return input[0] >> 5 is 2 or 3 or 4 or 5 ? CborError.None : CborError.Malformed;
        }
        if (info > 27)
        {
            return CborError.Malformed;
        }
        var rest = input[1..];
        var size = 1 << (info - 24);
        if (rest.Length < size)
        {
            return CborError.Truncated;
        }
        var argument = size switch
        {
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            4 => BinaryPrimitives.ReadUInt32BigEndian(rest),
            _ => BinaryPrimitives.ReadUInt64BigEndian(rest),
        };
        head = new CborHead(info, argument, 1 + size);
        return CborError.None;
    }

    /// <summary>The kind that the first byte of an item tells.</summary>
    public static CborKind KindOf(byte first) => (first >> 5) switch
    {
        0 => CborKind.Unsigned,
        1 => CborKind.Negative,
        2 => CborKind.Bytes,
        3 => CborKind.Text,
        4 => CborKind.Array,
        5 => CborKind.Map,
        6 => CborKind.Tag,
        _ => (first & 0x1f) switch
        {
            20 or 21 => CborKind.Boolean,
            22 => CborKind.Null,
            23 => CborKind.Undefined,
            25 or 26 or 27 => CborKind.Float,
            Indefinite => CborKind.Break,
            _ => CborKind.Simple,
        },
    };
}
