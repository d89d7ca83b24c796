using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;
using Starling.Testing;
using Starling.Transports;

namespace Starling.Platform.Tests;

public sealed class HandshakeLogTests : IAsyncDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly ManualTime _time = new(_noon);
    private readonly DeviceCredentials _credentials;
    private readonly Lwm2mServer _server;

    public HandshakeLogTests()
    {
        _credentials = new DeviceCredentials(null, null, _time);
        _server = new Lwm2mServer(new ServerSettings(), ObjectCatalog.Standard, _time) { Credentials = _credentials };
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _credentials.Dispose();
    }

    [Fact]
    public async Task Handshake_is_kept_by_the_device_that_its_claim_leads_to()
    {
        await _credentials.AddAsync([new Credential.PreSharedKey("a", "key-1", new byte[16]) { Endpoint = "meter-1" }], default);
        var log = Log();
        log.Add(Failed("key-1"));
        log.Add(Failed("nobody"));
        log.Add(Failed(null));
        log.Add(Done(new PeerIdentity.PreSharedKey("key-1") { Credential = "a" }));
        log.Add(Done(new PeerIdentity.PreSharedKey("unbound")));
        Assert.Equal([4, 1], log.List("meter-1", false, null, 10).Select(e => e.Number));
        Assert.Equal([3, 2], log.List("", false, null, 10).Select(e => e.Number));
        Assert.Equal([5], log.List("unbound", false, null, 10).Select(e => e.Number));
        Assert.Equal([5, 4, 3, 2, 1], log.List(null, false, null, 10).Select(e => e.Number));
        Assert.Equal([3, 2], log.List(null, true, 4, 2).Select(e => e.Number));
    }

    [Fact]
    public async Task Refused_key_and_certificate_lead_to_their_devices()
    {
        var (key, certificate) = (new string('a', 64), new string('b', 64));
        await _credentials.AddAsync(
        [
            new Credential.PublicKey("a", key) { Endpoint = "meter-1" }, new Credential.PinnedCertificate("b", certificate) { Endpoint = "meter-2" },
            new Credential.CertificateSubject("c", "CN=meter-3") { Endpoint = "meter-3" },
        ], default);
        var log = Log();
        log.Add(Failed(key));
        log.Add(Failed(certificate));
        log.Add(Failed(new string('c', 64)) with { RefusedCredential = "c" });
        Assert.Equal(3, Assert.Single(log.List("meter-3", false, null, 10)).Number);
        Assert.Equal(1, Assert.Single(log.List("meter-1", false, null, 10)).Number);
        Assert.Equal(2, Assert.Single(log.List("meter-2", false, null, 10)).Number);
    }

    [Fact]
    public async Task Strangers_push_out_strangers_only()
    {
        await _credentials.AddAsync([new Credential.PreSharedKey("a", "key-1", new byte[16]) { Endpoint = "meter-1" }], default);
        var log = Log(strangers: 10);
        log.Add(Failed("key-1"));
        for (var i = 0; i < 1000; i++)
        {
            log.Add(Failed($"stranger-{i}"));
        }
        Assert.Single(log.List("meter-1", false, null, 10));
        Assert.Equal(10, log.List("", false, null, 100).Count);
        Assert.Equal(990, log.Dropped);
    }

    [Fact]
    public void Device_keeps_its_last_ones_and_the_quietest_device_goes_first()
    {
        var log = Log(each: 3, devices: 2);
        foreach (var name in new[] { "a", "b", "a", "a", "a", "a", "c" })
        {
            log.Add(Done(new PeerIdentity.PreSharedKey(name)));
        }
        Assert.Equal([6, 5, 4], log.List("a", false, null, 10).Select(e => e.Number));
        Assert.Empty(log.List("b", false, null, 10));
        Assert.Equal([7], log.List("c", false, null, 10).Select(e => e.Number));
        Assert.Equal(3, log.Dropped);
    }

    private HandshakeLog Log(int each = 16, int devices = 100, int strangers = 100) =>
        new(_server, _credentials, new PlatformSettings { KeptHandshakes = each, KeptHandshakeDevices = devices, KeptStrangers = strangers });

    private static HandshakeReport Failed(string? claimed) => new()
    {
        At = _noon,
        Duration = TimeSpan.FromMilliseconds(30),
        Address = new PeerAddress("dtls+udp", "192.0.2.1:1"),
        IsEstablished = false,
        Claimed = claimed,
        Step = "ClientKeyExchange",
        Alert = 51,
        AlertIsOurs = true,
        Problem = "The key is wrong.",
    };

    private static HandshakeReport Done(PeerIdentity identity) => Failed(null) with { IsEstablished = true, Identity = identity, Alert = null, Problem = null };
}
