using System.Globalization;
using System.Text;
using Starling.Coap;
using Starling.Server;

namespace Starling.Interop.Tests;

/// <summary>libcoap's coap-client and coap-server over DTLS, each as built with OpenSSL and with GnuTLS.</summary>
[Trait("Category", "Interop")]
public sealed class SecureLibcoapTests
{
    private static readonly string[] _key = ["-u", SecureCase.Identity, "-k", SecureCase.KeyText];

    [PeerTheory(Peers.CoapClientOpenssl, Peers.CoapClientGnutls)]
    [InlineData(Peers.CoapClientOpenssl)]
    [InlineData(Peers.CoapClientGnutls)]
    public async Task Client_gets_and_puts_in_blocks_with_a_key(string build)
    {
        await using var endpoint = await RunningEndpoint.StartSecuredAsync();
        Assert.Equal("Hello", (await CoapAsync(build, [.. _key, "-m", "get", endpoint.Url("hello")])).Trim());
        Assert.Equal(new string('x', Resources.LargeLength), (await CoapAsync(build, [.. _key, "-m", "get", "-b", "256", endpoint.Url("large")])).Trim());
        Assert.Equal("3000", (await CoapAsync(build, [.. _key, "-m", "put", "-b", "512", "-e", new string('y', 3000), endpoint.Url("length")])).Trim());
    }

    [PeerTheory(Peers.CoapClientOpenssl, Peers.CoapClientGnutls)]
    [InlineData(Peers.CoapClientOpenssl)]
    [InlineData(Peers.CoapClientGnutls)]
    public async Task Client_observes_and_stops(string build)
    {
        await using var endpoint = await RunningEndpoint.StartSecuredAsync();
        await using var client = ForeignProgram.Start(Peers.Get(build), [.. _key, "-v", "7", "-s", "2", "-m", "get", endpoint.Url("count")]);
        await client.WaitForAsync("Observe:1 ] :: '0'");
        await endpoint.Resources.CountOnAsync();
        await client.WaitForAsync("Observe:2 ] :: '1'");
        var (exit, output) = await client.EndAsync();
        Assert.True(exit == 0, output);
        await endpoint.Resources.Stopped.Task.WaitAsync(ForeignProgram.Patience);
    }

    [PeerTheory(Peers.CoapClientOpenssl, Peers.CoapClientGnutls)]
    [InlineData(Peers.CoapClientOpenssl)]
    [InlineData(Peers.CoapClientGnutls)]
    public async Task Client_gets_with_a_certificate(string build)
    {
        var (own, root) = (TestKeys.Shared.Client, TestKeys.Shared.Authority);
        await using var endpoint = await RunningEndpoint.StartSecuredAsync();
        Assert.Equal("Hello", (await CoapAsync(build, ["-c", own.Certificate, "-j", own.Key, "-C", root, "-m", "get", endpoint.Url("hello")])).Trim());
    }

    [PeerFact(Peers.CoapClientGnutls)]
    public async Task Client_gets_with_a_raw_public_key()
    {
        // It takes a certificate first and a raw key second, whatever it has; the server has both.
        await using var endpoint = await RunningEndpoint.StartSecuredAsync();
        // It says that nothing vouches for the server's key, and goes on.
        Assert.EndsWith("Hello", (await CoapAsync(Peers.CoapClientGnutls, ["-M", TestKeys.Shared.Client.BothKeys, "-m", "get", endpoint.Url("hello")])).Trim());
    }

    [PeerTheory(Peers.CoapClientOpenssl, Peers.CoapClientGnutls)]
    [InlineData(Peers.CoapClientOpenssl)]
    [InlineData(Peers.CoapClientGnutls)]
    public async Task Register_and_update_over_two_sessions_with_one_identity(string build)
    {
        await using var server = await RunningServer.StartAsync(secured: true);
        var at = $"coaps://127.0.0.1:{server.SecuredPort}";
        string[] post = [.. _key, "-v", "7", "-m", "post"];
        var said = await CoapAsync(build, [.. post, "-t", "40", "-e", "</1/0>,</3/0>", $"{at}/rd?ep=somebody-else&lt=60&lwm2m=1.1&b=U"]);
        Assert.Contains("c:4.00", said, StringComparison.Ordinal);   // the key belongs to another name
        await CoapAsync(build, [.. post, "-t", "40", "-e", "</1/0>,</3/0>", $"{at}/rd?ep={SecureCase.Identity}&lt=60&lwm2m=1.1&b=U"]);
        var registered = await server.NextAsync<DeviceEvent.Registered>(SecureCase.Identity);
        said = await CoapAsync(build, [.. post, $"{at}/rd/{registered.RegistrationId}?lt=120"]);
        Assert.Contains("c:2.04", said, StringComparison.Ordinal);
        await server.NextAsync<DeviceEvent.Updated>(SecureCase.Identity);
    }

    [PeerTheory(Peers.CoapServerOpenssl, Peers.CoapServerGnutls)]
    [InlineData(Peers.CoapServerOpenssl)]
    [InlineData(Peers.CoapServerGnutls)]
    public async Task Server_takes_and_gives_blocks_with_a_key(string build)
    {
        var (program, port) = await StartAsync(build, "-h", "hint", "-k", SecureCase.KeyText);
        await using var server = program;
        await using var endpoint = await RunningEndpoint.StartSecuredAsync();
        await ExchangeAsync(endpoint, port, TestCredentials.Key);
    }

    [PeerTheory(Peers.CoapServerOpenssl, Peers.CoapServerGnutls)]
    [InlineData(Peers.CoapServerOpenssl)]
    [InlineData(Peers.CoapServerGnutls)]
    public async Task Server_takes_and_gives_blocks_with_certificates(string build)
    {
        // The OpenSSL build sends its own certificate only: whoever trusts the root alone cannot follow.
        var (own, keys) = (TestKeys.Shared.Server, TestKeys.Shared);
        var authority = build == Peers.CoapServerOpenssl ? keys.BetweenDer : keys.AuthorityDer;
        var (program, port) = await StartAsync(build, "-c", own.Certificate, "-j", own.Key, "-C", keys.Authority);
        await using var server = program;
        await using var endpoint = await RunningEndpoint.StartSecuredAsync();
        await ExchangeAsync(endpoint, port, TestCredentials.Certificate(authority));
    }

    [PeerFact(Peers.CoapServerGnutls)]
    public async Task Server_takes_and_gives_blocks_with_raw_public_keys()
    {
        var (program, port) = await StartAsync(Peers.CoapServerGnutls, "-M", TestKeys.Shared.Server.BothKeys);
        await using var server = program;
        await using var endpoint = await RunningEndpoint.StartSecuredAsync();
        await ExchangeAsync(endpoint, port, TestCredentials.RawKey);
    }

    private static async Task ExchangeAsync(RunningEndpoint endpoint, int port, OwnCredentials own)
    {
        var body = string.Concat(Enumerable.Range(0, 700).Select(i => i.ToString("D5", CultureInfo.InvariantCulture)));
        var stored = await endpoint.RequestAsync(port, own, CoapCode.Put, "example_data", body);
        Assert.True(stored.Code.IsSuccess, stored.ToString());
        var back = await endpoint.RequestAsync(port, own, CoapCode.Get, "example_data");
        Assert.Equal(body, Encoding.UTF8.GetString(back.Payload.Span));
        Assert.Equal(1, endpoint.Secured!.SessionCount);
    }

    // DTLS is at the port after the one that is given.
    private static async Task<(ForeignProgram Program, int Port)> StartAsync(string build, params string[] arguments)
    {
        var port = Ports.FreePair();
        var program = ForeignProgram.Start(Peers.Get(build), ["-A", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), .. arguments]);
        await SecurePeer.WaitForPortAsync(port + 1);
        return (program, port + 1);
    }

    private static async Task<string> CoapAsync(string build, string[] arguments)
    {
        var (exit, output) = await ForeignProgram.RunAsync(Peers.Get(build), arguments);
        Assert.True(exit == 0, output);
        return output;
    }
}
