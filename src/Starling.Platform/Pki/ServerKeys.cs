using System.Security.Cryptography.X509Certificates;
using Starling.Crypto;
using Starling.Dtls;

namespace Starling.Platform;

/// <summary>
/// The server's own key, by which devices know it: that of a certificate, or else a raw public key that is made once and kept in the data folder.
/// Without a folder it is another one after each start.
/// </summary>
/// <param name="Dtls">What the channel gets.</param>
/// <param name="PublicFile">Where devices' makers find the public key; null where it is not kept.</param>
internal sealed record ServerKeys(DtlsOwnKeys Dtls, string? PublicFile) : IDisposable
{
    private const string Name = "server";

    /// <summary>SHA-256 of the public key.</summary>
    public string Fingerprint => Dtls.Key!.Public.Fingerprint;

    /// <summary>Whether a certificate is shown to devices that want one.</summary>
    public bool HasCertificate => !Dtls.Chain.IsDefaultOrEmpty;

    /// <summary>Finds the key, or makes one.</summary>
    /// <param name="folder">The data folder; null for none.</param>
    /// <param name="certificate">The file of a certificate and its chain; null for none.</param>
    /// <param name="key">The file of its key; null where there is no certificate.</param>
    /// <exception cref="PkiException">A file cannot be used.</exception>
    public static ServerKeys Open(string? folder, string? certificate, string? key)
    {
        if (certificate is not null && key is not null)
        {
            return OfCertificate(certificate, key);
        }
        if (folder is null)
        {
            return new ServerKeys(Of(OwnKey.Create()), null);
        }
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path + ".key"))
        {
            new PkiFolder(folder, TimeProvider.System).AddRawPublicKey(Name);
        }
        return new ServerKeys(Of(PemFiles.Key(path + ".key")), path + ".pub");
    }

    public void Dispose() => Dtls.Key!.Dispose();

    private static ServerKeys OfCertificate(string certificate, string keyFile)
    {
        var (chain, key) = (PemFiles.Chain(certificate), PemFiles.Key(keyFile));
        using var end = X509CertificateLoader.LoadCertificate(chain[0].Span);
        if (!key.Public.Matches(end.PublicKey.ExportSubjectPublicKeyInfo()))
        {
            key.Dispose();
            throw new PkiException($"{keyFile} is not the key of {certificate}.", "Give both files of one pair.");
        }
        return new ServerKeys(Of(key) with { Chain = chain }, null);
    }

    private static DtlsOwnKeys Of(OwnKey key) => new() { AcceptsPreSharedKeys = true, Key = key, RawPublicKeys = true };
}
