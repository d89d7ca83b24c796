using Starling.Coap;
using Starling.Crypto;
using Starling.Dtls;
using Starling.Testing;

namespace Starling.Secured.Tests;

/// <summary>Sessions with raw public keys and certificates: the judge of each side, and work that runs beside the receiving thread.</summary>
public sealed class PublicKeyTests : IDisposable
{
    private readonly OwnKey _device = OwnKey.Create();
    private readonly OwnKey _server = OwnKey.Create();
    private readonly TestPki _pki = new(new ManualTime().GetUtcNow());

    public void Dispose()
    {
        _device.Dispose();
        _server.Dispose();
        _pki.Dispose();
    }

    [Fact]
    public async Task Raw_public_keys_make_a_session()
    {
        await using var rig = await RawAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");

        var server = await rig.ConnectAsync(client, Target(_server.Public));
        client.Send(server, "hello"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 1);

        Assert.Equal(new PeerIdentity.PublicKey(_device.Public.Fingerprint), rig.Above.Received[0].Peer.Identity);
        Assert.Equal(new PeerIdentity.PublicKey(_server.Public.Fingerprint), server.Identity);
        Assert.Equal("TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", Assert.Single(rig.Reports).CipherSuite);
    }

    [Fact]
    public async Task Server_with_another_public_key_than_the_expected_one_is_left()
    {
        await using var rig = await RawAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");

        var failed = await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.ConnectAsync(client, Target(_device.Public)));

        Assert.True(failed.AlertIsOurs);
        Assert.Contains("not the one that is expected", failed.Message, StringComparison.Ordinal);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0), (rig.Server.SessionCount, rig.Server.HandshakeCount));
        Assert.False(Assert.Single(rig.Reports).IsEstablished);
    }

    [Fact]
    public async Task Work_that_throws_ends_its_handshake_and_nothing_else()
    {
        await using var rig = await RawAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        var expected = _server.Public;
        _server.Dispose();   // whoever signs with it throws

        var failed = await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.ConnectAsync(client, Target(expected)));

        Assert.Equal(((byte)80, false), (failed.Alert ?? 0, failed.AlertIsOurs));   // internal_error
        Assert.Equal((0, 0), (rig.Server.SessionCount, rig.Server.HandshakeCount));
    }

    [Theory]
    [InlineData(PeerRefusal.Disabled, 40)]   // handshake_failure, which LwM2M devices retry: it may be switched on again
    [InlineData(PeerRefusal.Ended, 49)]      // access_denied and certificate_unknown, after which they turn to bootstrap
    [InlineData(PeerRefusal.Unknown, 46)]
    public async Task Public_key_that_may_not_enter_is_refused_with_a_reason(PeerRefusal reason, byte alert)
    {
        await using var rig = await RawAsync();
        rig.Credentials.Others = _ => new PeerVerdict.Refused(reason, "it is for a reason") { Credential = "k" };
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");

        var failed = await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.ConnectAsync(client, Target(_server.Public)));

        Assert.Equal(alert, failed.Alert);
        var report = Assert.Single(rig.Reports);
        Assert.Contains("it is for a reason", report.Problem, StringComparison.Ordinal);
        Assert.Equal("k", report.RefusedCredential);
        Assert.Equal(_device.Public.Fingerprint, report.Claimed);   // as a credential has it, so that its device is found
    }

    [Fact]
    public async Task Certificates_make_a_session()
    {
        var own = _pki.Server("10.0.0.1");
        var device = _pki.Device("dev-9");
        Assert.True(OwnKey.TryRead(own.Key.ExportPkcs8PrivateKey(), out var key));
        await using var rig = await new SessionRig(keys: new DtlsOwnKeys { Key = key, Chain = own.Chain }).StartAsync();
        rig.Credentials.Others = claim => claim is PeerClaim.Certificates ? new PeerVerdict.Accepted(new PeerIdentity.PublicKey("any")) : null;
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        var rule = new CertificateRule(CertificateUsage.TrustAnchor, CertificateMatching.Exact, _pki.Root.Certificate.RawData);

        var server = await rig.ConnectAsync(client, new PeerTarget(
            new Uri($"coaps://{SessionRig.Address}"), new OwnCredentials.Certificate(device.Chain, device.Key.ExportPkcs8PrivateKey(), rule)));

        Assert.Equal("10.0.0.1", Assert.IsType<PeerIdentity.Certificate>(server.Identity).CommonName);
        Assert.True(Assert.Single(rig.Reports).IsEstablished);
    }

    private PeerTarget Target(RawPublicKey server) =>
        new(new Uri($"coaps://{SessionRig.Address}"), new OwnCredentials.PublicKey(_device.ToDer(), server.SubjectPublicKeyInfo));

    private async Task<SessionRig> RawAsync()
    {
        var rig = await new SessionRig(keys: new DtlsOwnKeys { Key = _server, RawPublicKeys = true }).StartAsync();
        rig.Credentials.Others = claim => claim is PeerClaim.PublicKey { SubjectPublicKeyInfo: var info } && _device.Public.Matches(info.Span)
            ? new PeerVerdict.Accepted(new PeerIdentity.PublicKey(_device.Public.Fingerprint))
            : null;
        return rig;
    }
}
