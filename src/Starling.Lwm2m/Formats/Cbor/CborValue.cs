using System.Globalization;
using System.Text;
using Starling.Cbor;

namespace Starling.Lwm2m;

/// <summary>One value as a CBOR item, as all formats of the CBOR family have it (LwM2M Core 1.2 appendix C).</summary>
/// <code>
/// String, Corelnk   text            Integer, Time, Unsigned   integer
/// Float             float           Boolean                   false, true
/// Opaque            bytes           Objlnk                    text, as in "3:0"
/// Time, when read, may also be tag 0 (text) or tag 1 (number) (RFC 8949 §3.4.1, §3.4.2)
/// </code>
internal static class CborValue
{
    private static readonly string[] _dates = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Writes a value of a kind that is data, or null.</summary>
    public static void Write(ref CborWriter writer, Lwm2mValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.String or ValueKind.CoreLink:
                writer.WriteText(value.AsString());
                break;
            case ValueKind.Unsigned:
                writer.WriteUnsigned(value.AsUnsigned());
                break;
            case ValueKind.Float:
                writer.WriteDouble(value.AsFloat());
                break;
            case ValueKind.Boolean:
                writer.WriteBoolean(value.AsBoolean());
                break;
            case ValueKind.Opaque:
                writer.WriteBytes(value.AsOpaque().Span);
                break;
            case ValueKind.ObjectLink:
                writer.WriteText(value.AsObjectLink().ToString());
                break;
            case ValueKind.Null:
                writer.WriteNull();
                break;
            default:
                writer.WriteInteger(value.AsInteger());
                break;
        }
    }

    /// <summary>Reads a value as the kind that CBOR gives it. The error, if any, is also the reader's or a tag that means nothing here.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="output">The set that it is for, which keeps texts.</param>
    /// <param name="value">The value.</param>
    public static CodecErrorKind Read(ref CborReader reader, RecordSet output, out Lwm2mValue value)
    {
        value = default;
        switch (reader.Peek())
        {
            case CborKind.Unsigned when reader.TryReadUInt64(out var unsigned):
                value = unsigned <= long.MaxValue ? (long)unsigned : Lwm2mValue.Unsigned(unsigned);
                return CodecErrorKind.None;
            case CborKind.Negative when reader.TryReadInt64(out var negative):
                value = negative;
                return CodecErrorKind.None;
            case CborKind.Float when reader.TryReadDouble(out var number):
                value = number;
                return CodecErrorKind.None;
            case CborKind.Text when reader.TryReadText(out var utf8):
                value = output.Text(utf8);
                return CodecErrorKind.None;
            case CborKind.Bytes when reader.TryReadBytes(out var bytes):
                value = bytes.ToArray();
                return CodecErrorKind.None;
            case CborKind.Boolean when reader.TryReadBoolean(out var truth):
                value = truth;
                return CodecErrorKind.None;
            case CborKind.Tag when reader.TryReadTag(out var tag):
                return ReadTagged(ref reader, tag, output, out value);
            default:
                return reader.Error == CborError.None ? OtherThanValue(reader) : ErrorOf(reader.Error);
        }
    }

    /// <summary>What a CBOR error is to a codec.</summary>
    public static CodecErrorKind ErrorOf(CborError error) => error switch
    {
        CborError.None => CodecErrorKind.None,
        CborError.Truncated => CodecErrorKind.Truncated,
        CborError.Overflow => CodecErrorKind.Type,
        CborError.TooDeep => CodecErrorKind.Limit,
        _ => CodecErrorKind.Malformed,
    };

    private static CodecErrorKind ReadTagged(ref CborReader reader, ulong tag, RecordSet output, out Lwm2mValue value)
    {
        value = default;
        if (tag > 1)
        {
            return CodecErrorKind.Unsupported;
        }
        if (reader.Peek() == CborKind.Tag)
        {
            return CodecErrorKind.Malformed;
        }
        var error = Read(ref reader, output, out var inner);
        if (error != CodecErrorKind.None)
        {
            return error;
        }
        return (tag == 0 ? TryReadDate(inner, out value) : TryReadEpoch(inner, out value)) ? CodecErrorKind.None : CodecErrorKind.Type;
    }

    private static bool TryReadDate(Lwm2mValue text, out Lwm2mValue value)
    {
        value = default;
        if (text.Kind != ValueKind.String
            || !DateTimeOffset.TryParseExact(text.AsString(), _dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return false;
        }
        value = Lwm2mValue.Time(time);
        return true;
    }

    // LwM2M's times are whole seconds: a fraction is cut off, towards the past.
    private static bool TryReadEpoch(Lwm2mValue number, out Lwm2mValue value) =>
        (number.Kind == ValueKind.Float ? Lwm2mValue.Float(Math.Floor(number.AsFloat())) : number).TryConvert(ValueKind.Time, out value);

    private static CodecErrorKind OtherThanValue(in CborReader reader) => reader.Peek() switch
    {
        CborKind.None => CodecErrorKind.Truncated,
        CborKind.Break => CodecErrorKind.Malformed,
        _ => CodecErrorKind.Type,
    };
}
