using Starling.Coap;

namespace Starling.Fuzz.Targets;

/// <summary>application/vnd.oma.lwm2m+tlv.</summary>
public sealed class TlvTarget() : FormatTarget(ContentFormat.Tlv)
{
    public override string Name => "tlv";

    // Two bytes are a whole record, which is read several times here: no other format says it so short.
    public override long AllocationLimit(int length) => (256L << 10) + (1024L * length);

    public override IEnumerable<byte[]> Seeds =>
    [
        .. SeedsAt(
            "/1", Convert.FromHexString("08000ec10001c101008302417f07c1037f080212c10003c101008702417f0761013601c1037f"), Convert.FromHexString("c10005c10100"), []),
        .. SeedsAt("/42769/0", Convert.FromHexString("8668410001410105"), Convert.FromHexString("c10701c800000000"), Convert.FromHexString("8068")),
        .. SeedsAt("/42769/0/104/1", Convert.FromHexString("410105"), Convert.FromHexString("8368410105")),
    ];

    public override IReadOnlyList<byte[]> Dictionary =>
        [[0x00, 0x00], [0x08, 0x00], [0xe1, 0xff, 0xff], [0x80, 0x68], [0x88, 0x68], [0x41, 0x01], [0xc4, 0x06], [0xc8, 0x03], [0xd0, 0x08], [0xd8, 0x08, 0xff, 0xff, 0xff], [0xc1, 0x07, 0x01]];
}
