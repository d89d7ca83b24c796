using System.Text;

namespace Starling.Lwm2m;

/// <summary>Reads LwM2M's own JSON: base name and base time may stand behind the records, so they are looked for first.</summary>
internal static class Lwm2mJsonReader
{
    /// <summary>Reads the outer object.</summary>
    /// <param name="reader">At its start; then behind it.</param>
    /// <param name="records">A reader at the list of records.</param>
    /// <param name="fields">Base name and base time.</param>
    public static CodecErrorKind ReadBase(scoped ref JsonReader reader, out JsonReader records, out SenmlFields fields)
    {
        fields = default;
        records = default;
        if (!reader.TryEnterObject())
        {
            return reader.Error;
        }
        var hasRecords = false;
        var isFirst = true;
        while (reader.HasNext(ref isFirst, '}'))
        {
            if (!reader.TryReadName(out var name))
            {
                return reader.Error;
            }
            var isRead = true;
            if (name.SequenceEqual("bn"u8))
            {
                isRead = reader.TryReadText(out var baseName) && fields.TrySetBaseName(baseName);
            }
            else if (name.SequenceEqual("bt"u8))
            {
                isRead = SenmlJsonRecord.TryReadDouble(ref reader, out var baseTime) && fields.TrySetBaseTime(baseTime);
            }
            else
            {
                var isList = name.SequenceEqual("e"u8);
                records = isList ? reader : records;
                isRead = reader.TrySkip() && !(isList && hasRecords);
                hasRecords |= isList;
            }
            if (!isRead)
            {
                return SenmlJsonRecord.Failure(reader);
            }
        }
        return reader.Error == CodecErrorKind.None && !hasRecords ? CodecErrorKind.Malformed : reader.Error;
    }

    /// <summary>Reads the list of records into a pack that has base name and base time.</summary>
    public static CodecErrorKind ReadRecords(ref JsonReader reader, ref SenmlPack pack)
    {
        if (!reader.TryEnterArray())
        {
            return reader.Error;
        }
        var isFirst = true;
        while (reader.HasNext(ref isFirst, ']'))
        {
            SenmlFields fields = default;
            var error = ReadRecord(ref reader, ref fields);
            error = error == CodecErrorKind.None && !fields.HasValue ? CodecErrorKind.Malformed : error;
            error = error == CodecErrorKind.None ? pack.Add(fields) : error;
            if (error != CodecErrorKind.None)
            {
                return error;
            }
        }
        return reader.Error == CodecErrorKind.None ? pack.Finish() : reader.Error;
    }

    private static CodecErrorKind ReadRecord(ref JsonReader reader, ref SenmlFields fields)
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
            if (!TryReadField(ref reader, name, ref fields, out var isType))
            {
                return isType ? CodecErrorKind.Type : SenmlJsonRecord.Failure(reader);
            }
        }
        return reader.Error;
    }

    private static bool TryReadField(ref JsonReader reader, ReadOnlySpan<byte> name, ref SenmlFields fields, out bool isType)
    {
        isType = false;
        switch (name)
        {
            case [(byte)'n']:
                return reader.TryReadText(out var own) && fields.TrySetName(own);
            case [(byte)'t']:
                return SenmlJsonRecord.TryReadDouble(ref reader, out var time) && fields.TrySetTime(time);
            case [(byte)'v']:
                return SenmlJsonRecord.TryReadNumber(ref reader, out var number) && fields.TrySetValue(number);
            case [(byte)'b', (byte)'v']:
                return reader.TryReadBoolean(out var truth) && fields.TrySetValue(truth);
            case [(byte)'s', (byte)'v']:
                return reader.TryReadText(out var text) && fields.TrySetValue(Encoding.UTF8.GetString(text));
            case [(byte)'o', (byte)'v']:
                if (!reader.TryReadText(out var link))
                {
                    return false;
                }
                isType = !Lwm2mValue.String(Encoding.UTF8.GetString(link)).TryConvert(ValueKind.ObjectLink, out var value);
                return !isType && fields.TrySetValue(value);
            default:
                return reader.TrySkip();
        }
    }
}
