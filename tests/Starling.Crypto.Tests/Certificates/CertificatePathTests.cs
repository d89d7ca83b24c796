using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Starling.Testing;

namespace Starling.Crypto.Tests;

/// <summary>Every way in which a chain can be wrong is refused, with its reason.</summary>
public sealed class CertificatePathTests : IDisposable
{
    private const CertificateFault Malformed = CertificateFault.Malformed;
    private const CertificateFault UnknownAuthority = CertificateFault.UnknownAuthority;
    private const CertificateFault Expired = CertificateFault.Expired;
    private const CertificateFault Unsuitable = CertificateFault.Unsuitable;
    private readonly TestPki _pki = new(new DateTimeOffset(2031, 5, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(CertificatePurpose.Server)]
    [InlineData(CertificatePurpose.Client)]
    public void Good_chain_is_accepted_and_its_authorities_are_named(CertificatePurpose purpose)
    {
        var end = purpose == CertificatePurpose.Server ? _pki.Server("server.example") : _pki.Device("device-1");
        var result = Check(end.Chain, _pki.Root, purpose);
        Assert.Null(result.Problem);
        Assert.Equal([_pki.Authority.Der.ToArray(), _pki.Root.Der.ToArray()], result.Authorities.Select(a => a.ToArray()));
        Assert.Equal(Fingerprint.Of(_pki.Root.Der.Span), result.Anchor);
    }

    [Fact]
    public void Trusted_authority_that_did_not_sign_itself_ends_the_path()
    {
        var server = _pki.Server("server.example");
        Assert.Equal(Fingerprint.Of(_pki.Authority.Der.Span), Check([server.Der], _pki.Authority).Anchor);
        // Also where what stands above it is sent too, and nobody knows that.
        Assert.Null(Check([.. server.Chain, _pki.Root.Der], _pki.Authority).Problem);
    }

    [Fact]
    public void Root_may_be_sent_too() => Assert.Null(Check([.. _pki.Server("server.example").Chain, _pki.Root.Der], _pki.Root).Problem);

    [Fact]
    public void Certificate_without_usages_is_good_for_everything()
    {
        var end = _pki.Issue(_pki.Authority, new CertificateWish("anything"));
        Assert.Null(Check(end.Chain, _pki.Root, CertificatePurpose.Server).Problem);
        Assert.Null(Check(end.Chain, _pki.Root, CertificatePurpose.Client).Problem);
    }

    [Fact]
    public void Authority_that_nobody_knows_is_refused()
    {
        var other = _pki.Issue(null, new CertificateWish("Other root") { IsAuthority = true });
        var server = _pki.Issue(other, TestPki.ServerWish("server.example"));
        Refused(UnknownAuthority, server.Chain);
        Refused(UnknownAuthority, [.. server.Chain, other.Der]);
    }

    [Fact]
    public void Authority_with_the_name_and_not_the_key_is_refused()
    {
        using var others = new TestPki(_pki.Now);   // the same names, other keys
        Refused(Malformed, others.Server("server.example").Chain);
        var result = Check([.. others.Server("server.example").Chain, others.Root.Der], _pki.Root);
        Assert.True(result.Problem?.Fault is Malformed or UnknownAuthority, result.ToString());
    }

    [Fact]
    public void Authorities_that_share_a_name_are_each_tried()
    {
        using var newer = new TestPki(_pki.Now);   // the same names, another key, no key identifiers: a change of keys
        Assert.True(TrustAnchors.TryRead([_pki.Root.Der, newer.Root.Der], out var both));
        Assert.True(TrustAnchors.TryRead([newer.Root.Der, _pki.Root.Der], out var reversed));
        foreach (var anchors in new[] { both, reversed })
        {
            foreach (var pki in new[] { _pki, newer })
            {
                using var chain = Read(pki.Server("server.example").Chain);
                Assert.Equal(Fingerprint.Of(pki.Root.Der.Span), CertificatePath.Check(chain, anchors, CertificatePurpose.Server, _pki.Now).Anchor);
            }
            using var third = new TestPki(_pki.Now);
            using var stranger = Read(third.Server("server.example").Chain);
            Assert.Equal(Malformed, CertificatePath.Check(stranger, anchors, CertificatePurpose.Server, _pki.Now).Problem?.Fault);
        }
    }

    [Fact]
    public void Missing_authority_between_is_refused_and_not_fetched() => Refused(UnknownAuthority, [_pki.Server("server.example").Der]);

    [Fact]
    public void Certificate_signed_by_itself_is_refused()
    {
        var own = _pki.Issue(null, TestPki.ServerWish("server.example"));
        Refused(UnknownAuthority, own.Chain);
        // Also when it is given for an authority: it vouches for nobody, least of all for itself.
        Assert.Equal(UnknownAuthority, Check(own.Chain, own).Problem?.Fault);
    }

    [Fact]
    public void Nobody_trusted_refuses_everybody()
    {
        Assert.True(TrustAnchors.TryRead([], out var nobody));
        using var chain = Read(_pki.Server("server.example").Chain);
        Assert.Equal(UnknownAuthority, CertificatePath.Check(chain, nobody, CertificatePurpose.Server, _pki.Now).Problem?.Fault);
        Assert.Equal(UnknownAuthority, CertificatePath.Check(chain, TrustAnchors.System, CertificatePurpose.Server, _pki.Now).Problem?.Fault);
    }

    [Fact]
    public void Signature_by_another_key_is_refused()
    {
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused(Malformed, _pki.Issue(_pki.Authority, TestPki.ServerWish("server.example") with { Forger = forger }).Chain);
        var forged = _pki.Issue(_pki.Root, new CertificateWish("Test authority") { IsAuthority = true, Forger = forger });
        Refused(Malformed, _pki.Issue(forged, TestPki.ServerWish("server.example")).Chain);
        // Where the path ends at an authority that did not sign itself, it is looked at as well.
        Assert.Equal(Malformed, Check([_pki.Issue(_pki.Authority, TestPki.ServerWish("server.example") with { Forger = forger }).Der], _pki.Authority).Problem?.Fault);
    }

    [Fact]
    public void Bent_signature_is_refused()
    {
        var server = _pki.Server("server.example");
        byte[] bent = [.. server.Der.Span];
        bent[^1] ^= 1;
        Refused(Malformed, [bent, .. server.Chain[1..]]);
    }

    [Fact]
    public void Wrong_usage_is_refused()
    {
        Assert.Equal(Unsuitable, Check(_pki.Device("device-1").Chain, _pki.Root, CertificatePurpose.Server).Problem?.Fault);
        Assert.Equal(Unsuitable, Check(_pki.Server("server.example").Chain, _pki.Root, CertificatePurpose.Client).Problem?.Fault);
        Refused(Unsuitable, _pki.Issue(_pki.Authority, TestPki.ServerWish("server.example") with { KeyUsage = X509KeyUsageFlags.KeyAgreement }).Chain);
        // An authority that may only vouch for clients.
        var narrow = _pki.Issue(_pki.Root, new CertificateWish("Narrow") { IsAuthority = true, Purposes = [CertificateWish.Client] });
        Refused(Unsuitable, _pki.Issue(narrow, TestPki.ServerWish("server.example")).Chain);
        Assert.Null(Check(_pki.Issue(narrow, TestPki.DeviceWish("device-1")).Chain, _pki.Root, CertificatePurpose.Client).Problem);
    }

    [Fact]
    public void End_entity_does_not_vouch_for_others()
    {
        Refused(Unsuitable, _pki.Issue(_pki.Server("server.example"), TestPki.ServerWish("victim.example")).Chain);
        var cannotSign = _pki.Issue(_pki.Root, new CertificateWish("No signer") { IsAuthority = true, KeyUsage = X509KeyUsageFlags.DigitalSignature });
        Refused(Unsuitable, _pki.Issue(cannotSign, TestPki.ServerWish("server.example")).Chain);
        // Not even where it is given for the authority.
        var server = _pki.Server("server.example");
        Assert.Equal(Unsuitable, Check([_pki.Issue(server, TestPki.ServerWish("victim.example")).Der], server).Problem?.Fault);
    }

    [Fact]
    public void More_authorities_than_the_path_length_allows_are_refused()
    {
        var below = _pki.Issue(_pki.Authority, new CertificateWish("Too deep") { IsAuthority = true });   // the authority's path length is 0
        Refused(Unsuitable, _pki.Issue(below, TestPki.ServerWish("server.example")).Chain);
    }

    [Fact]
    public void Validity_is_that_of_every_certificate_of_the_path()
    {
        var (past, future) = (_pki.Now.AddHours(-1), _pki.Now.AddHours(1));
        Refused(Expired, _pki.Issue(_pki.Authority, TestPki.ServerWish("server.example") with { To = past }).Chain);
        Refused(Expired, _pki.Issue(_pki.Authority, TestPki.ServerWish("server.example") with { From = future }).Chain);
        var old = _pki.Issue(_pki.Root, new CertificateWish("Old") { IsAuthority = true, To = past });
        Refused(Expired, _pki.Issue(old, TestPki.ServerWish("server.example")).Chain);
        var oldRoot = _pki.Issue(null, new CertificateWish("Old root") { IsAuthority = true, To = past });
        Assert.Equal(Expired, Check(_pki.Issue(oldRoot, TestPki.ServerWish("server.example")).Chain, oldRoot).Problem?.Fault);
    }

    [Fact]
    public void Validity_ends_with_its_last_second()
    {
        var server = _pki.Issue(_pki.Authority, TestPki.ServerWish("server.example") with { From = _pki.Now, To = _pki.Now.AddMinutes(10) });
        Assert.Null(Check(server.Chain, _pki.Root, now: _pki.Now).Problem);
        Assert.Null(Check(server.Chain, _pki.Root, now: _pki.Now.AddMinutes(10).AddSeconds(-1)).Problem);
        Assert.Equal(Expired, Check(server.Chain, _pki.Root, now: _pki.Now.AddSeconds(-1)).Problem?.Fault);
        Assert.Equal(Expired, Check(server.Chain, _pki.Root, now: _pki.Now.AddMinutes(10).AddSeconds(1)).Problem?.Fault);
    }

    [Fact]
    public void Validity_does_not_count_without_a_clock_and_everything_else_does()
    {
        var expired = _pki.Issue(_pki.Authority, TestPki.ServerWish("server.example") with { To = _pki.Now.AddHours(-1) });
        using var chain = Read(expired.Chain);
        Assert.True(TrustAnchors.TryRead([_pki.Root.Der], out var anchors));
        Assert.Null(CertificatePath.Check(chain, anchors, CertificatePurpose.Server, null).Problem);
        Assert.Equal(Unsuitable, CertificatePath.Check(chain, anchors, CertificatePurpose.Client, null).Problem?.Fault);
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var forged = Read(_pki.Issue(_pki.Authority, TestPki.ServerWish("server.example") with { Forger = forger }).Chain);
        Assert.Equal(Malformed, CertificatePath.Check(forged, anchors, CertificatePurpose.Server, null).Problem?.Fault);
    }

    [Fact]
    public void Weak_signature_or_key_is_refused()
    {
        Refused(Unsuitable, _pki.Issue(_pki.Authority, TestPki.ServerWish("server.example") with { IsSignedOverSha1 = true }).Chain);
        var weak = _pki.Issue(_pki.Root, new CertificateWish("Weak") { IsAuthority = true, Curve = ECCurve.CreateFromFriendlyName("secp224r1") });
        Refused(Unsuitable, _pki.Issue(weak, TestPki.ServerWish("server.example")).Chain);
        var strong = _pki.Issue(_pki.Root, new CertificateWish("Strong") { IsAuthority = true, Curve = ECCurve.NamedCurves.nistP384 });
        Assert.Null(Check(_pki.Issue(strong, TestPki.ServerWish("server.example") with { Curve = ECCurve.NamedCurves.nistP256 }).Chain, _pki.Root).Problem);
    }

    public void Dispose() => _pki.Dispose();

    private void Refused(CertificateFault fault, ImmutableArray<ReadOnlyMemory<byte>> chain)
    {
        var result = Check(chain, _pki.Root);
        Assert.Equal(fault, result.Problem?.Fault);
        Assert.NotEqual("", result.Problem!.Value.Why);
        Assert.Null(result.Anchor);
    }

    private PathResult Check(ImmutableArray<ReadOnlyMemory<byte>> der, TestCertificate anchor, CertificatePurpose purpose = CertificatePurpose.Server, DateTimeOffset? now = null)
    {
        using var chain = Read(der);
        Assert.True(TrustAnchors.TryRead([anchor.Der], out var anchors));
        using (anchors)
        {
            return CertificatePath.Check(chain, anchors, purpose, now ?? _pki.Now);
        }
    }

    private static CertificateChain Read(ImmutableArray<ReadOnlyMemory<byte>> der)
    {
        Assert.True(CertificateChain.TryRead(der, out var chain, out var problem), problem.Why);
        return chain;
    }
}
