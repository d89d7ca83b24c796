using Starling.Coap;

namespace Starling.Fuzz.Targets;

/// <summary>application/cbor: one value.</summary>
public sealed class CborValueTarget() : FormatTarget(ContentFormat.Cbor)
{
    public override string Name => "cbor-value";

    public override int MaxLength => 256;

    public override IEnumerable<byte[]> Seeds => SeedsAt("/42769/0/9", [0xc1, 0x1a, 0x51, 0x4b, 0x67, 0xb0], [0xc0, 0x74, .. "2013-03-21T20:04:00Z"u8]);

    public override IReadOnlyList<byte[]> Dictionary => CborTarget.Words;
}
