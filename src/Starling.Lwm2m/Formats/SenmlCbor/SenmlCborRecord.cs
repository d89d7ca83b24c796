using Starling.Cbor;

namespace Starling.Lwm2m;

/// <summary>Reads one record of a SenML pack in CBOR.</summary>
internal static class SenmlCborRecord
{
    /// <summary>Reads a map and what it says.</summary>
    public static CodecErrorKind Read(ref CborReader reader, RecordSet output, ref SenmlFields fields)
    {
        if (!reader.TryReadMap(out var pairs))
        {
            return CborValue.ErrorOf(reader.Error);
        }
        while (reader.HasNext(ref pairs))
        {
            var error = reader.Peek() == CborKind.Text ? ReadNamed(ref reader, output, ref fields) : ReadNumbered(ref reader, output, ref fields);
            if (error != CodecErrorKind.None)
            {
                return error;
            }
        }
        return CborValue.ErrorOf(reader.Error);
    }

    private static CodecErrorKind ReadNumbered(ref CborReader reader, RecordSet output, ref SenmlFields fields)
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
                return ReadValue(ref reader, label, output, ref fields);
            case SenmlCborLabel.Unit or SenmlCborLabel.BaseUnit:
                return reader.TrySkip() ? CodecErrorKind.None : CborValue.ErrorOf(reader.Error);
            case SenmlCborLabel.BaseVersion:
                fields.SetOther();
                return TryReadNumber(ref reader, out var version) && version <= SenmlPack.Version ? CodecErrorKind.None : Unsupported(reader);
            case SenmlCborLabel.BaseValue:
                return CodecErrorKind.Unsupported;
            default:
                fields.SetOther();
                return reader.TrySkip() ? CodecErrorKind.None : CborValue.ErrorOf(reader.Error);
        }
    }

    private static CodecErrorKind ReadNamed(ref CborReader reader, RecordSet output, ref SenmlFields fields)
    {
        if (!reader.TryReadText(out var label))
        {
            return CborValue.ErrorOf(reader.Error);
        }
        if (label.SequenceEqual("vlo"u8))
        {
            return ReadValue(ref reader, SenmlCborLabel.ObjectLink, output, ref fields);
        }
        if (label.EndsWith("_"u8))
        {
            return CodecErrorKind.Unsupported;
        }
        fields.SetOther();
        return reader.TrySkip() ? CodecErrorKind.None : CborValue.ErrorOf(reader.Error);
    }

    private static CodecErrorKind ReadValue(ref CborReader reader, long label, RecordSet output, ref SenmlFields fields)
    {
        if (label == SenmlCborLabel.Value && reader.Peek() == CborKind.Null)
        {
            reader.TryReadNull();
            return fields.TrySetValue(Lwm2mValue.Null) ? CodecErrorKind.None : CodecErrorKind.Malformed;
        }
        var error = CborValue.Read(ref reader, output, out var value);
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
