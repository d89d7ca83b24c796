using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Starling.Crypto;

namespace Starling.Platform;

/// <summary>Keys and certificates in the ways in which people write them: PEM, hexadecimal, base64.</summary>
internal static class KeyText
{
    /// <summary>The bytes of hexadecimal digits, which may stand in groups: <c>00:11 22-33</c>.</summary>
    public static bool TryReadHex(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var digits = string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not (':' or '-')));
        if (digits.Length == 0 || digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit))
        {
            return false;
        }
        bytes = Convert.FromHexString(digits);
        return true;
    }

    /// <summary>A raw public key: a SubjectPublicKeyInfo on P-256.</summary>
    public static bool TryReadPublicKey(string text, [NotNullWhen(true)] out RawPublicKey? key) =>
        RawPublicKey.TryReadPem(text, out key) || (TryReadDer(text, out var der) && RawPublicKey.TryRead(der, out key));

    /// <summary>The certificates of a text, in DER, at most as many as a chain may have.</summary>
    public static bool TryReadCertificates(string text, out List<byte[]> certificates)
    {
        certificates = [];
        try
        {
            if (!text.Contains("-----BEGIN", StringComparison.Ordinal))
            {
                certificates = TryReadDer(text, out var der) ? [X509CertificateLoader.LoadCertificate(der).RawData] : [];
                return certificates.Count > 0;
            }
            var read = new X509Certificate2Collection();
            read.ImportFromPem(text);
            certificates = [.. read.Take(CertificateChain.MaxCertificates).Select(c => c.RawData)];
            return certificates.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool TryReadDer(string text, [NotNullWhen(true)] out byte[]? der)
    {
        if (TryReadHex(text, out der))
        {
            return true;
        }
        var buffer = new byte[text.Length];
        if (text.Length == 0 || !Convert.TryFromBase64String(text, buffer, out var length))
        {
            return false;
        }
        der = buffer[..length];
        return length > 0;
    }
}
