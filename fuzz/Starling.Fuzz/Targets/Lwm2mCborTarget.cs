using Starling.Coap;

namespace Starling.Fuzz.Targets;

/// <summary>application/vnd.oma.lwm2m+cbor.</summary>
public sealed class Lwm2mCborTarget() : FormatTarget(ContentFormat.Lwm2mCbor)
{
    public override string Name => "lwm2m-cbor";

    public override IEnumerable<byte[]> Seeds =>
    [
        .. SeedsAt(
            "/",
            Convert.FromHexString("a2820300a200744f70656e204d6f62696c6520416c6c69616e6365091864830100011a00015180"),
            Convert.FromHexString("bf9f030000ff6441434d45ff"),
            Convert.FromHexString("a103a100a100744f70656e204d6f62696c6520416c6c69616e6365"),
            Convert.FromHexString("a0")),
        .. SeedsAt("/42769", Convert.FromHexString("a18219a71119ffffa204051868a200010103")),
        .. SeedsAt("/42769", Convert.FromHexString("a119a711a119ffffa0")),
    ];

    public override IReadOnlyList<byte[]> Dictionary =>
    [
        .. CborTarget.Words, [0xa1], [0xa2], [0xbf], [0x82, 0x03, 0x00], [0x9f], [0xff], [0x19, 0xa7, 0x11], [0x19, 0xff, 0xff], [0x83, 0x19, 0xa7, 0x11, 0x00], [0xf6], [0xa0], [0x18, 0x68],
    ];
}
