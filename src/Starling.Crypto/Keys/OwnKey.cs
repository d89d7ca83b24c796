using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>A private key of ours on P-256, which signs ES256. Safe on any thread; it is wiped when it is disposed.</summary>
public sealed class OwnKey : IDisposable
{
    /// <summary>How long a signature is at most: 72 bytes.</summary>
    public const int MaxSignature = 72;

    private readonly Lock _lock = new();   // BCL objects promise nothing to two threads at once; signing takes some 25 µs
    private readonly ECDsa _key;

    private OwnKey(ECDsa key)
    {
        _key = key;
        Public = RawPublicKey.Of(key.ExportParameters(false).Q);
    }

    /// <summary>The public key that belongs to it.</summary>
    public RawPublicKey Public { get; }

    /// <summary>Makes a new key.</summary>
    public static OwnKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>
    /// Reads a OneAsymmetricKey with its public key or without (RFC 5958, PKCS #8 is its first version), or an ECPrivateKey that names its curve (RFC 5915).
    /// </summary>
    /// <returns>False: it is none of these, of another curve, out of range, or its public key is another one's.</returns>
    public static bool TryRead(ReadOnlySpan<byte> der, [NotNullWhen(true)] out OwnKey? key)
    {
        key = null;
        if (!PrivateKeyFields.TryRead(der, out var fields))
        {
            return false;
        }
        try
        {
            key = Import(fields);
        }
        catch (CryptographicException)
        {
            return false;   // zero, or not below the order of the curve
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fields.Scalar);
        }
        if (fields.Point is { } told && !told.AsSpan().SequenceEqual(key.Public.Point))
        {
            key.Dispose();
            key = null;
        }
        return key is not null;
    }

    /// <summary>Reads the first <c>PRIVATE KEY</c> or <c>EC PRIVATE KEY</c> of a PEM text (RFC 7468 §10).</summary>
    public static bool TryReadPem(ReadOnlySpan<char> pem, [NotNullWhen(true)] out OwnKey? key)
    {
        key = null;
        if ((PemBlocks.Find(pem, "PRIVATE KEY") ?? PemBlocks.Find(pem, "EC PRIVATE KEY")) is not { } der)
        {
            return false;
        }
        var isRead = TryRead(der, out key);
        CryptographicOperations.ZeroMemory(der);
        return isRead;
    }

    /// <summary>Signs a SHA-256 hash: ES256.</summary>
    /// <param name="hash">The hash: 32 bytes.</param>
    /// <param name="signature">Takes the signature in DER (RFC 3279 §2.2.3): <see cref="MaxSignature"/> bytes.</param>
    /// <returns>How long it is.</returns>
    /// <exception cref="ArgumentException">It is no such hash, or there is no room.</exception>
    public int Sign(ReadOnlySpan<byte> hash, Span<byte> signature)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, SHA256.HashSizeInBytes, nameof(hash));
        lock (_lock)
        {
            return _key.TrySignHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence, out var written)
                ? written
                : throw new ArgumentException($"A signature needs up to {MaxSignature} bytes.", nameof(signature));
        }
    }

    /// <summary>The key as PKCS #8 in DER, with its public key. The caller wipes it.</summary>
    public byte[] ToDer()
    {
        lock (_lock)
        {
            return _key.ExportPkcs8PrivateKey();
        }
    }

    /// <summary>The same in PEM, with a line feed at its end.</summary>
    public string ToPem()
    {
        var der = ToDer();
        var pem = PemEncoding.WriteString("PRIVATE KEY", der) + "\n";
        CryptographicOperations.ZeroMemory(der);
        return pem;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static OwnKey Import(PrivateKeyFields fields)
    {
        var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = fields.Scalar });
        try
        {
            return new OwnKey(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
