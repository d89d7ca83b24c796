namespace Starling.Dtls;

/// <summary>The one curve of LwM2M (Transport 1.2: curves below 255 bits are forbidden, secp256r1 is mandatory; RFC 8422 §5.1.1).</summary>
internal static class Groups
{
    public const byte NamedCurve = 3;
    public const ushort Secp256r1 = 23;
    public const byte Uncompressed = 0;
}
