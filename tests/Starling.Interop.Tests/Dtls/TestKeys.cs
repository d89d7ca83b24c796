using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Interop.Tests;

/// <summary>Keys and certificates made for one run, as files that programs read: an authority, a server and a client below it, small and large.</summary>
internal sealed class TestKeys
{
    public const string ServerName = "localhost";

    private TestKeys(string folder)
    {
        Folder = folder;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = Request("CN=Starling test authority", key, isAuthority: true).CreateSelfSigned(Yesterday, Yesterday.AddDays(30));
        Authority = Write("ca.pem", authority.ExportCertificatePem());
        Write("ca.der", authority.RawData);
        Server = Issue("server", authority, large: false);
        Client = Issue("client", authority, large: false);
        LargeServer = Issue("large-server", authority, large: true);
        LargeClient = Issue("large-client", authority, large: true);
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
    public KeyFiles Server { get; }
    public KeyFiles Client { get; }
    public KeyFiles LargeServer { get; }
    public KeyFiles LargeClient { get; }

    private static DateTimeOffset Yesterday => TimeProvider.System.GetUtcNow().AddDays(-1);

    public KeyFiles ServerOf(SecureCase what) => what.LargeCertificates ? LargeServer : Server;

    public KeyFiles ClientOf(SecureCase what) => what.LargeCertificates ? LargeClient : Client;

    private KeyFiles Issue(string name, X509Certificate2 authority, bool large)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request($"CN={name}", key, isAuthority: false);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(ServerName);
        names.AddIpAddress(IPAddress.Loopback);
        for (var i = 0; large && i < 100; i++)
        {
            names.AddDnsName($"one-of-many-names-that-make-a-certificate-long-{i:D4}.example");
        }
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, Yesterday, Yesterday.AddDays(20), RandomNumberGenerator.GetBytes(8));
        return new KeyFiles(
            Write($"{name}.pem", certificate.ExportCertificatePem()), Write($"{name}.key.pem", key.ExportPkcs8PrivateKeyPem()), Write($"{name}.pub.pem", key.ExportSubjectPublicKeyInfoPem()),
            Write($"{name}.key.der", key.ExportPkcs8PrivateKey()), Write($"{name}.pub.der", key.ExportSubjectPublicKeyInfo()), Write($"{name}.der", certificate.RawData));
    }

    private static CertificateRequest Request(string subject, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, isAuthority, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(isAuthority ? X509KeyUsageFlags.KeyCertSign : X509KeyUsageFlags.DigitalSignature, critical: true));
        if (!isAuthority)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], critical: false));
        }
        return request;
    }

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

/// <summary>One key pair and its certificate, each as a file.</summary>
internal sealed record KeyFiles(string Certificate, string Key, string PublicKey, string KeyDer, string PublicKeyDer, string CertificateDer);
