using System.Collections.Immutable;
using System.Security.Cryptography;
using Starling.Coap;
using Starling.Testing;

namespace Starling.Transports.Tests;

public sealed class ServerCertificateCheckTests : IDisposable
{
    private const string Host = "server.example";
    private readonly TestPki _pki = new(new DateTimeOffset(2031, 5, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(CertificateMatching.Exact)]
    [InlineData(CertificateMatching.Sha256)]
    [InlineData(CertificateMatching.Sha384)]
    [InlineData(CertificateMatching.Sha512)]
    public void Every_usage_accepts_what_it_means_however_the_association_is_matched(CertificateMatching matching)
    {
        var server = _pki.Server(Host);
        Accepted(Rule(CertificateUsage.DomainIssued, server, matching), server.Chain);
        Accepted(Rule(CertificateUsage.ServiceConstraint, server, matching) with { TrustStore = [_pki.Root.Der] }, server.Chain);
        Accepted(Rule(CertificateUsage.AuthorityConstraint, _pki.Authority, matching) with { TrustStore = [_pki.Root.Der] }, server.Chain);
        Accepted(Rule(CertificateUsage.AuthorityConstraint, _pki.Root, matching) with { TrustStore = [_pki.Root.Der] }, server.Chain);
        Accepted(Rule(CertificateUsage.TrustAnchor, _pki.Authority, matching), server.Chain);
        Accepted(Rule(CertificateUsage.TrustAnchor, _pki.Root, matching), [.. server.Chain, _pki.Root.Der]);
    }

    [Theory]
    [InlineData(CertificateMatching.Exact)]
    [InlineData(CertificateMatching.Sha256)]
    [InlineData(CertificateMatching.Sha384)]
    [InlineData(CertificateMatching.Sha512)]
    [InlineData((CertificateMatching)4)]
    public void Every_usage_refuses_what_the_association_does_not_stand_for(CertificateMatching matching)
    {
        var (server, other) = (_pki.Server(Host), _pki.Server(Host));
        var otherRoot = _pki.Issue(null, new CertificateWish("Other root") { IsAuthority = true });
        Refused(PeerRefusal.UnknownAuthority, Rule(CertificateUsage.DomainIssued, other, matching), server.Chain);
        Refused(PeerRefusal.UnknownAuthority, Rule(CertificateUsage.ServiceConstraint, other, matching) with { TrustStore = [_pki.Root.Der] }, server.Chain);
        Refused(PeerRefusal.UnknownAuthority, Rule(CertificateUsage.AuthorityConstraint, otherRoot, matching) with { TrustStore = [_pki.Root.Der, otherRoot.Der] }, server.Chain);
        Refused(PeerRefusal.UnknownAuthority, Rule(CertificateUsage.TrustAnchor, otherRoot, matching), server.Chain);
    }

    [Theory]
    [InlineData(CertificateUsage.AuthorityConstraint)]
    [InlineData(CertificateUsage.ServiceConstraint)]
    [InlineData(CertificateUsage.TrustAnchor)]
    [InlineData(CertificateUsage.DomainIssued)]
    [InlineData((CertificateUsage)4)]
    public void Account_without_a_certificate_accepts_none(CertificateUsage usage)
    {
        var server = _pki.Server(Host);
        foreach (var matching in Enum.GetValues<CertificateMatching>())
        {
            Refused(PeerRefusal.UnknownAuthority, new CertificateRule(usage, matching, default) { TrustStore = [_pki.Root.Der] }, server.Chain);
            Refused(PeerRefusal.UnknownAuthority, new CertificateRule(usage, matching, new byte[] { 1, 2, 3 }) { TrustStore = [_pki.Root.Der] }, server.Chain);
        }
    }

    [Fact]
    public void Constraints_want_a_path_that_the_trust_store_vouches_for()
    {
        var own = _pki.Issue(null, TestPki.ServerWish(Host));
        Refused(PeerRefusal.UnknownAuthority, Rule(CertificateUsage.ServiceConstraint, own) with { TrustStore = [_pki.Root.Der] }, own.Chain);
        // Without a trust store of its own it is the system's, which knows no test authority.
        var server = _pki.Server(Host);
        Refused(PeerRefusal.UnknownAuthority, Rule(CertificateUsage.ServiceConstraint, server), server.Chain);
        Refused(PeerRefusal.UnknownAuthority, Rule(CertificateUsage.AuthorityConstraint, _pki.Root), [.. server.Chain, _pki.Root.Der]);
    }

    [Fact]
    public void Authority_known_by_its_hash_must_be_sent() =>
        Refused(PeerRefusal.UnknownAuthority, Rule(CertificateUsage.TrustAnchor, _pki.Root, CertificateMatching.Sha256), _pki.Server(Host).Chain);

    [Fact]
    public void Servers_own_certificate_is_no_authority_of_its_own()
    {
        var own = _pki.Issue(null, TestPki.ServerWish(Host));
        Refused(PeerRefusal.UnknownAuthority, Rule(CertificateUsage.TrustAnchor, own), own.Chain);
        Refused(PeerRefusal.UnknownAuthority, Rule(CertificateUsage.TrustAnchor, own, CertificateMatching.Sha256), [own.Der]);
    }

    [Fact]
    public void Name_must_be_the_one_that_is_meant()
    {
        var server = _pki.Server("other.example");
        Refused(PeerRefusal.Unsuitable, Rule(CertificateUsage.TrustAnchor, _pki.Root), server.Chain);
        Refused(PeerRefusal.Unsuitable, Rule(CertificateUsage.ServiceConstraint, server) with { TrustStore = [_pki.Root.Der] }, server.Chain);
        Refused(PeerRefusal.Unsuitable, Rule(CertificateUsage.AuthorityConstraint, _pki.Root) with { TrustStore = [_pki.Root.Der] }, server.Chain);
        Accepted(Rule(CertificateUsage.DomainIssued, server), server.Chain);
        Accepted(Rule(CertificateUsage.TrustAnchor, _pki.Root), _pki.Server("192.0.2.7").Chain, "192.0.2.7");
        Accepted(Rule(CertificateUsage.TrustAnchor, _pki.Root), _pki.Server("2001:db8::7").Chain, "[2001:db8::7]");
        Refused(PeerRefusal.Unsuitable, Rule(CertificateUsage.TrustAnchor, _pki.Root), _pki.Server("192.0.2.7").Chain, "192.0.2.8");
    }

    [Fact]
    public void Validity_counts_where_there_is_a_clock()
    {
        var expired = _pki.Issue(_pki.Authority, TestPki.ServerWish(Host) with { To = _pki.Now.AddHours(-1) });
        Refused(PeerRefusal.Expired, Rule(CertificateUsage.TrustAnchor, _pki.Root), expired.Chain);
        Accepted(Rule(CertificateUsage.DomainIssued, expired), expired.Chain);
        var isSet = false;
        var check = new ServerCertificateCheck(new ManualTime(_pki.Now), () => isSet);
        Assert.IsType<PeerVerdict.Accepted>(check.Judge(Rule(CertificateUsage.TrustAnchor, _pki.Root), new PeerClaim.Certificates(expired.Chain), Host));
        isSet = true;
        Assert.IsType<PeerVerdict.Refused>(check.Judge(Rule(CertificateUsage.TrustAnchor, _pki.Root), new PeerClaim.Certificates(expired.Chain), Host));
    }

    [Fact]
    public void Clients_certificate_is_no_servers() =>
        Refused(PeerRefusal.Unsuitable, Rule(CertificateUsage.TrustAnchor, _pki.Root), _pki.Issue(_pki.Authority, TestPki.DeviceWish(Host) with { Hosts = [Host] }).Chain);

    [Fact]
    public void Chain_that_is_none_is_malformed()
    {
        var server = _pki.Server(Host);
        var rule = Rule(CertificateUsage.DomainIssued, server);
        Refused(PeerRefusal.Malformed, rule, []);
        Refused(PeerRefusal.Malformed, rule, [new byte[] { 0x30, 0x00 }]);
        Refused(PeerRefusal.Malformed, rule, [server.Der[..^1]]);
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = _pki.Issue(_pki.Authority, TestPki.ServerWish(Host) with { Forger = forger });
        Refused(PeerRefusal.Malformed, Rule(CertificateUsage.TrustAnchor, _pki.Root), forged.Chain);
    }

    [Fact]
    public void Accepted_server_is_told_by_its_names()
    {
        var server = _pki.Server(Host);
        var verdict = Judge(Rule(CertificateUsage.DomainIssued, server), server.Chain, Host);
        var identity = Assert.IsType<PeerIdentity.Certificate>(Assert.IsType<PeerVerdict.Accepted>(verdict).Identity);
        Assert.Equal(($"CN={Host}", Host), (identity.Subject, identity.CommonName));
        Assert.Equal([Host], identity.Names.AsEnumerable());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(server.Der.Span)), identity.Fingerprint);
    }

    public void Dispose() => _pki.Dispose();

    private static CertificateRule Rule(CertificateUsage usage, TestCertificate certificate, CertificateMatching matching = CertificateMatching.Exact) => new(usage, matching, matching switch
    {
        CertificateMatching.Sha256 => SHA256.HashData(certificate.Der.Span),
        CertificateMatching.Sha384 => SHA384.HashData(certificate.Der.Span),
        CertificateMatching.Sha512 => SHA512.HashData(certificate.Der.Span),
        _ => certificate.Der,
    });

    private PeerVerdict Judge(CertificateRule rule, ImmutableArray<ReadOnlyMemory<byte>> chain, string host) =>
        new ServerCertificateCheck(new ManualTime(_pki.Now)).Judge(rule, new PeerClaim.Certificates(chain), host);

    private void Accepted(CertificateRule rule, ImmutableArray<ReadOnlyMemory<byte>> chain, string host = Host) =>
        Assert.IsType<PeerVerdict.Accepted>(Judge(rule, chain, host));

    private void Refused(PeerRefusal reason, CertificateRule rule, ImmutableArray<ReadOnlyMemory<byte>> chain, string host = Host)
    {
        var refused = Assert.IsType<PeerVerdict.Refused>(Judge(rule, chain, host));
        Assert.Equal(reason, refused.Reason);
        Assert.NotEqual("", refused.Why);
    }
}
