using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Starling.Lwm2m;

/// <summary>The value of a resource or resource instance in TLV (LwM2M Core 1.2 appendix C).</summary>
/// <code>
/// String, Corelnk   UTF-8
/// Integer, Time     two's complement in 1, 2, 4 or 8 bytes     Unsigned   1, 2, 4 or 8 bytes
/// Float             IEEE 754 in 4 or 8 bytes                   Boolean    1 byte, 0 or 1
/// Objlnk            object, instance: 2 bytes each             Opaque     the bytes
/// Numbers are big-endian.
/// </code>
internal static class TlvValue
{
    /// <summary>Reads a value of this type. An unknown type is opaque: TLV itself tells none.</summary>
    public static bool TryRead(ValueKind type, ReadOnlySpan<byte> bytes, out Lwm2mValue value)
    {
        value = default;
        switch (type)
        {
            case ValueKind.String or ValueKind.CoreLink when Utf8.IsValid(bytes):
                var text = Encoding.UTF8.GetString(bytes);
                value = type == ValueKind.String ? text : Lwm2mValue.CoreLink(text);
                return true;
            case ValueKind.Integer or ValueKind.Time when TryReadSigned(bytes, out var whole):
                value = type == ValueKind.Integer ? whole : Lwm2mValue.Time(whole);
                return true;
            case ValueKind.Unsigned when TryReadUnsigned(bytes, out var unsigned):
                value = Lwm2mValue.Unsigned(unsigned);
                return true;
            case ValueKind.Float when bytes.Length is 4 or 8:
                value = bytes.Length == 4 ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadDoubleBigEndian(bytes);
                return true;
            case ValueKind.Boolean when bytes is [0 or 1]:
                value = bytes[0] == 1;
                return true;
            case ValueKind.ObjectLink when bytes.Length == 4:
                value = Lwm2mValue.ObjectLink(new ObjectLink(BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])));
                return true;
            case ValueKind.Opaque or ValueKind.None:
                value = bytes.ToArray();
                return true;
            default:
                return false;
        }
    }

    /// <summary>How many bytes a value takes.</summary>
    public static int SizeOf(Lwm2mValue value) => value.Kind switch
    {
        ValueKind.String or ValueKind.CoreLink => Encoding.UTF8.GetByteCount(value.AsString()),
        ValueKind.Opaque => value.AsOpaque().Length,
        ValueKind.Unsigned => value.AsUnsigned() switch { <= byte.MaxValue => 1, <= ushort.MaxValue => 2, <= uint.MaxValue => 4, _ => 8 },
        ValueKind.Float => (float)value.AsFloat() == value.AsFloat() || double.IsNaN(value.AsFloat()) ? 4 : 8,
        ValueKind.Boolean => 1,
        ValueKind.ObjectLink => 4,
        _ => value.AsInteger() switch
        {
            >= sbyte.MinValue and <= sbyte.MaxValue => 1,
            >= short.MinValue and <= short.MaxValue => 2,
            >= int.MinValue and <= int.MaxValue => 4,
            _ => 8,
        },
    };

    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="output">Exactly <see cref="SizeOf"/> bytes.</param>
    public static void Write(Lwm2mValue value, Span<byte> output)
    {
        switch (value.Kind)
        {
            case ValueKind.String or ValueKind.CoreLink:
                Encoding.UTF8.GetBytes(value.AsString(), output);
                break;
            case ValueKind.Opaque:
                value.AsOpaque().Span.CopyTo(output);
                break;
            case ValueKind.Unsigned:
                WriteLow(value.AsUnsigned(), output);
                break;
            case ValueKind.Float when output.Length == 4:
                BinaryPrimitives.WriteSingleBigEndian(output, (float)value.AsFloat());
                break;
            case ValueKind.Float:
                BinaryPrimitives.WriteDoubleBigEndian(output, value.AsFloat());
                break;
            case ValueKind.Boolean:
                output[0] = value.AsBoolean() ? (byte)1 : (byte)0;
                break;
            case ValueKind.ObjectLink:
                BinaryPrimitives.WriteUInt16BigEndian(output, value.AsObjectLink().ObjectId);
                BinaryPrimitives.WriteUInt16BigEndian(output[2..], value.AsObjectLink().InstanceId);
                break;
            default:
                WriteLow((ulong)value.AsInteger(), output);
                break;
        }
    }

    private static bool TryReadSigned(ReadOnlySpan<byte> bytes, out long value)
    {
        value = bytes.Length switch
        {
            1 => (sbyte)bytes[0],
            2 => BinaryPrimitives.ReadInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadInt32BigEndian(bytes),
            8 => BinaryPrimitives.ReadInt64BigEndian(bytes),
            _ => 0,
        };
        return bytes.Length is 1 or 2 or 4 or 8;
    }

    private static bool TryReadUnsigned(ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = bytes.Length switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            8 => BinaryPrimitives.ReadUInt64BigEndian(bytes),
            _ => 0,
        };
        return bytes.Length is 1 or 2 or 4 or 8;
    }

    private static void WriteLow(ulong value, Span<byte> output)
    {
        for (var i = output.Length - 1; i >= 0; i--)
        {
            output[i] = (byte)value;
            value >>= 8;
        }
    }
}
