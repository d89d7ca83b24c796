using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>The curve: uncompressed points only, and nothing that a peer sends throws.</summary>
internal static class P256
{
    public const int PointSize = 65;
    public const int SecretSize = 32;
    private const byte Uncompressed = 4;

    /// <summary>Agrees; false for a point that is not one of the curve.</summary>
    public static bool TryAgree(ECDiffieHellman own, ReadOnlySpan<byte> point, Span<byte> secret)
    {
        if (point.Length != PointSize || point[0] != Uncompressed)
        {
            return false;
        }
        try
        {
            var q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() };
            using var peer = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = q });
            var agreed = own.DeriveRawSecretAgreement(peer.PublicKey);
            agreed.CopyTo(secret);
            CryptographicOperations.ZeroMemory(agreed);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Writes the public half.</summary>
    public static void WritePoint(ECDiffieHellman own, Span<byte> point)
    {
        var q = own.ExportParameters(false).Q;
        point[0] = Uncompressed;
        q.X!.CopyTo(point[1..]);
        q.Y!.CopyTo(point[33..]);
    }

    /// <summary>Imports a public key.</summary>
    public static bool TryImport(ReadOnlySpan<byte> info, out ECDsa? key)
    {
        key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(info, out _);
            return true;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            key = null;
            return false;
        }
    }

    /// <summary>Checks a signature in DER.</summary>
    public static bool Verify(ECDsa key, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        try
        {
            return key.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
