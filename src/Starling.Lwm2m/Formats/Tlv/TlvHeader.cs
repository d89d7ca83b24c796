using System.Buffers.Binary;

namespace Starling.Lwm2m;

/// <summary>What a TLV is, bits 7 and 6 of its first byte.</summary>
internal enum TlvKind : byte
{
    /// <summary>An object instance with resources in it.</summary>
    Instance = 0x00,
    /// <summary>An instance of a multiple resource.</summary>
    ResourceInstance = 0x40,
    /// <summary>A multiple resource with its instances in it.</summary>
    MultipleResource = 0x80,
    /// <summary>A resource.</summary>
    Resource = 0xc0,
}

/// <summary>What stands in front of a TLV's value (LwM2M Core 1.2 §7.4.4).</summary>
/// <code>
///  7 6 5 4 3 2 1 0
/// |kind |I|L L|len|   id: 1 byte, 2 where I is set
///                     length: none where LL is 00 (it is len then, 0–7), else 1, 2 or 3 bytes
///                     value: length bytes
/// </code>
internal readonly record struct TlvHeader(TlvKind Kind, int Id, int Length)
{
    /// <summary>The longest header.</summary>
    public const int MaxSize = 6;

    /// <summary>The longest value.</summary>
    public const int MaxLength = 0xffffff;

    /// <summary>Reads a header and moves the input behind it. Its value may be cut short.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> input, out TlvHeader header)
    {
        header = default;
        if (input.IsEmpty)
        {
            return false;
        }
        var first = input[0];
        var idSize = (first & 0x20) != 0 ? 2 : 1;
        var lengthSize = (first >> 3) & 3;
        var size = 1 + idSize + lengthSize;
        if (input.Length < size)
        {
            return false;
        }
        var id = idSize == 2 ? BinaryPrimitives.ReadUInt16BigEndian(input[1..]) : input[1];
        var length = lengthSize == 0 ? first & 7 : 0;
        foreach (var digit in input[(1 + idSize)..size])
        {
            length = (length << 8) | digit;
        }
        header = new TlvHeader((TlvKind)(first & 0xc0), id, length);
        input = input[size..];
        return true;
    }

    /// <summary>Writes the shortest form.</summary>
    /// <returns>How many bytes it took, at most <see cref="MaxSize"/>.</returns>
    public int Write(Span<byte> output)
    {
        var lengthSize = Length switch { < 8 => 0, <= 0xff => 1, <= 0xffff => 2, _ => 3 };
        var size = 1;
        if (Id > 0xff)
        {
            output[size++] = (byte)(Id >> 8);
        }
        output[size++] = (byte)Id;
        output[0] = (byte)((int)Kind | (Id > 0xff ? 0x20 : 0) | (lengthSize << 3) | (lengthSize == 0 ? Length : 0));
        for (var shift = (lengthSize - 1) * 8; shift >= 0; shift -= 8)
        {
            output[size++] = (byte)(Length >> shift);
        }
        return size;
    }
}
