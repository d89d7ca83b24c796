using System.Globalization;
using System.Security.Cryptography;
using Starling.Crypto;

namespace Starling.Platform;

/// <summary>
/// A test PKI in a folder:
/// <code>
///   ca.pem, ca.key             the authority
///   server.pem, .key, .pub     a server's certificate
///   devices/NAME.pem, .key     a device's certificate
///   NAME.pub, NAME.key         a raw public key pair, wherever it is wanted
/// </code>
/// Everything is PEM; keys are readable by their owner only.
/// </summary>
internal sealed class PkiFolder(string folder, TimeProvider time)
{
    /// <summary>Makes the folder with an authority and a server's certificate.</summary>
    /// <exception cref="PkiException">There is one, or it cannot be written.</exception>
    public KeyFile[] Create(IReadOnlyList<string> hosts, int days)
    {
        var now = time.GetUtcNow();
        using var authority = TestAuthority.Create(now, days);
        var (certificate, key) = authority.SignServer(hosts, now, days);
        KeyFile[] files =
        [
            new(In("ca.pem"), authority.Certificate.ExportCertificatePem() + "\n", "the authority's certificate, which the others trust"),
            new(In("ca.key"), authority.KeyPem, "its key, which signs: whoever has it is trusted", IsSecret: true),
            new(In("server.pem"), certificate, $"a server's certificate, for {string.Join(", ", hosts)}"),
            new(In("server.key"), key, "its key", IsSecret: true),
            new(In("server.pub"), PublicPem(key), "its public key, for devices that know the server by that"),
        ];
        KeyFiles.Write(files);
        return files;
    }

    /// <summary>Makes a device's certificate.</summary>
    /// <exception cref="PkiException">There is no authority, or the device has one.</exception>
    public KeyFile[] AddDevice(string endpoint, int days)
    {
        using var authority = Authority();
        var (certificate, key) = authority.SignDevice(endpoint, time.GetUtcNow(), days);
        var path = In(Path.Combine("devices", FileNameOf(endpoint)));
        KeyFile[] files =
        [
            new(path + ".pem", certificate, $"the certificate of {endpoint}"),
            new(path + ".key", key, "its key", IsSecret: true),
        ];
        KeyFiles.Write(files);
        return files;
    }

    /// <summary>Makes a raw public key pair.</summary>
    /// <exception cref="PkiException">There is one of that name.</exception>
    public (KeyFile[] Files, string Fingerprint) AddRawPublicKey(string name)
    {
        using var key = OwnKey.Create();
        var path = In(FileNameOf(name));
        KeyFile[] files =
        [
            new(path + ".pub", key.Public.ToPem(), "the public key, for the other side"),
            new(path + ".key", key.ToPem(), "the private key", IsSecret: true),
        ];
        KeyFiles.Write(files);
        return (files, key.Public.Fingerprint);
    }

    private static string PublicPem(string privatePem)
    {
        using var key = OwnKey.TryReadPem(privatePem, out var read) ? read : throw new InvalidOperationException("What was just made cannot be read.");
        return key.Public.ToPem();
    }

    // An endpoint name may be a URN or hold what no file name may.
    private static string FileNameOf(string name)
    {
        var text = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c.ToString() : c == ':' ? "-" : ((int)c).ToString("x2", CultureInfo.InvariantCulture)));
        return text.StartsWith('.') ? $"_{text}" : text;
    }

    private TestAuthority Authority()
    {
        var hint = $"Make one with: {CommandName.Typed} pki init {folder}";
        var (certificate, key) = (KeyFiles.Read(In("ca.pem"), hint), KeyFiles.Read(In("ca.key"), hint));
        try
        {
            return TestAuthority.Read(certificate, key);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            throw new PkiException($"{In("ca.pem")} and {In("ca.key")} are no authority: {unreadable.Message}", hint);
        }
    }

    private string In(string name) => Path.Combine(folder, name);
}
