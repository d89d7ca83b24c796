using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Testing;

/// <summary>
/// Authorities and certificates for tests, made when they are asked for: a root, an authority below it, servers and devices below that.
/// Keys differ from run to run, times do not.
/// </summary>
/// <param name="now">The time at which they are valid.</param>
public sealed class TestPki(DateTimeOffset now) : IDisposable
{
    private readonly List<TestCertificate> _all = [];
    private TestCertificate? _root;
    private TestCertificate? _authority;

    /// <summary>The time at which they are valid.</summary>
    public DateTimeOffset Now => now;

    /// <summary>The authority that everybody trusts, signed by itself.</summary>
    public TestCertificate Root => _root ??= Issue(null, new CertificateWish("Test root") { IsAuthority = true });

    /// <summary>An authority below the root.</summary>
    public TestCertificate Authority => _authority ??= Issue(Root, new CertificateWish("Test authority") { IsAuthority = true, PathLength = 0 });

    /// <summary>A server's certificate.</summary>
    /// <param name="host">Its DNS name, or its address.</param>
    public TestCertificate Server(string host) => Issue(Authority, ServerWish(host));

    /// <summary>What a good server's certificate is.</summary>
    public static CertificateWish ServerWish(string host) => IPAddress.TryParse(host, out var address)
        ? new CertificateWish(host) { Purposes = [CertificateWish.Server], Addresses = [address], KeyUsage = X509KeyUsageFlags.DigitalSignature }
        : new CertificateWish(host) { Purposes = [CertificateWish.Server], Hosts = [host], KeyUsage = X509KeyUsageFlags.DigitalSignature };

    /// <summary>A device's certificate: its endpoint name is the common name.</summary>
    public TestCertificate Device(string endpoint) => Issue(Authority, DeviceWish(endpoint));

    /// <summary>What a good device's certificate is.</summary>
    public static CertificateWish DeviceWish(string endpoint) =>
        new(endpoint) { Purposes = [CertificateWish.Client], KeyUsage = X509KeyUsageFlags.DigitalSignature };

    /// <summary>Makes a certificate.</summary>
    /// <param name="issuer">Who signs it; null: it signs itself.</param>
    /// <param name="wish">What it is.</param>
    public TestCertificate Issue(TestCertificate? issuer, CertificateWish wish)
    {
        var key = ECDsa.Create(wish.Curve);
        var request = Request(wish, key);
        var (from, to) = (wish.From ?? now.AddDays(-1), wish.To ?? now.AddYears(1));
        var signing = wish.Forger ?? issuer?.Key ?? key;
        var signer = wish.IsSignedOverSha1 ? new Sha1Signature(signing) : X509SignatureGenerator.CreateForECDsa(signing);
        var made = request.Create(issuer?.Certificate.SubjectName ?? request.SubjectName, signer, from, to, RandomNumberGenerator.GetBytes(8));
        var certificate = new TestCertificate(made, key, issuer);
        _all.Add(certificate);
        return certificate;
    }

    /// <inheritdoc/>
    public void Dispose() => _all.ForEach(c => c.Dispose());

    private static CertificateRequest Request(CertificateWish wish, ECDsa key)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(wish.CommonName);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(wish.IsAuthority, wish.PathLength is not null, wish.PathLength ?? 0, true));
        if (wish.KeyUsage is { } usage)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        }
        if (wish.Purposes.Count > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. wish.Purposes.Select(p => new Oid(p))], false));
        }
        if (wish.Hosts.Count + wish.Addresses.Count + wish.Uris.Count > 0)
        {
            request.CertificateExtensions.Add(Alternatives(wish));
        }
        return request;
    }

    private static X509Extension Alternatives(CertificateWish wish)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in wish.Hosts)
        {
            names.AddDnsName(host);
        }
        foreach (var address in wish.Addresses)
        {
            names.AddIpAddress(address);
        }
        foreach (var uri in wish.Uris)
        {
            names.AddUri(uri);
        }
        return names.Build();
    }

    // What .NET does not make of itself.
    private sealed class Sha1Signature(ECDsa key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString("300906072A8648CE3D0401");   // ecdsa-with-SHA1
        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);
        protected override PublicKey BuildPublicKey() => new(key);
    }
}
