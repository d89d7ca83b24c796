using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>How the two sides come to a premaster secret, and prove themselves.</summary>
internal enum KeyExchange : byte
{
    Psk,          // RFC 4279 §2
    EcdhePsk,     // RFC 5489 §2
    EcdheEcdsa,   // RFC 8422 §2.2
}

/// <summary>What a suite is made of. A suite is added by its line here and its name in <see cref="CipherSuite"/>.</summary>
internal static class SuiteTable
{
    /// <summary>Whether this implementation has the suite.</summary>
    public static bool TryFind(CipherSuite suite, out KeyExchange exchange, out RecordCipher cipher)
    {
        (exchange, cipher) = suite.Value switch
        {
            0xc0a8 => (KeyExchange.Psk, RecordCipher.AesCcm8),
            0xc0a4 => (KeyExchange.Psk, RecordCipher.AesCcm),
            0x00a8 => (KeyExchange.Psk, RecordCipher.AesGcm),
            0x00ae => (KeyExchange.Psk, RecordCipher.AesCbcSha256),
            0xd003 => (KeyExchange.EcdhePsk, RecordCipher.AesCcm8),
            0xc037 => (KeyExchange.EcdhePsk, RecordCipher.AesCbcSha256),
            0xc0ae => (KeyExchange.EcdheEcdsa, RecordCipher.AesCcm8),
            0xc02b => (KeyExchange.EcdheEcdsa, RecordCipher.AesGcm),
            0xc023 => (KeyExchange.EcdheEcdsa, RecordCipher.AesCbcSha256),
            _ => (default, null!),
        };
        return cipher is not null;
    }

    /// <summary>Whether the suite works with CBC, where the order of encryption and MAC is a matter of RFC 7366.</summary>
    public static bool IsCbc(CipherSuite suite) => TryFind(suite, out _, out var cipher) && cipher == RecordCipher.AesCbcSha256;

    /// <summary>The protection of records under a suite.</summary>
    public static RecordCipher CipherOf(CipherSuite suite, bool encryptThenMac)
    {
        TryFind(suite, out _, out var cipher);
        return encryptThenMac && cipher == RecordCipher.AesCbcSha256 ? RecordCipher.AesCbcSha256EncryptThenMac : cipher;
    }
}
