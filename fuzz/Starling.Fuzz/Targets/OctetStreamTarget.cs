using Starling.Coap;

namespace Starling.Fuzz.Targets;

/// <summary>application/octet-stream.</summary>
public sealed class OctetStreamTarget() : FormatTarget(ContentFormat.OctetStream)
{
    public override string Name => "octet-stream";

    public override IEnumerable<byte[]> Seeds => SeedsAt("/42769/0/8", [0x00, 0xff], []);

    public override int MaxLength => 64;
}
