using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>How a key or a certificate is named shortly.</summary>
public static class Fingerprint
{
    /// <summary>SHA-256 of a structure in DER, in lower-case hexadecimal: 64 characters.</summary>
    public static string Of(ReadOnlySpan<byte> der)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(der, hash);
        return Convert.ToHexStringLower(hash);
    }
}
