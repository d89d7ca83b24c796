using System.Buffers;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>The bytes of one opaque value as they are (content format 42; LwM2M Core 1.2 §7.4.2).</summary>
/// <code>
/// | bytes … |
/// </code>
internal sealed class OpaqueCodec : ContentCodec
{
    public override ContentFormat Format => ContentFormat.OctetStream;

    public override bool IsSingleValue => true;

    public override bool CanEncode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records) =>
        IsOneValue(scope, records) && records[0].Value.Kind == ValueKind.Opaque;

    public override void Encode(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records, IBufferWriter<byte> output)
    {
        ThrowUnlessEncodable(scope, records);
        output.Write(records[0].Value.AsOpaque().Span);
    }

    public override CodecError Decode(in CodecScope scope, ReadOnlySpan<byte> input, RecordSet output)
    {
        if (scope.BasePath.Depth < 3)
        {
            return new CodecError(CodecErrorKind.Path);
        }
        if (new ResourceTypes(scope.Catalog).Find(scope.BasePath) is not (ValueKind.Opaque or ValueKind.None))
        {
            return new CodecError(CodecErrorKind.Type);
        }
        output.Add(scope.BasePath, Lwm2mValue.Opaque(input.ToArray()));
        return default;
    }
}
