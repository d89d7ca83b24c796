using System.Buffers;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Resources with their structure, as type, id, length and value (content format 11542; LwM2M Core 1.2 §7.4.4).</summary>
/// <code>
/// base path   payload
/// /o          Instance(Resource | Multiple(ResourceInstance*) …) …      without the Instance around: a Create that leaves its number open
/// /o/i        Resource | Multiple(ResourceInstance*) …                  reading takes an Instance around them
/// /o/i/r      Resource | Multiple(ResourceInstance*)                    reading takes ResourceInstance* too
/// /o/i/r/ri   ResourceInstance                                          reading takes a Multiple around it
/// </code>
internal sealed class TlvCodec : ContentCodec
{
    public override ContentFormat Format => ContentFormat.Tlv;

    public override bool CanEncode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records)
    {
        // Nothing at all is an object or an instance without members.
        if (scope.BasePath.IsRoot || (scope.OmitInstance && !scope.BasePath.IsObject) || (records.IsEmpty && scope.BasePath.Depth > 2))
        {
            return false;
        }
        foreach (ref readonly var record in records)
        {
            var fits = record.Value.Kind == ValueKind.Empty ? record.Path.Depth <= 3 : record.Value.Kind >= ValueKind.String && record.Path.Depth >= 3;
            if (!fits || record.Time is not null || !record.Path.StartsWith(scope.BasePath) || (scope.OmitInstance && record.Path.InstanceId > 0))
            {
                return false;
            }
        }
        return true;
    }

    public override void Encode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records, IBufferWriter<byte> output)
    {
        ThrowUnlessEncodable(scope, records);
        if (!IsAscending(records))
        {
            records = records.ToArray().OrderBy(r => r.Path).ToArray();
        }
        var encoder = new TlvEncoder(scope);
        encoder.Add(records);
        encoder.Finish(output);
    }

    public override CodecError Decode(in CodecScope scope, ReadOnlySpan<byte> input, RecordSet output) =>
        scope.BasePath.IsRoot ? new CodecError(CodecErrorKind.Path) : new TlvDecoder(scope, output).Decode(input);

    // Containers are written once, so their members must come together.
    private static bool IsAscending(ReadOnlySpan<Lwm2mRecord> records)
    {
        for (var i = 1; i < records.Length; i++)
        {
            if (records[i].Path < records[i - 1].Path)
            {
                return false;
            }
        }
        return true;
    }
}
