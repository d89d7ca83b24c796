using Starling.Coap;

namespace Starling.Fuzz.Targets;

/// <summary>application/senml-etch+cbor.</summary>
public sealed class SenmlEtchCborTarget() : FormatTarget(ContentFormat.SenmlEtchCbor)
{
    public override string Name => "senml-etch-cbor";

    public override IEnumerable<byte[]> Seeds => SeedsAt(
        "/",
        Convert.FromHexString("82a100662f332f302f30a100662f312f302f31"),
        Convert.FromHexString("82a221652f332f302f006130a1006139"),
        Convert.FromHexString("82a200662f312f302f3102183ca200692f31362f302f302f3202f6"),
        Convert.FromHexString("81a300612f0163" + "6d6574" + "0601"));

    public override IReadOnlyList<byte[]> Dictionary =>
    [
        .. CborTarget.Words, [0x21], [0x22], [0x00, 0x61], [0x01, 0x60], [0x02, 0xf6], [0x05], [0x06], [0x23, 0x60], [0x63, .. "vlo"u8], [0x66, .. "/3/0/9"u8], [0x62, .. "x_"u8],
    ];
}
