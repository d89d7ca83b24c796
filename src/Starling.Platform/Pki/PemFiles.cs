using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Starling.Crypto;

namespace Starling.Platform;

/// <summary>Reads keys and certificates that people name: PEM, or DER.</summary>
internal static class PemFiles
{
    private const byte Sequence = 0x30;
    private const int MaxSize = 1 << 20;

    /// <summary>A private key on P-256.</summary>
    /// <exception cref="PkiException">It is not there, or is none.</exception>
    public static OwnKey Key(string path)
    {
        var bytes = Read(path);
        var isRead = IsDer(bytes) ? OwnKey.TryRead(bytes, out var key) : OwnKey.TryReadPem(Encoding.ASCII.GetString(bytes), out key);
        CryptographicOperations.ZeroMemory(bytes);
        return isRead ? key! : throw new PkiException($"{path} is no private key on P-256.", $"Make one with: {CommandName.Typed} pki rpk my-device");
    }

    /// <summary>A public key on P-256.</summary>
    /// <exception cref="PkiException">It is not there, or is none.</exception>
    public static RawPublicKey PublicKey(string path)
    {
        var bytes = Read(path);
        return (IsDer(bytes) ? RawPublicKey.TryRead(bytes, out var key) : RawPublicKey.TryReadPem(Encoding.ASCII.GetString(bytes), out key))
            ? key
            : throw new PkiException($"{path} is no public key on P-256.", $"'{CommandName.Typed} pki rpk server' makes one in server.pub.");
    }

    /// <summary>Certificates, the end entity's first.</summary>
    /// <exception cref="PkiException">They are not there, or are none.</exception>
    public static ImmutableArray<ReadOnlyMemory<byte>> Chain(string path)
    {
        var bytes = Read(path);
        ImmutableArray<ReadOnlyMemory<byte>> chain = IsDer(bytes) ? [bytes] : Pem(path, bytes);
        if (!CertificateChain.TryRead(chain, out var parsed, out var problem))
        {
            throw new PkiException($"{path} holds no chain of certificates: {problem.Why}.", "The first certificate is the own one, each next one is its issuer's.");
        }
        parsed.Dispose();
        return chain;
    }

    /// <summary>One certificate of anybody, in DER.</summary>
    /// <exception cref="PkiException">It is not there, or is none.</exception>
    public static ReadOnlyMemory<byte> Certificate(string path)
    {
        var bytes = Read(path);
        try
        {
            using var certificate = IsDer(bytes) ? X509CertificateLoader.LoadCertificate(bytes) : X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(bytes));
            return certificate.RawData;
        }
        catch (CryptographicException)
        {
            throw new PkiException($"{path} is no certificate.", "It begins with -----BEGIN CERTIFICATE-----.");
        }
    }

    private static ImmutableArray<ReadOnlyMemory<byte>> Pem(string path, byte[] bytes)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(Encoding.ASCII.GetString(bytes));
            return [.. found.Select(c => (ReadOnlyMemory<byte>)c.RawData)];
        }
        catch (CryptographicException)
        {
            throw new PkiException($"{path} is no certificate.", "It begins with -----BEGIN CERTIFICATE-----.");
        }
    }

    private static bool IsDer(ReadOnlySpan<byte> bytes) => bytes is [Sequence, ..];

    private static byte[] Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Length: <= MaxSize } ? File.ReadAllBytes(path) : throw new IOException($"{path} is larger than any key.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PkiException(failure.Message, "Name a file in PEM or DER.");
        }
    }
}
