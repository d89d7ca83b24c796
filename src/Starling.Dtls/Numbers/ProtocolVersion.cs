namespace Starling.Dtls;

/// <summary>Versions as records and hellos carry them: ones' complements, so a newer one is the smaller number (RFC 6347 §4.1).</summary>
internal static class ProtocolVersion
{
    public const ushort Dtls10 = 0xfeff;
    public const ushort Dtls12 = 0xfefd;
}
