namespace Starling.Dtls;

/// <summary>How the one handshake is spoken over datagrams (RFC 6347 §4.2.1) and over a stream (RFC 5246 §7.4.1).</summary>
/// <param name="Version">What version 1.2 is called in hellos.</param>
/// <param name="HasCookie">Whether a ClientHello has a cookie.</param>
internal readonly record struct Dialect(ushort Version, bool HasCookie)
{
    /// <summary>DTLS 1.2.</summary>
    public static Dialect Datagrams => new(ProtocolVersion.Dtls12, true);

    /// <summary>TLS 1.2.</summary>
    public static Dialect Stream => new(0x0303, false);

    /// <summary>Whether a client that names this version as its highest has 1.2. Over datagrams a newer one is the smaller number.</summary>
    public bool IsOfferedBy(ushort highest) => HasCookie ? highest <= Version && highest >> 8 == Version >> 8 : highest >= Version && highest >> 8 == Version >> 8;
}
