using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Starling.Lwm2m;

/// <summary>Reads one record of a SenML pack in JSON.</summary>
internal static class SenmlJsonRecord
{
    /// <summary>Reads an object and what it says.</summary>
    public static CodecErrorKind Read(ref JsonReader reader, ref SenmlFields fields)
    {
        if (!reader.TryEnterObject())
        {
            return reader.Error;
        }
        var isFirst = true;
        while (reader.HasNext(ref isFirst, '}'))
        {
            if (!reader.TryReadName(out var name))
            {
                return reader.Error;
            }
            var error = ReadField(ref reader, name, ref fields);
            if (error != CodecErrorKind.None)
            {
                return error;
            }
        }
        return reader.Error;
    }

    private static CodecErrorKind ReadField(ref JsonReader reader, ReadOnlySpan<byte> name, ref SenmlFields fields)
    {
        switch (name)
        {
            case [(byte)'n']:
                return reader.TryReadText(out var own) && fields.TrySetName(own) ? CodecErrorKind.None : Failure(reader);
            case [(byte)'b', (byte)'n']:
                return reader.TryReadText(out var baseName) && fields.TrySetBaseName(baseName) ? CodecErrorKind.None : Failure(reader);
            case [(byte)'t']:
                return TryReadDouble(ref reader, out var time) && fields.TrySetTime(time) ? CodecErrorKind.None : Failure(reader);
            case [(byte)'b', (byte)'t']:
                return TryReadDouble(ref reader, out var baseTime) && fields.TrySetBaseTime(baseTime) ? CodecErrorKind.None : Failure(reader);
            case [(byte)'b', (byte)'v', (byte)'e', (byte)'r']:
                fields.SetOther();
                return TryReadDouble(ref reader, out var version) ? Supported(version <= SenmlPack.Version) : Failure(reader);
            case [(byte)'u'] or [(byte)'b', (byte)'u']:
                return reader.TrySkip() ? CodecErrorKind.None : reader.Error;
            case [(byte)'b', (byte)'v'] or [.., (byte)'_']:
                return CodecErrorKind.Unsupported;
            case [(byte)'v', ..]:
                return ReadValue(ref reader, name[1..], ref fields);
            default:
                fields.SetOther();
                return reader.TrySkip() ? CodecErrorKind.None : reader.Error;
        }
    }

    private static CodecErrorKind ReadValue(ref JsonReader reader, ReadOnlySpan<byte> suffix, ref SenmlFields fields)
    {
        Lwm2mValue value;
        var expected = KindOf(suffix);
        if (expected == JsonKind.None)
        {
            fields.SetOther();
            return reader.TrySkip() ? CodecErrorKind.None : reader.Error;
        }
        var kind = reader.Peek();
        if (kind == JsonKind.Null && expected == JsonKind.Number)
        {
            return !reader.TrySkip() ? reader.Error : fields.TrySetValue(Lwm2mValue.Null) ? CodecErrorKind.None : CodecErrorKind.Malformed;
        }
        if (kind != expected)
        {
            return kind == JsonKind.None ? (reader.IsAtEnd ? CodecErrorKind.Truncated : CodecErrorKind.Malformed) : CodecErrorKind.Type;
        }
        var isTyped = expected switch
        {
            JsonKind.Number => TryReadNumber(ref reader, out value),
            JsonKind.Boolean => TryReadBoolean(ref reader, out value),
            _ => TryReadText(ref reader, suffix, out value),
        };
        if (!isTyped)
        {
            return reader.Error == CodecErrorKind.None ? CodecErrorKind.Type : reader.Error;
        }
        return fields.TrySetValue(value) ? CodecErrorKind.None : CodecErrorKind.Malformed;
    }

    // By what follows the v: v itself, vb, vs, vd, vlo.
    private static JsonKind KindOf(ReadOnlySpan<byte> suffix) => suffix switch
    {
        [] => JsonKind.Number,
        [(byte)'b'] => JsonKind.Boolean,
        [(byte)'s'] or [(byte)'d'] or [(byte)'l', (byte)'o'] => JsonKind.Text,
        _ => JsonKind.None,
    };

    private static bool TryReadText(ref JsonReader reader, ReadOnlySpan<byte> suffix, out Lwm2mValue value)
    {
        value = default;
        if (!reader.TryReadText(out var utf8))
        {
            return false;
        }
        if (suffix[0] == 'd')
        {
            var isRead = Base64Text.TryDecode(utf8, out var bytes);
            value = bytes;
            return isRead;
        }
        value = Encoding.UTF8.GetString(utf8);
        return suffix[0] == 's' || value.TryConvert(ValueKind.ObjectLink, out value);
    }

    private static bool TryReadBoolean(ref JsonReader reader, out Lwm2mValue value)
    {
        var isRead = reader.TryReadBoolean(out var truth);
        value = truth;
        return isRead;
    }

    /// <summary>A whole number that fits 64 bits stays one, exactly; whatever has a fraction, an exponent or more digits is a floating-point number.</summary>
    public static bool TryReadNumber(ref JsonReader reader, out Lwm2mValue value)
    {
        value = default;
        if (!reader.TryReadNumber(out var token))
        {
            return false;
        }
        if (Utf8Parser.TryParse(token, out long whole, out var length) && length == token.Length)
        {
            value = whole;
            return true;
        }
        if (Utf8Parser.TryParse(token, out ulong unsigned, out length) && length == token.Length)
        {
            value = Lwm2mValue.Unsigned(unsigned);
            return true;
        }
        var isFinite = double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
        value = number;
        return isFinite;
    }

    /// <summary>Reads a number as one with a fraction.</summary>
    public static bool TryReadDouble(ref JsonReader reader, out double number)
    {
        var isRead = TryReadNumber(ref reader, out var value);
        number = isRead ? value.AsFloat() : 0;
        return isRead;
    }

    private static CodecErrorKind Supported(bool isSupported) => isSupported ? CodecErrorKind.None : CodecErrorKind.Unsupported;

    /// <summary>What is wrong: the field could not be read, or it could and stood there before.</summary>
    public static CodecErrorKind Failure(in JsonReader reader) => reader.Error == CodecErrorKind.None ? CodecErrorKind.Malformed : reader.Error;
}
