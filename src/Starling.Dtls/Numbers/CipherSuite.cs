namespace Starling.Dtls;

/// <summary>A cipher suite by its IANA number (RFC 5246 §A.5).</summary>
/// <param name="Value">The number.</param>
public readonly record struct CipherSuite(ushort Value)
{
    /// <summary>TLS_PSK_WITH_AES_128_CCM_8 (RFC 6655): what LwM2M makes mandatory for pre-shared keys.</summary>
    public static CipherSuite PskAes128Ccm8 => new(0xc0a8);

    /// <summary>TLS_PSK_WITH_AES_128_CCM (RFC 6655).</summary>
    public static CipherSuite PskAes128Ccm => new(0xc0a4);

    /// <summary>TLS_PSK_WITH_AES_128_GCM_SHA256 (RFC 5487).</summary>
    public static CipherSuite PskAes128Gcm => new(0x00a8);

    /// <summary>TLS_PSK_WITH_AES_128_CBC_SHA256 (RFC 5487): mandatory for LwM2M servers, not wanted of clients.</summary>
    public static CipherSuite PskAes128Cbc => new(0x00ae);

    /// <summary>TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256 (RFC 8442).</summary>
    public static CipherSuite EcdhePskAes128Ccm8 => new(0xd003);

    /// <summary>TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256 (RFC 5489).</summary>
    public static CipherSuite EcdhePskAes128Cbc => new(0xc037);

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 (RFC 7251): what LwM2M makes mandatory for public keys and certificates.</summary>
    public static CipherSuite EcdheEcdsaAes128Ccm8 => new(0xc0ae);

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 (RFC 5289).</summary>
    public static CipherSuite EcdheEcdsaAes128Gcm => new(0xc02b);

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 (RFC 5289): mandatory for LwM2M servers, not wanted of clients.</summary>
    public static CipherSuite EcdheEcdsaAes128Cbc => new(0xc023);

    /// <summary>TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746 §3.3): a mark in a list, never chosen.</summary>
    internal static CipherSuite RenegotiationMark => new(0x00ff);

    /// <summary>The name as IANA writes it; the number where this implementation does not know it.</summary>
    public override string ToString() => Value switch
    {
        0xc0a8 => "TLS_PSK_WITH_AES_128_CCM_8",
        0xc0a4 => "TLS_PSK_WITH_AES_128_CCM",
        0x00a8 => "TLS_PSK_WITH_AES_128_GCM_SHA256",
        0x00ae => "TLS_PSK_WITH_AES_128_CBC_SHA256",
        0xd003 => "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256",
        0xc037 => "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256",
        0xc0ae => "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
        0xc02b => "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        0xc023 => "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        _ => $"0x{Value:x4}",
    };
}
