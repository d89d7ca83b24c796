namespace Starling.Interop.Tests;

/// <summary>A cipher suite by the names that programs have for it.</summary>
/// <param name="Number">The IANA number.</param>
/// <param name="Openssl">OpenSSL's name.</param>
/// <param name="GnutlsExchange">GnuTLS: the key exchange.</param>
/// <param name="GnutlsCipher">GnuTLS: cipher and MAC.</param>
internal sealed record Suite(ushort Number, string Openssl, string GnutlsExchange, string GnutlsCipher)
{
    private const string Ccm8 = "AES-128-CCM-8:+AEAD", Ccm = "AES-128-CCM:+AEAD", Gcm = "AES-128-GCM:+AEAD", Cbc = "AES-128-CBC:+SHA256";
    private const string Ecdsa = "ECDHE-ECDSA", EcdhePsk = "ECDHE-PSK", Psk = "PSK";

    /// <summary>Every suite that some peer has besides us. TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256 (D003) none of them has.</summary>
    public static IReadOnlyList<Suite> All { get; } =
    [
        new(0xC0A8, "PSK-AES128-CCM8", Psk, Ccm8), new(0xC0A4, "PSK-AES128-CCM", Psk, Ccm), new(0x00A8, "PSK-AES128-GCM-SHA256", Psk, Gcm),
        new(0x00AE, "PSK-AES128-CBC-SHA256", Psk, Cbc), new(0xC037, "ECDHE-PSK-AES128-CBC-SHA256", EcdhePsk, Cbc),
        new(0xC0AE, "ECDHE-ECDSA-AES128-CCM8", Ecdsa, Ccm8), new(0xC02B, "ECDHE-ECDSA-AES128-GCM-SHA256", Ecdsa, Gcm),
        new(0xC023, "ECDHE-ECDSA-AES128-SHA256", Ecdsa, Cbc),
    ];

    /// <summary>Whether it needs a pre-shared key; else both sides show public keys.</summary>
    public bool IsPreShared => GnutlsExchange != Ecdsa;

    /// <summary>Whether it is one of those with CBC, where encrypt-then-MAC matters.</summary>
    public bool IsCbc => GnutlsCipher == Cbc;

    public static Suite Of(ushort number) => All.Single(s => s.Number == number);

    public override string ToString() => Openssl;
}
