using System.Security.Cryptography.X509Certificates;
using Starling.Coap;
using Starling.Testing;

namespace Starling.Server.Tests;

public sealed class CertificateClaimTests : IDisposable
{
    private readonly DeviceCredentials _credentials = new(null, null, new ManualTime(TestKeys.Noon));
    private readonly X509Certificate2 _authority = TestKeys.Authority("CN=Acme CA");
    private readonly X509Certificate2 _stranger = TestKeys.Authority("CN=Acme CA");

    public void Dispose()
    {
        _credentials.Dispose();
        _authority.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task Pinned_certificate_is_known_by_its_fingerprint_whoever_signed_it()
    {
        using var device = TestKeys.Signed(_stranger, "CN=dev-1, O=Acme", "dev-1.example");
        await AddAsync(new Credential.PinnedCertificate("a", TestKeys.FingerprintOf(device)) { Endpoint = "dev-1" });
        var identity = Accepted(await JudgeAsync(device));
        Assert.Equal(("a", "CN=dev-1,O=Acme", "dev-1"), (identity.Credential, identity.Subject, identity.CommonName));
        Assert.Equal<string>(["dev-1.example", "urn:dev:dev-1.example"], identity.Names);
    }

    [Fact]
    public async Task Pinned_certificate_that_is_out_of_date_is_refused()
    {
        using var device = TestKeys.Signed(_authority, "CN=dev-1", days: -1);
        await AddAsync(new Credential.PinnedCertificate("a", TestKeys.FingerprintOf(device)));
        Assert.Equal(PeerRefusal.Expired, Refused(await JudgeAsync(device)));
    }

    [Fact]
    public async Task Authority_with_a_pattern_lets_its_devices_in()
    {
        await AddAsync(TestKeys.Trust(_authority, "{cn}"));
        using var device = TestKeys.Signed(_authority, "CN=dev-1");
        Assert.Equal("ca", Accepted(await JudgeAsync(device)).Credential);
    }

    [Fact]
    public async Task Chain_through_an_intermediate_that_the_device_sends_holds_and_without_it_does_not()
    {
        await AddAsync(TestKeys.Trust(_authority, "{cn}"));
        using var middle = TestKeys.Signed(_authority, "CN=Plant 7", isAuthority: true);
        using var device = TestKeys.Signed(middle, "CN=dev-1", days: 8);
        Assert.Equal("ca", Accepted(await JudgeAsync(device, middle)).Credential);
        Assert.Equal(PeerRefusal.UnknownAuthority, Refused(await JudgeAsync(device)));
    }

    [Fact]
    public async Task Session_of_a_subject_rests_on_its_authority_as_well()
    {
        using var device = TestKeys.Signed(_authority, "CN=dev-1, O=Acme");
        var ended = new List<Credential>();
        _credentials.Ended += ended.Add;
        await AddAsync(TestKeys.Trust(_authority, null));
        await AddAsync(new Credential.CertificateSubject("a", "CN=dev-1,O=Acme") { Endpoint = "x" });
        await AddAsync(TestKeys.Psk("p", "dev-2"));
        var identity = Accepted(await JudgeAsync(device));
        var other = new PeerIdentity.PreSharedKey("dev-2") { Credential = "p" };
        Assert.True(_credentials.StillCounts(identity));

        await _credentials.EnableAsync("ca", false, default);

        Assert.True(Assert.Single(ended).MayVouchFor(identity));
        Assert.False(ended[0].MayVouchFor(other));
        Assert.False(_credentials.StillCounts(identity));
        Assert.True(_credentials.StillCounts(other));
        await _credentials.RemoveAsync("ca", default);
        Assert.False(_credentials.StillCounts(identity));
        Assert.False(_credentials.StillCounts(other with { Credential = "gone" }));
        Assert.True(_credentials.StillCounts(PeerIdentity.None));
    }

    [Fact]
    public async Task Subject_goes_before_its_authority_and_needs_one()
    {
        using var device = TestKeys.Signed(_authority, "CN=dev-1, O=Acme");
        await AddAsync(new Credential.CertificateSubject("a", "CN=dev-1,O=Acme") { Endpoint = "x" });
        Assert.Equal(PeerRefusal.UnknownAuthority, Refused(await JudgeAsync(device)));
        await AddAsync(TestKeys.Trust(_authority, null));
        Assert.Equal("a", Accepted(await JudgeAsync(device)).Credential);
        using var forged = TestKeys.Signed(_stranger, "CN=dev-1, O=Acme");
        Assert.NotEqual(default, Refused(await JudgeAsync(forged)));
        using var other = TestKeys.Signed(_authority, "CN=dev-2, O=Acme");
        Assert.Equal(PeerRefusal.Unknown, Refused(await JudgeAsync(other)));
    }

    [Theory]
    [InlineData("b-*", "x", "ca")]      // a name that its devices may not have
    [InlineData("b-*", null, "ca")]     // any name that the patterns of the server allow
    [InlineData("b-*", "b-1", "a")]
    [InlineData("b-{cn}", "b-dev-1", "a")]
    public async Task Authority_with_a_pattern_vouches_for_no_other_name_by_a_subject(string pattern, string? endpoint, string credential)
    {
        await AddAsync(new Credential.CertificateSubject("a", "CN=dev-1,O=Acme") { Endpoint = endpoint });   // meant for who is below another authority
        await AddAsync(TestKeys.Trust(_authority, pattern));
        using var device = TestKeys.Signed(_authority, "CN=dev-1, O=Acme");

        Assert.Equal(credential, Accepted(await JudgeAsync(device)).Credential);
        await _credentials.EnableAsync("a", false, default);
        Assert.Equal(PeerRefusal.Disabled, Refused(await JudgeAsync(device)));   // who is switched off stays out, whoever signs
    }

    [Fact]
    public async Task Authority_of_the_same_name_with_another_key_is_not_the_one()
    {
        await AddAsync(TestKeys.Trust(_authority, "{cn}"));
        using var device = TestKeys.Signed(_stranger, "CN=dev-1");
        Assert.Contains(Refused(await JudgeAsync(device, _stranger)), new[] { PeerRefusal.UnknownAuthority, PeerRefusal.Malformed });
    }

    [Fact]
    public async Task Certificate_out_of_date_or_for_something_else_is_refused()
    {
        await AddAsync(TestKeys.Trust(_authority, "{cn}"));
        using var past = TestKeys.Signed(_authority, "CN=dev-1", days: -1);
        Assert.Equal(PeerRefusal.Expired, Refused(await JudgeAsync(past)));
        using var server = TestKeys.Signed(_authority, "CN=dev-1", usage: "1.3.6.1.5.5.7.3.1");
        Assert.Equal(PeerRefusal.Unsuitable, Refused(await JudgeAsync(server)));
    }

    [Fact]
    public async Task Refusal_says_which_credential_it_is_about()
    {
        await AddAsync(TestKeys.Trust(_authority, null));
        await AddAsync(new Credential.CertificateSubject("a", "CN=dev-1") { Endpoint = "x" });
        using var device = TestKeys.Signed(_authority, "CN=dev-1");
        using var past = TestKeys.Signed(_authority, "CN=dev-1", days: -1);
        Assert.Equal("a", Assert.IsType<PeerVerdict.Refused>(await JudgeAsync(past)).Credential);
        await _credentials.EnableAsync("a", false, default);
        Assert.Equal("a", Assert.IsType<PeerVerdict.Refused>(await JudgeAsync(device)).Credential);
        using var other = TestKeys.Signed(_authority, "CN=dev-2");
        Assert.Null(Assert.IsType<PeerVerdict.Refused>(await JudgeAsync(other)).Credential);
    }

    [Fact]
    public async Task Authority_that_is_switched_off_stands_behind_nobody()
    {
        await AddAsync(TestKeys.Trust(_authority, "{cn}"));
        await _credentials.EnableAsync("ca", false, default);
        using var device = TestKeys.Signed(_authority, "CN=dev-1");
        Assert.Equal(PeerRefusal.Disabled, Refused(await JudgeAsync(device)));
    }

    [Fact]
    public async Task Rubbish_is_refused_without_an_exception()
    {
        await AddAsync(TestKeys.Trust(_authority, "{cn}"));
        using var device = TestKeys.Signed(_authority, "CN=dev-1", "name");
        var der = device.RawData;
        var chance = new Random(5);
        for (var i = 0; i < 500; i++)
        {
            var damaged = der[..chance.Next(der.Length)];
            Assert.Equal(PeerRefusal.Malformed, Refused(await _credentials.JudgeAsync(new PeerClaim.Certificates([damaged]), default)));
            damaged = [.. der];
            damaged[chance.Next(der.Length)] ^= (byte)(1 << chance.Next(8));
            Assert.IsType<PeerVerdict.Refused>(await _credentials.JudgeAsync(new PeerClaim.Certificates([damaged]), default));
        }
        Assert.Equal(PeerRefusal.Unknown, Refused(await _credentials.JudgeAsync(new PeerClaim.Certificates([]), default)));
        Assert.Equal(PeerRefusal.Malformed, Refused(await _credentials.JudgeAsync(new PeerClaim.Certificates([.. Enumerable.Repeat<ReadOnlyMemory<byte>>(der, 9)]), default)));
    }

    [Fact]
    public async Task Certificate_of_a_device_is_no_authority()
    {
        using var device = TestKeys.Signed(_authority, "CN=dev-1");
        var refusal = await _credentials.AddAsync([TestKeys.Trust(device, "{cn}")], default);
        Assert.Equal(CredentialRefusalKind.Unusable, refusal!.Kind);
    }

    private async Task AddAsync(Credential credential) => Assert.Null(await _credentials.AddAsync([credential], default));

    private ValueTask<PeerVerdict> JudgeAsync(params X509Certificate2[] chain) => _credentials.JudgeAsync(TestKeys.Claim(chain), default);

    private static PeerIdentity.Certificate Accepted(PeerVerdict verdict) =>
        Assert.IsType<PeerIdentity.Certificate>(verdict is PeerVerdict.Accepted yes ? yes.Identity : throw new InvalidOperationException(((PeerVerdict.Refused)verdict).Why));

    private static PeerRefusal Refused(PeerVerdict verdict) => Assert.IsType<PeerVerdict.Refused>(verdict).Reason;
}
