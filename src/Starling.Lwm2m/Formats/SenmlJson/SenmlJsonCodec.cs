using System.Buffers;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>
/// Resources as SenML records in JSON (content format 110; RFC 8428 §5, LwM2M Core 1.2 §7.4.5), and as what is to be fetched or patched
/// (320; RFC 8790 §3).
/// </summary>
/// <code>
/// [ { ? "bn": text, ? "bt": number, ? "n": text, ? "t": number, value }, … ]
/// value = "v": number | "vs": text | "vb": true, false | "vd": base64url text | "vlo": text, as in "3:0"
/// Whole numbers of 64 bits are read and written exactly; NaN and infinity cannot be said.
/// Other fields are read over, unless their name ends in "_" (RFC 8428 §4.4) or they would change the value ("bv").
/// 320 = [ { "n": text }, … ]   fetch: paths only, nothing but names, times and units
///     | [ record, … ]          patch: value may also be "v": null, which deletes
/// </code>
internal sealed class SenmlJsonCodec(bool isEtch) : ContentCodec
{
    public override ContentFormat Format => isEtch ? ContentFormat.SenmlEtchJson : ContentFormat.SenmlJson;

    public override bool CanEncode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records)
    {
        foreach (ref readonly var record in records)
        {
            if (record.Value.Kind == ValueKind.Float && !double.IsFinite(record.Value.AsFloat()))
            {
                return false;
            }
        }
        return isEtch ? SenmlNames.CanSayEtch(scope, records) : SenmlNames.CanSay(scope, records);
    }

    public override void Encode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records, IBufferWriter<byte> output)
    {
        ThrowUnlessEncodable(scope, records);
        var writer = new JsonWriter(output);
        var endsInSlash = SenmlNames.EndsInSlash(scope, records);
        writer.WriteRaw("["u8);
        for (var i = 0; i < records.Length && records[i].Value.Kind != ValueKind.Empty; i++)
        {
            WriteRecord(ref writer, scope, records[i], i == 0, endsInSlash);
        }
        writer.WriteRaw("]"u8);
        writer.Flush();
    }

    public override CodecError Decode(in CodecScope scope, ReadOnlySpan<byte> input, RecordSet output)
    {
        var reader = new JsonReader(input, MaxDepth);
        var pack = new SenmlPack(scope, output, isEtch ? SenmlKind.Etch : SenmlKind.Values);
        if (!reader.TryEnterArray())
        {
            return new CodecError(reader.Error, reader.Position);
        }
        var isFirst = true;
        while (reader.HasNext(ref isFirst, ']'))
        {
            SenmlFields fields = default;
            var error = SenmlJsonRecord.Read(ref reader, ref fields);
            error = error == CodecErrorKind.None ? pack.Add(fields) : error;
            if (error != CodecErrorKind.None)
            {
                return new CodecError(error, reader.Position);
            }
        }
        if (reader.Error != CodecErrorKind.None)
        {
            return new CodecError(reader.Error, reader.Position);
        }
        if (pack.Finish() is var unfinished and not CodecErrorKind.None)
        {
            return new CodecError(unfinished, reader.Position);
        }
        return reader.IsAtEnd ? default : new CodecError(CodecErrorKind.TrailingBytes, reader.Position);
    }

    private void WriteRecord(ref JsonWriter writer, in CodecScope scope, in Lwm2mRecord record, bool isFirst, bool endsInSlash)
    {
        var depth = scope.BasePath.Depth;
        writer.WriteRaw(isFirst ? "{"u8 : ",{"u8);
        if (isEtch)
        {
            writer.WriteRaw("\"n\":"u8);
            WriteWholeName(ref writer, scope, record.Path);
            writer.WriteRaw(record.Value.Kind == ValueKind.None ? ""u8 : ","u8);
        }
        else if (isFirst)
        {
            writer.WriteRaw("\"bn\":"u8);
            WriteBaseName(ref writer, scope, endsInSlash);
            writer.WriteRaw(","u8);
        }
        if (!isEtch && record.Path.Depth > depth)
        {
            Span<byte> name = stackalloc byte[SenmlNames.MaxName];
            writer.WriteRaw("\"n\":\""u8);
            writer.WriteRaw(name[..SenmlNames.WriteFrom(record.Path, depth, name, slashFirst: !endsInSlash)]);
            writer.WriteRaw("\","u8);
        }
        if (record.Time is { } time)
        {
            writer.WriteRaw("\"t\":"u8);
            writer.WriteTime(SenmlNames.SecondsOf(time));
            writer.WriteRaw(","u8);
        }
        WriteValue(ref writer, record.Value);
        writer.WriteRaw("}"u8);
    }

    // The alternate path is the device's own text and may need escapes.
    private static void WriteBaseName(ref JsonWriter writer, in CodecScope scope, bool endsInSlash)
    {
        if (scope.Root.Length > 0)
        {
            writer.WriteText(SenmlNames.BaseText(scope, endsInSlash));
            return;
        }
        Span<byte> name = stackalloc byte[SenmlNames.MaxName + 1];
        writer.WriteRaw("\""u8);
        writer.WriteRaw(name[..SenmlNames.WriteBase(scope, endsInSlash, name)]);
        writer.WriteRaw("\""u8);
    }

    private static void WriteWholeName(ref JsonWriter writer, in CodecScope scope, Lwm2mPath path)
    {
        if (scope.Root.Length > 0)
        {
            writer.WriteText(path.IsRoot ? scope.Root : scope.Root + path);
            return;
        }
        Span<byte> name = stackalloc byte[SenmlNames.MaxName];
        writer.WriteRaw("\""u8);
        writer.WriteRaw(name[..SenmlNames.WriteWhole(scope, path, name)]);
        writer.WriteRaw("\""u8);
    }

    private static void WriteValue(ref JsonWriter writer, Lwm2mValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.String or ValueKind.CoreLink:
                writer.WriteRaw("\"vs\":"u8);
                writer.WriteText(value.AsString());
                break;
            case ValueKind.Boolean:
                writer.WriteRaw(value.AsBoolean() ? "\"vb\":true"u8 : "\"vb\":false"u8);
                break;
            case ValueKind.Opaque:
                writer.WriteRaw("\"vd\":"u8);
                writer.WriteBytes(value.AsOpaque().Span);
                break;
            case ValueKind.ObjectLink:
                writer.WriteRaw("\"vlo\":"u8);
                writer.WriteText(value.AsObjectLink().ToString());
                break;
            case ValueKind.None:
                break;
            case ValueKind.Null:
                writer.WriteRaw("\"v\":null"u8);
                break;
            default:
                writer.WriteRaw("\"v\":"u8);
                writer.WriteNumber(value);
                break;
        }
    }
}
