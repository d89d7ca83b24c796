using System.Buffers;
using Starling.Cbor;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>One value as one CBOR item (content format 60; LwM2M Core 1.2 §7.4.3).</summary>
/// <code>
/// | item |    see CborValue
/// </code>
internal sealed class CborCodec : ContentCodec
{
    public override ContentFormat Format => ContentFormat.Cbor;

    public override bool IsSingleValue => true;

    public override bool CanEncode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records) =>
        IsOneValue(scope, records) && records[0].Value.Kind >= ValueKind.String;

    public override void Encode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records, IBufferWriter<byte> output)
    {
        ThrowUnlessEncodable(scope, records);
        var writer = new CborWriter(output);
        CborValue.Write(ref writer, records[0].Value);
        writer.Flush();
    }

    public override CodecError Decode(in CodecScope scope, ReadOnlySpan<byte> input, RecordSet output)
    {
        if (scope.BasePath.Depth < 3)
        {
            return new CodecError(CodecErrorKind.Path);
        }
        var reader = new CborReader(input, MaxDepth);
        var error = CborValue.Read(ref reader, output, out var raw);
        if (error != CodecErrorKind.None)
        {
            return new CodecError(error, reader.Position);
        }
        if (!reader.IsAtEnd)
        {
            return new CodecError(CodecErrorKind.TrailingBytes, reader.Position);
        }
        if (!new ResourceTypes(scope.Catalog).TryType(scope.BasePath, raw, out var value))
        {
            return new CodecError(CodecErrorKind.Type);
        }
        output.Add(scope.BasePath, value);
        return default;
    }
}
