using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>One value as text (content format 0; LwM2M Core 1.2 §7.4.1).</summary>
/// <code>
/// String, Corelnk   the text itself, UTF-8
/// Integer, Time     decimal, as in -5
/// Unsigned          decimal
/// Float             decimal without exponent, as in 21.5
/// Boolean           0 or 1
/// Opaque            Base64 with padding (RFC 4648 §4)
/// Objlnk            object:instance, as in 3:0
/// </code>
internal sealed class TextCodec : ContentCodec
{
    private const int MaxNumber = 400;   // the longest Float: 309 digits, or a sign, 0. and 324 places with 17 digits at their end

    public override ContentFormat Format => ContentFormat.Text;

    public override bool IsSingleValue => true;

    public override bool CanEncode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records) =>
        IsOneValue(scope, records) && records[0].Value is { Kind: >= ValueKind.String } value
        && (value.Kind != ValueKind.Float || double.IsFinite(value.AsFloat()));

    public override void Encode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records, IBufferWriter<byte> output)
    {
        ThrowUnlessEncodable(scope, records);
        var value = records[0].Value;
        switch (value.Kind)
        {
            case ValueKind.String or ValueKind.CoreLink:
                Encoding.UTF8.GetBytes(value.AsString(), output);
                break;
            case ValueKind.Opaque:
                var bytes = value.AsOpaque().Span;
                var room = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
                Base64.EncodeToUtf8(bytes, room, out _, out var written);
                output.Advance(written);
                break;
            case ValueKind.ObjectLink:
                Encoding.UTF8.GetBytes(value.AsObjectLink().ToString(), output);
                break;
            default:
                output.Advance(WriteNumber(value, output.GetSpan(MaxNumber)));
                break;
        }
    }

    public override CodecError Decode(in CodecScope scope, ReadOnlySpan<byte> input, RecordSet output)
    {
        if (scope.BasePath.Depth < 3)
        {
            return new CodecError(CodecErrorKind.Path);
        }
        if (!TryRead(new ResourceTypes(scope.Catalog).Find(scope.BasePath), input, out var value))
        {
            return new CodecError(CodecErrorKind.Type);
        }
        output.Add(scope.BasePath, value);
        return default;
    }

    private static int WriteNumber(Lwm2mValue value, Span<byte> room)
    {
        var written = 0;
        switch (value.Kind)
        {
            case ValueKind.Unsigned:
                value.AsUnsigned().TryFormat(room, out written, default, CultureInfo.InvariantCulture);
                break;
            case ValueKind.Float:
                PlainDecimal.TryFormat(value.AsFloat(), room, out written);
                break;
            case ValueKind.Boolean:
                room[0] = (byte)(value.AsBoolean() ? '1' : '0');
                written = 1;
                break;
            default:
                value.AsInteger().TryFormat(room, out written, default, CultureInfo.InvariantCulture);
                break;
        }
        return written;
    }

    private static bool TryRead(ValueKind type, ReadOnlySpan<byte> input, out Lwm2mValue value)
    {
        value = default;
        switch (type)
        {
            case ValueKind.Integer or ValueKind.Time when long.TryParse(input, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                value = type == ValueKind.Time ? Lwm2mValue.Time(whole) : whole;
                return true;
            case ValueKind.Unsigned when ulong.TryParse(input, NumberStyles.None, CultureInfo.InvariantCulture, out var unsigned):
                value = Lwm2mValue.Unsigned(unsigned);
                return true;
            case ValueKind.Float when TryReadFloat(input, out var number):
                value = number;
                return true;
            case ValueKind.Boolean when input is [(byte)'0' or (byte)'1']:
                value = input[0] == '1';
                return true;
            case ValueKind.Opaque when Base64Text.TryDecode(input, out var bytes):
                value = bytes;
                return true;
            case ValueKind.ObjectLink when Utf8.IsValid(input) && ObjectLink.TryParse(Encoding.UTF8.GetString(input), out var link):
                value = Lwm2mValue.ObjectLink(link);
                return true;
            case ValueKind.CoreLink or ValueKind.String or ValueKind.None when Utf8.IsValid(input):
                var text = Encoding.UTF8.GetString(input);
                value = type == ValueKind.CoreLink ? Lwm2mValue.CoreLink(text) : text;
                return true;
            default:
                return false;
        }
    }

    // Exponents are not the format's, but harmless; what has no finite value is no number.
    private static bool TryReadFloat(ReadOnlySpan<byte> input, out double number) =>
        double.TryParse(input, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);
}
