using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>
/// The curve P-256 by .NET, as strict as TLS wants it and without exceptions for what comes from the network: points are 65 bytes, 04 and both coordinates
/// (RFC 8422 §5.1.2), and lie on the curve; signatures are ECDSA-Sig-Value in DER (RFC 3279 §2.2.3) in its one right form, with r and s from 1 to n − 1.
/// </summary>
public static class P256
{
    /// <summary>Bytes of a point.</summary>
    public const int PointSize = 1 + (2 * CoordinateSize);

    /// <summary>Bytes of an agreed secret: the x coordinate (RFC 8422 §5.10).</summary>
    public const int SecretSize = CoordinateSize;

    /// <summary>Bytes of the hash that is signed: SHA-256.</summary>
    public const int HashSize = SHA256.HashSizeInBytes;

    private const int CoordinateSize = 32;
    private const byte Uncompressed = 4;

    /// <summary>Makes a key for one agreement.</summary>
    public static ECDiffieHellman CreateKey() => ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Writes a key's public point.</summary>
    /// <param name="own">Our key.</param>
    /// <param name="point">65 bytes.</param>
    public static void WritePoint(ECDiffieHellman own, Span<byte> point)
    {
        ArgumentNullException.ThrowIfNull(own);
        var q = own.ExportParameters(includePrivateParameters: false).Q;
        point[0] = Uncompressed;
        q.X.CopyTo(point.Slice(1, CoordinateSize));
        q.Y.CopyTo(point.Slice(1 + CoordinateSize, CoordinateSize));
    }

    /// <summary>Agrees on a secret with a peer.</summary>
    /// <param name="own">Our key.</param>
    /// <param name="point">The peer's point, as it came.</param>
    /// <param name="secret">32 bytes; all zeros where the point is refused. The caller wipes it.</param>
    public static bool TryAgree(ECDiffieHellman own, ReadOnlySpan<byte> point, Span<byte> secret)
    {
        ArgumentNullException.ThrowIfNull(own);
        secret[..SecretSize].Clear();
        if (!TryRead(point, out var parameters))
        {
            return false;
        }
        try
        {
            using var peer = ECDiffieHellman.Create(parameters);
            using var peersPoint = peer.PublicKey;
            var agreed = own.DeriveRawSecretAgreement(peersPoint);
            agreed.CopyTo(secret);
            CryptographicOperations.ZeroMemory(agreed);
            return true;
        }
        catch (CryptographicException)
        {
            return false;   // not on the curve
        }
    }

    /// <summary>Takes a public key for verifying; two thirds of a verification are this, so a key that comes again is worth keeping.</summary>
    /// <param name="point">The peer's point, as it came.</param>
    /// <param name="key">The key, for one thread at a time.</param>
    public static bool TryImport(ReadOnlySpan<byte> point, [NotNullWhen(true)] out ECDsa? key)
    {
        key = null;
        if (!TryRead(point, out var parameters))
        {
            return false;
        }
        try
        {
            key = ECDsa.Create(parameters);
            return true;
        }
        catch (CryptographicException)
        {
            return false;   // not on the curve
        }
    }

    /// <summary>Whether a signature is this key's.</summary>
    /// <param name="key">From <see cref="TryImport"/>.</param>
    /// <param name="hash">SHA-256 of what was signed: 32 bytes.</param>
    /// <param name="signature">The signature as it came.</param>
    public static bool Verify(ECDsa key, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> plain = stackalloc byte[SignatureValue.PlainSize];
        return hash.Length == HashSize
            && SignatureValue.TryRead(signature, plain)
            && key.VerifyHash(hash, plain, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>The same with a key that is used once.</summary>
    /// <param name="point">The peer's point, as it came.</param>
    /// <param name="hash">SHA-256 of what was signed: 32 bytes.</param>
    /// <param name="signature">The signature as it came.</param>
    public static bool Verify(ReadOnlySpan<byte> point, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        if (!TryImport(point, out var key))
        {
            return false;
        }
        using (key)
        {
            return Verify(key, hash, signature);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> point, out ECParameters parameters)
    {
        parameters = default;
        if (point.Length != PointSize || point[0] != Uncompressed)
        {
            return false;
        }
        parameters.Curve = ECCurve.NamedCurves.nistP256;
        parameters.Q = new ECPoint { X = point.Slice(1, CoordinateSize).ToArray(), Y = point[(1 + CoordinateSize)..].ToArray() };
        return true;
    }
}
