using System.Buffers;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Resources as LwM2M's own JSON (content format 11543; LwM2M 1.0 §6.4.4). Only 1.0 peers speak it.</summary>
/// <code>
/// { ? "bn": text, ? "bt": number, "e": [ { ? "n": text, ? "t": number, value }, … ] }    members in any order
/// value = "v": number | "sv": text, base64 where the resource is opaque | "bv": true, false | "ov": text, as in "3:0"
/// A name is bn + n; without bn it goes on from the operation's path. A time is bt + t: seconds since 1970, and before or at 0 from now on.
/// </code>
internal sealed class Lwm2mJsonCodec : ContentCodec
{
    public override ContentFormat Format => ContentFormat.Lwm2mJson;

    public override bool CanEncode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records)
    {
        foreach (ref readonly var record in records)
        {
            // One base time for all, and no time is "now": some with and some without cannot be said together.
            if ((record.Time is null) != (records[0].Time is null) || (record.Value.Kind == ValueKind.Float && !double.IsFinite(record.Value.AsFloat())))
            {
                return false;
            }
        }
        return SenmlNames.CanSay(scope, records);
    }

    public override void Encode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records, IBufferWriter<byte> output)
    {
        ThrowUnlessEncodable(scope, records);
        var bare = scope with { Root = "" };   // names carry the alternate path since 1.2.1
        var endsInSlash = SenmlNames.EndsInSlash(bare, records);
        var writer = new JsonWriter(output);
        Span<byte> name = stackalloc byte[SenmlNames.MaxName + 1];
        writer.WriteRaw("{\"bn\":\""u8);
        writer.WriteRaw(name[..SenmlNames.WriteBase(bare, endsInSlash, name)]);
        writer.WriteRaw("\""u8);
        var baseTime = Latest(records);
        if (baseTime is { } time)
        {
            writer.WriteRaw(",\"bt\":"u8);
            writer.WriteTime(SenmlNames.SecondsOf(time));
        }
        writer.WriteRaw(",\"e\":["u8);
        for (var i = 0; i < records.Length && records[i].Value.Kind != ValueKind.Empty; i++)
        {
            writer.WriteRaw(i == 0 ? "{"u8 : ",{"u8);
            WriteRecord(ref writer, scope.BasePath.Depth, records[i], baseTime, endsInSlash);
            writer.WriteRaw("}"u8);
        }
        writer.WriteRaw("]}"u8);
        writer.Flush();
    }

    public override CodecError Decode(in CodecScope scope, ReadOnlySpan<byte> input, RecordSet output)
    {
        var reader = new JsonReader(input, MaxDepth);
        var error = Lwm2mJsonReader.ReadBase(ref reader, out var records, out var fields);
        if (error == CodecErrorKind.None && !reader.IsAtEnd)
        {
            error = CodecErrorKind.TrailingBytes;
        }
        if (error != CodecErrorKind.None)
        {
            return new CodecError(error, reader.Position);
        }
        if (!fields.HasBaseName)
        {
            var name = new byte[SenmlNames.MaxName + 1];
            fields.TrySetBaseName(name.AsSpan(0, SenmlNames.WriteBase(scope with { Root = "" }, endsInSlash: true, name)));
        }
        var pack = new SenmlPack(scope, output, SenmlKind.Lwm2mJson);
        pack.Add(fields);
        error = Lwm2mJsonReader.ReadRecords(ref records, ref pack);
        return error == CodecErrorKind.None ? default : new CodecError(error, records.Position);
    }

    // The times of the records are told as before the last: the standard has them negative.
    private static DateTimeOffset? Latest(ReadOnlySpan<Lwm2mRecord> records)
    {
        DateTimeOffset? latest = null;
        foreach (ref readonly var record in records)
        {
            latest = latest is null || record.Time > latest ? record.Time : latest;
        }
        return latest;
    }

    private static void WriteRecord(ref JsonWriter writer, int depth, in Lwm2mRecord record, DateTimeOffset? baseTime, bool endsInSlash)
    {
        if (record.Path.Depth > depth)
        {
            Span<byte> name = stackalloc byte[SenmlNames.MaxName];
            writer.WriteRaw("\"n\":\""u8);
            writer.WriteRaw(name[..SenmlNames.WriteFrom(record.Path, depth, name, slashFirst: !endsInSlash)]);
            writer.WriteRaw("\","u8);
        }
        if (record.Time is { } time && time != baseTime)
        {
            writer.WriteRaw("\"t\":"u8);
            writer.WriteTime(SenmlNames.SecondsOf(time) - SenmlNames.SecondsOf(baseTime!.Value));
            writer.WriteRaw(","u8);
        }
        WriteValue(ref writer, record.Value);
    }

    private static void WriteValue(ref JsonWriter writer, Lwm2mValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.String or ValueKind.CoreLink:
                writer.WriteRaw("\"sv\":"u8);
                writer.WriteText(value.AsString());
                break;
            case ValueKind.Boolean:
                writer.WriteRaw(value.AsBoolean() ? "\"bv\":true"u8 : "\"bv\":false"u8);
                break;
            case ValueKind.Opaque:
                writer.WriteRaw("\"sv\":"u8);
                writer.WriteBase64(value.AsOpaque().Span);
                break;
            case ValueKind.ObjectLink:
                writer.WriteRaw("\"ov\":"u8);
                writer.WriteText(value.AsObjectLink().ToString());
                break;
            default:
                writer.WriteRaw("\"v\":"u8);
                writer.WriteNumber(value);
                break;
        }
    }
}
