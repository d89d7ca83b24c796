using System.Net;
using System.Security.Cryptography.X509Certificates;
using Starling.Testing;

namespace Starling.Interop.Tests;

/// <summary>Keys and certificates made for one run, as files that programs read: a root, an authority below it, a server and a client below that, small and large.</summary>
internal sealed class TestKeys
{
    public const string ServerName = "localhost";

    private TestKeys(string folder)
    {
        Folder = folder;
        using var pki = new TestPki(TimeProvider.System.GetUtcNow());
        Authority = Write("root.pem", pki.Root.Certificate.ExportCertificatePem());
        Between = Write("authority.pem", pki.Authority.Certificate.ExportCertificatePem());
        BetweenDer = pki.Authority.Certificate.RawData;
        AuthorityDer = pki.Root.Certificate.RawData;
        Server = Write("server", pki.Issue(pki.Authority, Wish("server", 0)), pki.Authority);
        Client = Write("client", pki.Issue(pki.Authority, Wish("client", 0)), pki.Authority);
        LargeServer = Write("large-server", pki.Issue(pki.Authority, Wish("large-server", 50)), pki.Authority);
        LargeClient = Write("large-client", pki.Issue(pki.Authority, Wish("large-client", 50)), pki.Authority);
    }

    /// <summary>Made when the first test asks.</summary>
    public static TestKeys Shared => _shared.Value;

    private static readonly Lazy<TestKeys> _shared = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("starling-keys-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return new TestKeys(folder);
    });

    public string Folder { get; }
    public string Authority { get; }
    public byte[] AuthorityDer { get; }
    public string Between { get; }
    public byte[] BetweenDer { get; }
    public KeyFiles Server { get; }
    public KeyFiles Client { get; }
    public KeyFiles LargeServer { get; }
    public KeyFiles LargeClient { get; }

    public KeyFiles ServerOf(SecureCase what) => what.LargeCertificates ? LargeServer : Server;

    public KeyFiles ClientOf(SecureCase what) => what.LargeCertificates ? LargeClient : Client;

    private KeyFiles Write(string name, TestCertificate certificate, TestCertificate authority) => new(
        Write($"{name}.pem", certificate.Certificate.ExportCertificatePem() + "\n" + authority.Certificate.ExportCertificatePem()),
        Write($"{name}.key.pem", certificate.Key.ExportPkcs8PrivateKeyPem()), Write($"{name}.pub.pem", certificate.Key.ExportSubjectPublicKeyInfoPem()),
        Write($"{name}.key.der", certificate.Key.ExportPkcs8PrivateKey()), Write($"{name}.pub.der", certificate.Key.ExportSubjectPublicKeyInfo()),
        Write($"{name}.both.pem", certificate.Key.ExportECPrivateKeyPem()),
        [certificate.Certificate.RawData, authority.Certificate.RawData]);

    // As a server and as a client: one certificate for both parts.
    private static CertificateWish Wish(string name, int hosts) => new(name)
    {
        Purposes = [CertificateWish.Server, CertificateWish.Client],
        Hosts = [ServerName, .. Enumerable.Range(0, hosts).Select(i => $"one-of-many-names-that-make-a-certificate-long-{i:D4}.example")],
        Addresses = [IPAddress.Loopback],
        KeyUsage = X509KeyUsageFlags.DigitalSignature,
    };

    private string Write(string name, string text)
    {
        var file = Path.Combine(Folder, name);
        File.WriteAllText(file, text + "\n");
        return file;
    }

    private string Write(string name, byte[] bytes)
    {
        var file = Path.Combine(Folder, name);
        File.WriteAllBytes(file, bytes);
        return file;
    }
}

/// <summary>One key pair and its certificates, each as a file; the certificates also as bytes, as they are sent.</summary>
internal sealed record KeyFiles(string Certificate, string Key, string PublicKey, string KeyDer, string PublicKeyDer, string BothKeys, IReadOnlyList<byte[]> Chain);
