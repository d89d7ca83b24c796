using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Starling.Testing;

namespace Starling.Crypto.Tests;

public sealed class CertificateChainTests : IDisposable
{
    private readonly TestPki _pki = new(new DateTimeOffset(2031, 5, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Names_of_the_end_entity_are_read()
    {
        var wish = new CertificateWish("device, the first") { Hosts = ["a.example"], Addresses = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")], Uris = [new Uri("urn:dev:os:1")] };
        using var chain = Read([_pki.Issue(null, wish).Der]);
        Assert.Equal("device, the first", chain.CommonName);
        Assert.Equal("CN=device\\, the first", chain.Subject);
        Assert.Equal(["a.example", "192.0.2.1", "2001:db8::1", "urn:dev:os:1"], chain.Names.AsEnumerable());
    }

    [Fact]
    public void Fingerprint_is_that_of_the_certificate_and_the_key_is_its_key()
    {
        var device = _pki.Device("device-1");
        using var chain = Read(device.Chain);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(device.Der.Span)), chain.Fingerprint);
        Assert.Equal(device.PublicKey.ToArray(), chain.PublicKey.SubjectPublicKeyInfo.ToArray());
        Assert.Equal(("device-1", "CN=device-1"), (chain.CommonName, chain.Subject));
        Assert.Empty(chain.Names);
    }

    [Theory]
    [InlineData("CN=a, O=b, C=DE", "a", "CN=a,O=b,C=DE")]
    [InlineData("O=b", null, "O=b")]
    [InlineData("CN=a, CN=b", null, "CN=a,CN=b")]   // two names name nobody
    [InlineData("CN=\"x,O=trusted\"", "x,O=trusted", "CN=x\\,O\\=trusted")]
    public void Subject_is_written_so_that_no_value_looks_like_two(string name, string? common, string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(name), key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(_pki.Now, _pki.Now.AddDays(1));
        using var chain = Read([certificate.RawDataMemory]);
        Assert.Equal(common, chain.CommonName);
        Assert.Equal(subject.Replace("\\=", "=", StringComparison.Ordinal), chain.Subject);
    }

    [Theory]
    [InlineData("server.example", "server.example", true)]
    [InlineData("server.example", "SERVER.Example", true)]
    [InlineData("server.example", "other.example", false)]
    [InlineData("server.example", "server.example.evil.example", false)]
    [InlineData("server.example", "a.server.example", false)]
    [InlineData("server.example", "", false)]
    [InlineData("*.example.com", "a.example.com", true)]
    [InlineData("*.example.com", "a.b.example.com", false)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*", "example", false)]
    [InlineData("a*.example.com", "ab.example.com", false)]
    [InlineData("a.*.com", "a.example.com", false)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::1", "[2001:db8::1]", true)]
    [InlineData("2001:db8::1", "2001:db8:0::1", true)]
    [InlineData("2001:db8::1", "2001:db8::2", false)]
    public void Host_must_be_one_of_the_names(string named, string host, bool isNamed)
    {
        using var chain = Read(_pki.Server(named).Chain);
        Assert.Equal(isNamed, chain.NamesHost(host));
    }

    [Fact]
    public void Common_name_counts_only_where_there_is_no_alternative()
    {
        using var old = Read(_pki.Issue(_pki.Authority, new CertificateWish("server.example")).Chain);
        Assert.True(old.NamesHost("server.example"));
        using var both = Read(_pki.Issue(_pki.Authority, new CertificateWish("server.example") { Hosts = ["other.example"] }).Chain);
        Assert.False(both.NamesHost("server.example"));
        Assert.True(both.NamesHost("other.example"));
    }

    [Fact]
    public void Address_written_as_a_dns_name_is_no_address()
    {
        using var chain = Read(_pki.Issue(_pki.Authority, new CertificateWish("x") { Hosts = ["192.0.2.1"] }).Chain);
        Assert.False(chain.NamesHost("192.0.2.1"));
    }

    [Fact]
    public void Time_of_the_end_entity_is_looked_at()
    {
        using var chain = Read(_pki.Device("device-1").Chain);
        Assert.Null(chain.CheckTime(_pki.Now));
        Assert.Equal(CertificateFault.Expired, chain.CheckTime(_pki.Now.AddDays(-2))?.Fault);
        Assert.Equal(CertificateFault.Expired, chain.CheckTime(_pki.Now.AddYears(2))?.Fault);
    }

    [Fact]
    public void No_certificate_or_too_many_or_too_large_is_refused()
    {
        Refused(default);
        Refused([]);
        var root = _pki.Root.Der;
        using var most = Read([.. Enumerable.Repeat(root, CertificateChain.MaxCertificates)]);   // signed by itself, again and again
        Refused([.. Enumerable.Repeat(root, CertificateChain.MaxCertificates + 1)]);
        var large = _pki.Issue(null, new CertificateWish("large") { Uris = [new Uri("urn:" + new string('x', CertificateChain.MaxBytes))] });
        Refused([large.Der]);
    }

    [Fact]
    public void Certificates_that_do_not_certify_each_other_are_refused()
    {
        var (one, other) = (_pki.Server("one.example"), _pki.Server("other.example"));
        Refused([.. one.Chain, other.Der]);                 // one too many
        Refused([one.Der, other.Der, _pki.Authority.Der]);  // another server's between
        Refused([_pki.Authority.Der, one.Der]);             // the wrong way round
        Refused([one.Der, _pki.Root.Der]);                  // a gap
    }

    [Fact]
    public void Key_on_another_curve_is_unsuitable()
    {
        var p384 = _pki.Issue(_pki.Authority, TestPki.ServerWish("x.example") with { Curve = ECCurve.NamedCurves.nistP384 });
        Assert.False(CertificateChain.TryRead(p384.Chain, out _, out var problem));
        Assert.Equal(CertificateFault.Unsuitable, problem.Fault);
    }

    [Fact]
    public void Text_is_no_certificate()
    {
        Refused([Encoding.ASCII.GetBytes(_pki.Root.Certificate.ExportCertificatePem())]);
        Refused([_pki.Root.Certificate.Export(X509ContentType.Pkcs12)]);
        Refused([_pki.Root.PrivateKey]);
    }

    [Fact]
    public void Certificate_cut_or_prolonged_is_refused()
    {
        var der = _pki.Server("server.example").Der.ToArray();
        for (var length = 0; length < der.Length; length++)
        {
            Refused([der.AsMemory(0, length)]);
        }
        Refused([(byte[])[.. der, 0]]);
    }

    [Fact]
    public void Garbage_ends_in_a_refusal_or_a_chain_and_never_throws()
    {
        const int seed = 20310501;
        var random = new Random(seed);
        var server = _pki.Issue(_pki.Authority, TestPki.ServerWish("server.example") with { Addresses = [IPAddress.Loopback], Uris = [new Uri("urn:a")] });
        Assert.True(TrustAnchors.TryRead([_pki.Root.Der], out var anchors));
        for (var i = 0; i < 3000; i++)
        {
            byte[] bent = [.. server.Der.Span];
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                bent[random.Next(bent.Length)] = (byte)random.Next(256);
            }
            if (bent.AsSpan().SequenceEqual(server.Der.Span) || !CertificateChain.TryRead([bent, _pki.Authority.Der], out var chain, out _))
            {
                continue;
            }
            using (chain)
            {
                _ = chain.NamesHost("server.example");
                _ = chain.CheckTime(_pki.Now);
                Assert.True(CertificatePath.Check(chain, anchors, CertificatePurpose.Server, _pki.Now).Problem is not null, $"seed {seed}, round {i}: {Convert.ToHexString(bent)}");
            }
        }
    }

    public void Dispose() => _pki.Dispose();

    private static CertificateChain Read(ImmutableArray<ReadOnlyMemory<byte>> der)
    {
        Assert.True(CertificateChain.TryRead(der, out var chain, out var problem), problem.Why);
        return chain;
    }

    private static void Refused(ImmutableArray<ReadOnlyMemory<byte>> der)
    {
        Assert.False(CertificateChain.TryRead(der, out _, out var problem));
        Assert.Equal(CertificateFault.Malformed, problem.Fault);
        Assert.NotEqual("", problem.Why);
    }
}
