using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Platform;

/// <summary>A certificate authority for trying things out: its key lies beside its certificate, and it keeps no list of what it has signed.</summary>
internal sealed class TestAuthority : IDisposable
{
    /// <summary>How long a common name may be (RFC 5280 appendix A.1): 64 characters.</summary>
    public const int MaxName = 64;

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan _skew = TimeSpan.FromHours(1);   // clocks of devices differ
    private readonly ECDsa _key;

    private TestAuthority(X509Certificate2 certificate, ECDsa key)
    {
        Certificate = certificate;
        _key = key;
    }

    /// <summary>Its certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Its key in PEM.</summary>
    public string KeyPem => PemOf(_key);

    /// <summary>Makes one. Its name is its own, so that two of them are not taken for each other.</summary>
    public static TestAuthority Create(DateTimeOffset now, int days)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request($"Starling test authority {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}", key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var withKey = request.CreateSelfSigned(now - _skew, now.AddDays(days));
        return new TestAuthority(X509CertificateLoader.LoadCertificate(withKey.RawData), key);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="CryptographicException">It is none, or the key is not its.</exception>
    public static TestAuthority Read(string certificatePem, string keyPem)
    {
        using var withKey = X509Certificate2.CreateFromPem(certificatePem, keyPem);   // compares the key
        return new TestAuthority(X509CertificateLoader.LoadCertificate(withKey.RawData), withKey.GetECDsaPrivateKey() ?? throw new CryptographicException("the key is none of ECDSA"));
    }

    /// <summary>A certificate for a server, and its key.</summary>
    /// <param name="hosts">Its DNS names and addresses; the first one is its common name too.</param>
    /// <param name="now">From when it is valid.</param>
    /// <param name="days">How long.</param>
    public (string Certificate, string Key) SignServer(IReadOnlyList<string> hosts, DateTimeOffset now, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }
        return (Sign(hosts[0], key, ServerAuthentication, names.Build(), now, days), PemOf(key));
    }

    /// <summary>A certificate for a device, and its key.</summary>
    public (string Certificate, string Key) SignDevice(string endpoint, DateTimeOffset now, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (Sign(endpoint, key, ClientAuthentication, null, now, days), PemOf(key));
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    // RFC 7925 §4.4: what an end entity's certificate has.
    private string Sign(string name, ECDsa key, string purpose, X509Extension? alternatives, DateTimeOffset now, int days)
    {
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        if (alternatives is not null)
        {
            request.CertificateExtensions.Add(alternatives);
        }
        var until = now.AddDays(days) < Certificate.NotAfter ? now.AddDays(days) : Certificate.NotAfter;   // not longer than the authority itself
        var signer = X509SignatureGenerator.CreateForECDsa(_key);
        using var made = request.Create(Certificate.SubjectName, signer, now - _skew, until, RandomNumberGenerator.GetBytes(16));
        return made.ExportCertificatePem() + "\n";
    }

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        return new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
    }

    private static string PemOf(ECDsa key) => key.ExportPkcs8PrivateKeyPem() + "\n";
}
