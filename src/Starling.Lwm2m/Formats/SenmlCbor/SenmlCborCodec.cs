using System.Buffers;
using Starling.Cbor;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Resources as SenML records in CBOR (content format 112; RFC 8428 §6, LwM2M Core 1.2 §7.4.6).</summary>
/// <code>
/// pack    = [ *record ]
/// record  = { ? -2: bn text, ? -3: bt number, ? 0: n text, ? 6: t number, value }
/// value   = 2: v number | 3: vs text | 4: vb bool | 8: vd bytes | "vlo": text, as in "3:0"
/// Other fields are read over, unless their name ends in "_" (RFC 8428 §4.4) or they would change the value (-5: bv).
/// </code>
internal sealed class SenmlCborCodec : ContentCodec
{
    public override ContentFormat Format => ContentFormat.SenmlCbor;

    public override bool CanEncode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records) => SenmlNames.CanSay(scope, records);

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
        var pack = new SenmlPack(scope, output);
        if (!reader.TryReadArray(out var records))
        {
            return new CodecError(CborValue.ErrorOf(reader.Error), reader.Position);
        }
        output.Expect(records);
        while (reader.HasNext(ref records))
        {
            SenmlFields fields = default;
            var error = ReadRecord(ref reader, ref fields);
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
        pack.Finish();
        return reader.IsAtEnd ? default : new CodecError(CodecErrorKind.TrailingBytes, reader.Position);
    }

    private static void WriteRecord(ref CborWriter writer, in CodecScope scope, in Lwm2mRecord record, bool isFirst, bool endsInSlash)
    {
        var depth = scope.BasePath.Depth;
        var hasName = record.Path.Depth > depth;
        writer.WriteMap((isFirst ? 1 : 0) + (hasName ? 1 : 0) + (record.Time is null ? 0 : 1) + 1);
        if (isFirst)
        {
            var size = SenmlNames.MaxBase(scope);
            var name = size <= 256 ? stackalloc byte[256] : new byte[size];
            writer.WriteInteger(SenmlCborLabel.BaseName);
            writer.WriteText(name[..SenmlNames.WriteBase(scope, endsInSlash, name)]);
        }
        if (hasName)
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
        WriteLabelOf(ref writer, record.Value.Kind);
        CborValue.Write(ref writer, record.Value);
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

    private static CodecErrorKind ReadRecord(ref CborReader reader, ref SenmlFields fields)
    {
        if (!reader.TryReadMap(out var pairs))
        {
            return CborValue.ErrorOf(reader.Error);
        }
        while (reader.HasNext(ref pairs))
        {
            var error = reader.Peek() == CborKind.Text ? ReadNamed(ref reader, ref fields) : ReadNumbered(ref reader, ref fields);
            if (error != CodecErrorKind.None)
            {
                return error;
            }
        }
        return CborValue.ErrorOf(reader.Error);
    }

    private static CodecErrorKind ReadNumbered(ref CborReader reader, ref SenmlFields fields)
    {
        if (!reader.TryReadInt64(out var label))
        {
            return CborValue.ErrorOf(reader.Error);
        }
        switch (label)
        {
            case SenmlCborLabel.BaseName:
                return reader.TryReadText(out var baseName) && fields.TrySetBaseName(baseName) ? CodecErrorKind.None : Failure(reader);
            case SenmlCborLabel.Name:
                return reader.TryReadText(out var name) && fields.TrySetName(name) ? CodecErrorKind.None : Failure(reader);
            case SenmlCborLabel.BaseTime:
                return TryReadNumber(ref reader, out var baseTime) && fields.TrySetBaseTime(baseTime) ? CodecErrorKind.None : Failure(reader);
            case SenmlCborLabel.Time:
                return TryReadNumber(ref reader, out var time) && fields.TrySetTime(time) ? CodecErrorKind.None : Failure(reader);
            case SenmlCborLabel.Value or SenmlCborLabel.Text or SenmlCborLabel.Boolean or SenmlCborLabel.Bytes:
                return ReadValue(ref reader, label, ref fields);
            case SenmlCborLabel.BaseVersion:
                return TryReadNumber(ref reader, out var version) && version <= SenmlPack.Version ? CodecErrorKind.None : Unsupported(reader);
            case SenmlCborLabel.BaseValue:
                return CodecErrorKind.Unsupported;
            default:
                return reader.TrySkip() ? CodecErrorKind.None : CborValue.ErrorOf(reader.Error);
        }
    }

    private static CodecErrorKind ReadNamed(ref CborReader reader, ref SenmlFields fields)
    {
        if (!reader.TryReadText(out var label))
        {
            return CborValue.ErrorOf(reader.Error);
        }
        if (label.SequenceEqual("vlo"u8))
        {
            return ReadValue(ref reader, SenmlCborLabel.ObjectLink, ref fields);
        }
        if (label.EndsWith("_"u8))
        {
            return CodecErrorKind.Unsupported;
        }
        return reader.TrySkip() ? CodecErrorKind.None : CborValue.ErrorOf(reader.Error);
    }

    private static CodecErrorKind ReadValue(ref CborReader reader, long label, ref SenmlFields fields)
    {
        var error = CborValue.Read(ref reader, out var value);
        if (error != CodecErrorKind.None)
        {
            return error;
        }
        var fits = label switch
        {
            SenmlCborLabel.Text => value.Kind == ValueKind.String,
            SenmlCborLabel.Boolean => value.Kind == ValueKind.Boolean,
            SenmlCborLabel.Bytes => value.Kind == ValueKind.Opaque,
            SenmlCborLabel.ObjectLink => value.TryConvert(ValueKind.ObjectLink, out value),
            _ => value.IsNumeric,
        };
        if (!fits)
        {
            return CodecErrorKind.Type;
        }
        return fields.TrySetValue(value) ? CodecErrorKind.None : CodecErrorKind.Malformed;
    }

    private static bool TryReadNumber(ref CborReader reader, out double number)
    {
        if (reader.Peek() == CborKind.Float)
        {
            return reader.TryReadDouble(out number);
        }
        var isRead = reader.TryReadInteger(out var whole);
        number = (double)whole;
        return isRead;
    }

    // The field could not be read, or it could and stood there before.
    private static CodecErrorKind Failure(in CborReader reader) =>
        reader.Error == CborError.None ? CodecErrorKind.Malformed : CborValue.ErrorOf(reader.Error);

    private static CodecErrorKind Unsupported(in CborReader reader) =>
        reader.Error == CborError.None ? CodecErrorKind.Unsupported : CborValue.ErrorOf(reader.Error);
}
