using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>A P-256 private key of ours that signs with ES256 (RFC 5480, FIPS 186-4). Safe from several threads.</summary>
public sealed class OwnKey : IDisposable
{
    private readonly ECDsa _key;

    private OwnKey(ECDsa key)
    {
        _key = key;
        SubjectPublicKeyInfo = key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>The public half in DER (RFC 5280 §4.1.2.7).</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    /// <summary>Takes a key from a PKCS #8 structure in DER.</summary>
    public static bool TryImport(ReadOnlySpan<byte> privateKey, out OwnKey? key)
    {
        key = null;
        var imported = ECDsa.Create();
        try
        {
            imported.ImportPkcs8PrivateKey(privateKey, out _);
            key = imported.KeySize == 256 ? new OwnKey(imported) : null;
        }
        catch (CryptographicException)
        {
        }
        if (key is null)
        {
            imported.Dispose();
        }
        return key is not null;
    }

    /// <summary>Signs a SHA-256 hash; the signature is a DER sequence of r and s (RFC 3279 §2.2.3), at most 72 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> hash)
    {
        lock (_key)
        {
            return _key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
