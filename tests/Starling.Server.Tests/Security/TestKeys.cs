using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Starling.Coap;

namespace Starling.Server.Tests;

/// <summary>Keys, certificates and claims for the tests of this folder.</summary>
internal static class TestKeys
{
    /// <summary>When the tests happen; certificates are valid ten days before and after.</summary>
    public static DateTimeOffset Noon { get; } = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public static Credential.PreSharedKey Psk(string id, string identity, string? endpoint = null, byte key = 1) =>
        new(id, identity, new byte[] { key, 2, 3 }) { Endpoint = endpoint };

    public static PeerClaim Claim(string identity) => new PeerClaim.PreSharedKey(System.Text.Encoding.UTF8.GetBytes(identity));

    public static PeerClaim Claim(params X509Certificate2[] chain) =>
        new PeerClaim.Certificates([.. chain.Select(c => (ReadOnlyMemory<byte>)c.RawData)]);

    /// <summary>An authority of its own, with its key.</summary>
    public static X509Certificate2 Authority(string name) => Request(name, out _, out _, isAuthority: true).CreateSelfSigned(Noon.AddDays(-10), Noon.AddDays(10));

    /// <summary>A certificate that an authority signed.</summary>
    public static X509Certificate2 Signed(X509Certificate2 by, string subject, string? dns = null, bool isAuthority = false, int days = 9, string usage = "1.3.6.1.5.5.7.3.2")
    {
        var request = Request(subject, out var key, out var names, isAuthority);
        if (dns is not null)
        {
            names.AddDnsName(dns);
            names.AddUri(new Uri($"urn:dev:{dns}"));
            request.CertificateExtensions.Add(names.Build());
        }
        if (!isAuthority)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        }
        Span<byte> serial = stackalloc byte[8];
        RandomNumberGenerator.Fill(serial);
        using var signed = request.Create(by, Noon.AddDays(-9), Noon.AddDays(days), serial);
        return signed.CopyWithPrivateKey(key);
    }

    public static string FingerprintOf(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));

    public static Credential.Authority Trust(X509Certificate2 authority, string? pattern, string id = "ca") =>
        new(id, authority.Subject, authority.RawData, pattern is null ? null : EndpointPattern.Parse(pattern));

    private static CertificateRequest Request(string subject, out ECDsa key, out SubjectAlternativeNameBuilder names, bool isAuthority)
    {
        key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        names = new SubjectAlternativeNameBuilder();
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        return request;
    }
}
