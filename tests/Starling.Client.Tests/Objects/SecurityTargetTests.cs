using System.Text;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>The object Security (0) says what its account says, and what a server writes into it counts.</summary>
public sealed class SecurityTargetTests : IDisposable
{
    private static readonly Uri _secured = new("coaps://server.example:5684");
    private readonly TestPki _pki = new(new DateTimeOffset(2031, 5, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Account_without_credentials_is_spoken_to_in_the_clear()
    {
        var account = new ServerAccount { Uri = new Uri("coap://server.example") };
        var security = Security(account);
        Assert.Equal(3, security.Get(2).AsInteger());
        Assert.Equal(new PeerTarget(account.Uri), Target(security, account));
    }

    [Fact]
    public void Channel_that_has_keys_of_its_own_gets_a_target_without()
    {
        var account = new ServerAccount { Uri = _secured };
        Assert.Equal(new PeerTarget(_secured), Target(Security(account), account));
    }

    [Fact]
    public void Pre_shared_key_comes_through()
    {
        var account = new ServerAccount { Uri = _secured, Credentials = new OwnCredentials.PreSharedKey("id"u8.ToArray(), new byte[] { 1, 2, 3 }) };
        var key = Assert.IsType<OwnCredentials.PreSharedKey>(Target(Security(account), account).Credentials);
        Assert.Equal("id", Encoding.UTF8.GetString(key.Identity.Span));
        Assert.Equal([1, 2, 3], key.Key.ToArray());
    }

    [Fact]
    public void Raw_public_keys_come_through()
    {
        var server = _pki.Server("server.example");
        var account = new ServerAccount { Uri = _secured, Credentials = new OwnCredentials.PublicKey(_pki.Device("d").PrivateKey, server.PublicKey) };
        var keys = Assert.IsType<OwnCredentials.PublicKey>(Target(Security(account), account).Credentials);
        Assert.Equal(((OwnCredentials.PublicKey)account.Credentials).PrivateKey.ToArray(), keys.PrivateKey.ToArray());
        Assert.Equal(server.PublicKey.ToArray(), keys.PeerKey.ToArray());
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.1")]
    [InlineData("1.0")]   // its object 0 has no resource for the rule: the account says it
    public void Certificates_come_through_with_their_rule(string enabler)
    {
        var device = _pki.Device("d");
        var rule = new CertificateRule(CertificateUsage.TrustAnchor, CertificateMatching.Sha256, new byte[32]) { TrustStore = [_pki.Root.Der] };
        var tls = new TlsPreferences { ServerName = "other.example", CipherSuites = [0xC0AE, 0xC0AC] };
        var account = new ServerAccount { Uri = _secured, Credentials = new OwnCredentials.Certificate(device.Chain, device.PrivateKey, rule), Tls = tls };
        var target = Target(Security(account, enabler), account);
        var certificate = Assert.IsType<OwnCredentials.Certificate>(target.Credentials);
        Assert.Equal(device.Chain.Select(c => c.ToArray()), certificate.Chain.Select(c => c.ToArray()));
        Assert.Equal((rule.Usage, rule.Matching), (certificate.Rule.Usage, certificate.Rule.Matching));
        Assert.Equal(new byte[32], certificate.Rule.Association.ToArray());
        Assert.Equal(_pki.Root.Der.ToArray(), Assert.Single(certificate.Rule.TrustStore).ToArray());
        Assert.Equal("other.example", target.Tls!.ServerName);
        Assert.Equal([0xC0AE, 0xC0AC], target.Tls.CipherSuites.AsEnumerable());
    }

    [Fact]
    public void What_is_absent_has_the_default_of_the_object()
    {
        var device = _pki.Device("d");
        var security = Written(2, device.Der, _pki.Root.Der, device.PrivateKey);
        var target = Target(security, new ServerAccount { Uri = _secured });
        var rule = Assert.IsType<OwnCredentials.Certificate>(target.Credentials).Rule;
        Assert.Equal((CertificateUsage.DomainIssued, CertificateMatching.Exact), (rule.Usage, rule.Matching));
        Assert.Null(target.Tls);
    }

    [Fact]
    public void Chain_in_pem_is_taken_too()
    {
        var device = _pki.Device("d");
        var pem = Encoding.ASCII.GetBytes(device.Certificate.ExportCertificatePem() + "\n" + _pki.Authority.Certificate.ExportCertificatePem());
        var target = Target(Written(2, pem, _pki.Root.Der, device.PrivateKey), new ServerAccount { Uri = _secured });
        Assert.Equal(device.Chain.Select(c => c.ToArray()), Assert.IsType<OwnCredentials.Certificate>(target.Credentials).Chain.Select(c => c.ToArray()));
    }

    [Theory]
    [InlineData(0, "", "", "", "resource 5")]
    [InlineData(1, "", "", "01", "resource 4")]
    [InlineData(1, "", "01", "", "resource 5")]
    [InlineData(2, "3000", "", "01", "resource 4")]
    [InlineData(2, "3000", "01", "", "resource 5")]
    [InlineData(2, "", "01", "01", "resource 3")]
    [InlineData(2, "3005", "01", "01", "resource 3")]
    [InlineData(2, "30000500", "01", "01", "resource 3")]
    [InlineData(4, "3000", "01", "01", "mode 4")]
    [InlineData(9, "3000", "01", "01", "mode 9")]
    [InlineData(-1, "3000", "01", "01", "mode -1")]
    public void Account_that_lacks_something_has_no_target(int mode, string own, string servers, string secret, string why)
    {
        var security = Written(mode, Convert.FromHexString(own), Convert.FromHexString(servers), Convert.FromHexString(secret));
        Assert.False(SecurityTarget.TryRead(security, _secured, new ServerAccount { Uri = _secured }, out _, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Identity_and_key_have_their_limits()
    {
        var account = new ServerAccount { Uri = _secured };
        Assert.True(SecurityTarget.TryRead(Written(0, new byte[128], default, new byte[64]), _secured, account, out _, out _));
        Assert.False(SecurityTarget.TryRead(Written(0, new byte[129], default, new byte[64]), _secured, account, out _, out _));
        Assert.False(SecurityTarget.TryRead(Written(0, new byte[128], default, new byte[65]), _secured, account, out _, out _));
    }

    [Fact]
    public void What_is_to_be_secured_is_not_said_in_the_clear()
    {
        var security = Written(0, "id"u8.ToArray(), default, new byte[16]);
        Assert.False(SecurityTarget.TryRead(security, new Uri("coap://server.example"), new ServerAccount { Uri = _secured }, out _, out _));
        Assert.True(SecurityTarget.TryRead(security, new Uri("coaps+tcp://server.example"), new ServerAccount { Uri = _secured }, out _, out _));
    }

    [Fact]
    public void Certificates_beyond_the_limit_are_refused()
    {
        Assert.Equal(8, CertificateBytes.Split(Enumerable.Repeat<byte[]>([0x30, 0x00], 8).SelectMany(b => b).ToArray()).Length);
        Assert.Empty(CertificateBytes.Split(Enumerable.Repeat<byte[]>([0x30, 0x00], 9).SelectMany(b => b).ToArray()));
        Assert.Empty(CertificateBytes.Split(new byte[] { 0x30, 0x83, 0, 0, 1, 0 }));
        Assert.Empty(CertificateBytes.Split(new byte[] { 0x30, 0x81 }));
        Assert.Empty(CertificateBytes.Split("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----"u8.ToArray()));
    }

    public void Dispose() => _pki.Dispose();

    private static PeerTarget Target(ObjectInstance security, ServerAccount account)
    {
        Assert.True(SecurityTarget.TryRead(security, account.Uri, account, out var target, out var problem), problem);
        return target;
    }

    private static ObjectInstance Security(ServerAccount account, string enabler = "1.2")
    {
        Assert.True(Lwm2mVersion.TryParse(enabler, out var version));
        return SecurityObject.Create(ObjectCatalog.Standard.Find(0, EnablerVersions.Of(0, version) ?? ObjectVersion.V10)!, 0, account);
    }

    // As a bootstrap server writes it.
    private static ObjectInstance Written(int mode, ReadOnlyMemory<byte> own, ReadOnlyMemory<byte> servers, ReadOnlyMemory<byte> secret)
    {
        var security = Security(new ServerAccount { Uri = _secured });
        ((ValueResource)security[2]).Current = mode;
        security.Set(3, Lwm2mValue.Opaque(own));
        security.Set(4, Lwm2mValue.Opaque(servers));
        security.Set(5, Lwm2mValue.Opaque(secret));
        return security;
    }
}
