using System.Buffers;
using Starling.Cbor;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>
/// Resources as SenML records in CBOR (content format 112; RFC 8428 §6, LwM2M Core 1.2 §7.4.6), and as what is to be fetched or patched
/// (322; RFC 8790 §3).
/// </summary>
/// <code>
/// pack    = [ *record ]
/// record  = { ? -2: bn text, ? -3: bt number, ? 0: n text, ? 6: t number, value }
/// value   = 2: v number | 3: vs text | 4: vb bool | 8: vd bytes | "vlo": text, as in "3:0"
/// Other fields are read over, unless their name ends in "_" (RFC 8428 §4.4) or they would change the value (-5: bv).
/// 322     = [ 1*{ 0: n text } ]   fetch: paths only, nothing but names, times and units
///         | [ 1*record ]          patch: value may also be 2: null, which deletes
/// </code>
internal sealed class SenmlCborCodec(bool isEtch) : ContentCodec
{
    public override ContentFormat Format => isEtch ? ContentFormat.SenmlEtchCbor : ContentFormat.SenmlCbor;

    public override bool CanEncode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records) =>
        isEtch ? SenmlNames.CanSayEtch(scope, records) : SenmlNames.CanSay(scope, records);

    public override void Encode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records, IBufferWriter<byte> output)
    {
        ThrowUnlessEncodable(scope, records);
        var writer = new CborWriter(output);
        if (records is [{ Value.Kind: ValueKind.Empty }])
        {
            records = [];
        }
        var endsInSlash = SenmlNames.EndsInSlash(scope, records);
        writer.WriteArray(records.Length);
        for (var i = 0; i < records.Length; i++)
        {
            WriteRecord(ref writer, scope, records[i], i == 0, endsInSlash);
        }
        writer.Flush();
    }

    public override CodecError Decode(in CodecScope scope, ReadOnlySpan<byte> input, RecordSet output)
    {
        var reader = new CborReader(input, MaxDepth);
        var pack = new SenmlPack(scope, output, isEtch ? SenmlKind.Etch : SenmlKind.Values);
        if (!reader.TryReadArray(out var records))
        {
            return new CodecError(CborValue.ErrorOf(reader.Error), reader.Position);
        }
        output.Expect(records);
        output.ExpectTexts(input.Length);
        while (reader.HasNext(ref records))
        {
            SenmlFields fields = default;
            var error = SenmlCborRecord.Read(ref reader, output, ref fields);
            error = error == CodecErrorKind.None ? pack.Add(fields) : error;
            if (error != CodecErrorKind.None)
            {
                return new CodecError(error, reader.Position);
            }
        }
        if (reader.Error != CborError.None)
        {
            return new CodecError(CborValue.ErrorOf(reader.Error), reader.Position);
        }
        if (pack.Finish() is var unfinished and not CodecErrorKind.None)
        {
            return new CodecError(unfinished, reader.Position);
        }
        return reader.IsAtEnd ? default : new CodecError(CodecErrorKind.TrailingBytes, reader.Position);
    }

    private void WriteRecord(ref CborWriter writer, in CodecScope scope, in Lwm2mRecord record, bool isFirst, bool endsInSlash)
    {
        var depth = scope.BasePath.Depth;
        var hasValue = record.Value.Kind != ValueKind.None;
        var hasName = isEtch || record.Path.Depth > depth;
        writer.WriteMap((isFirst && !isEtch ? 1 : 0) + (hasName ? 1 : 0) + (record.Time is null ? 0 : 1) + (hasValue ? 1 : 0));
        if (isFirst || isEtch)
        {
            var size = SenmlNames.MaxBase(scope);
            var name = size <= 256 ? stackalloc byte[256] : new byte[size];
            writer.WriteInteger(isEtch ? SenmlCborLabel.Name : SenmlCborLabel.BaseName);
            writer.WriteText(name[..(isEtch ? SenmlNames.WriteWhole(scope, record.Path, name) : SenmlNames.WriteBase(scope, endsInSlash, name))]);
        }
        if (hasName && !isEtch)
        {
            Span<byte> name = stackalloc byte[SenmlNames.MaxName];
            writer.WriteInteger(SenmlCborLabel.Name);
            writer.WriteText(name[..SenmlNames.WriteFrom(record.Path, depth, name, slashFirst: !endsInSlash)]);
        }
        if (record.Time is { } time)
        {
            writer.WriteInteger(SenmlCborLabel.Time);
            WriteTime(ref writer, SenmlNames.SecondsOf(time));
        }
        if (hasValue)
        {
            WriteLabelOf(ref writer, record.Value.Kind);
            CborValue.Write(ref writer, record.Value);
        }
    }

    private static void WriteTime(ref CborWriter writer, double seconds)
    {
        if (seconds == Math.Floor(seconds))
        {
            writer.WriteInteger((long)seconds);
        }
        else
        {
            writer.WriteDouble(seconds);
        }
    }

    private static void WriteLabelOf(ref CborWriter writer, ValueKind kind)
    {
        switch (kind)
        {
            case ValueKind.String or ValueKind.CoreLink:
                writer.WriteInteger(SenmlCborLabel.Text);
                break;
            case ValueKind.Boolean:
                writer.WriteInteger(SenmlCborLabel.Boolean);
                break;
            case ValueKind.Opaque:
                writer.WriteInteger(SenmlCborLabel.Bytes);
                break;
            case ValueKind.ObjectLink:
                writer.WriteText("vlo"u8);
                break;
            default:
                writer.WriteInteger(SenmlCborLabel.Value);
                break;
        }
    }
}
