using Starling.Coap;

namespace Starling.Fuzz.Targets;

/// <summary>text/plain.</summary>
public sealed class TextTarget() : FormatTarget(ContentFormat.Text)
{
    public override string Name => "text";

    public override IEnumerable<byte[]> Seeds =>
        SeedsAt("/42769/0/3", "Größe 1"u8.ToArray()).Concat(SeedsAt("/42769/0/6", "-21.5"u8.ToArray(), "1e3"u8.ToArray()));

    public override int MaxLength => 600;

    public override IReadOnlyList<byte[]> Dictionary =>
        ["-1"u8.ToArray(), "1e300"u8.ToArray(), "NaN"u8.ToArray(), "0."u8.ToArray(), ":"u8.ToArray(), "FFFF"u8.ToArray(), "65535"u8.ToArray(), "=="u8.ToArray(), "9223372036854775808"u8.ToArray()];
}
