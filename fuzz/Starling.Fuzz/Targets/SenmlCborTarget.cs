using Starling.Coap;

namespace Starling.Fuzz.Targets;

/// <summary>application/senml+cbor.</summary>
public sealed class SenmlCborTarget() : FormatTarget(ContentFormat.SenmlCbor)
{
    public override string Name => "senml-cbor";

    public override IEnumerable<byte[]> Seeds => SeedsAt(
        "/",
        Convert.FromHexString("83a321612f0065312f302f32021865a20065312f302f3604f5a20066332f302f31330200"),
        Convert.FromHexString("9fbf180202006139380165" + "2f332f302f" + "ffff"),
        Convert.FromHexString("82a421652f332f302f221a6553f100006139021864a30613006139" + "0203"),
        Convert.FromHexString("81a321682f332f302f32322f00613063766c6f6431363a30"));

    public override IReadOnlyList<byte[]> Dictionary =>
    [
        .. CborTarget.Words, [0x21], [0x22], [0x24], [0x20, 0x0a], [0x00, 0x61], [0x06], [0x63, .. "vlo"u8], [0x66, .. "/3/0/9"u8], [0x6c, .. "/42769/65535"u8], [0x62, .. "x_"u8],
    ];
}
