using System.Net;
using System.Net.Sockets;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Interop.Tests;

/// <summary>libcoap's coap-client asks us.</summary>
[Trait("Category", "Interop")]
public sealed class LibcoapClientTests
{
    private static readonly string[] _twoAddresses = ["127.0.0.2", "127.0.0.3"];

    [PeerFact(Peers.CoapClient)]
    public async Task Client_gets_a_small_body()
    {
        await using var endpoint = await RunningEndpoint.StartAsync();
        Assert.Equal("Hello", (await CoapAsync("-m", "get", endpoint.Url("hello"))).Trim());
    }

    [PeerFact(Peers.CoapClient)]
    public async Task Client_gets_a_large_body_in_blocks_of_its_choice()
    {
        await using var endpoint = await RunningEndpoint.StartAsync();
        foreach (var size in new[] { "16", "64", "1024" })
        {
            Assert.Equal(new string('x', Resources.LargeLength), (await CoapAsync("-m", "get", "-b", size, endpoint.Url("large"))).Trim());
        }
    }

    [PeerFact(Peers.CoapClient)]
    public async Task Client_gets_a_large_body_in_blocks_of_our_choice()
    {
        await using var endpoint = await RunningEndpoint.StartAsync();
        Assert.Equal(new string('x', Resources.LargeLength), (await CoapAsync("-m", "get", endpoint.Url("large"))).Trim());
    }

    [PeerFact(Peers.CoapClient)]
    public async Task Client_puts_a_large_body_in_blocks()
    {
        await using var endpoint = await RunningEndpoint.StartAsync();
        foreach (var size in new[] { "32", "512" })
        {
            Assert.Equal("3000", (await CoapAsync("-m", "put", "-b", size, "-e", new string('y', 3000), endpoint.Url("length"))).Trim());
        }
    }

    [PeerFact(Peers.CoapClient)]
    public async Task Client_takes_a_separate_response()
    {
        await using var endpoint = await RunningEndpoint.StartAsync();
        await using var client = ForeignProgram.Start(Peers.Get(Peers.CoapClient), "-v", "7", "-m", "get", endpoint.Url("slow"));
        await client.WaitForAsync("t:ACK c:0.00");
        endpoint.Resources.Slow.SetResult();
        await client.WaitForAsync("t:CON c:2.05");
        Assert.Contains("at last", (await client.EndAsync()).Output, StringComparison.Ordinal);
    }

    [PeerFact(Peers.CoapClient)]
    public async Task Client_observes_and_stops()
    {
        await using var endpoint = await RunningEndpoint.StartAsync();
        await using var client = ForeignProgram.Start(Peers.Get(Peers.CoapClient), "-v", "7", "-s", "3", "-m", "get", endpoint.Url("count"));
        await client.WaitForAsync("Observe:1 ] :: '0'");
        await endpoint.Resources.CountOnAsync();
        await client.WaitForAsync("Observe:2 ] :: '1'");
        await endpoint.Resources.CountOnAsync();
        await client.WaitForAsync("Observe:3 ] :: '2'");
        var (exit, output) = await client.EndAsync();
        Assert.True(exit == 0, output);
        await endpoint.Resources.Stopped.Task.WaitAsync(ForeignProgram.Patience);
    }

    [PeerFact(Peers.CoapClient)]
    public async Task Register_update_and_deregister_by_hand()
    {
        await using var server = await RunningServer.StartAsync();
        var at = $"coap://127.0.0.1:{server.Port}";
        var core = await CoapAsync("-m", "get", $"{at}/.well-known/core");
        Assert.Contains("rt=\"core.rd\"", core, StringComparison.Ordinal);
        var said = await CoapAsync("-v", "7", "-m", "post", "-t", "40", "-e", "</1/0>,</3/0>", $"{at}/rd?ep=hand&lt=60&lwm2m=1.1&b=U");
        var registered = await server.NextAsync<DeviceEvent.Registered>("hand");
        Assert.Equal((60, Lwm2mVersion.V11), (registered.Registration.Lifetime, registered.Registration.Version));
        Assert.Equal([new Lwm2mPath(1, 0), new Lwm2mPath(3, 0)], registered.Registration.Links.Paths.Where(p => p.IsInstance));
        Assert.Contains($"Location-Path:rd, Location-Path:{registered.RegistrationId} ]", said, StringComparison.Ordinal);
        said = await CoapAsync("-v", "7", "-m", "post", $"{at}/rd/{registered.RegistrationId}?lt=120");
        Assert.Contains("c:2.04", said, StringComparison.Ordinal);
        await server.NextAsync<DeviceEvent.Updated>("hand");
        Assert.Equal(120, server.Device("hand").Registration.Lifetime);
        said = await CoapAsync("-v", "7", "-m", "delete", $"{at}/rd/{registered.RegistrationId}");
        Assert.Contains("c:2.02", said, StringComparison.Ordinal);
        await server.NextAsync<DeviceEvent.Deregistered>("hand");
        said = await CoapAsync("-v", "7", "-m", "post", $"{at}/rd/{registered.RegistrationId}");
        Assert.Contains("c:4.04", said, StringComparison.Ordinal);
    }

    [PeerFact(Peers.CoapClient)]
    public async Task Register_with_a_long_list_comes_in_blocks()
    {
        await using var server = await RunningServer.StartAsync();
        var list = string.Join(',', Enumerable.Range(0, 300).Select(i => $"</3303/{i}>"));
        await CoapAsync("-m", "post", "-t", "40", "-b", "64", "-e", list, $"coap://127.0.0.1:{server.Port}/rd?ep=many&lt=60&lwm2m=1.1&b=U");
        var registered = await server.NextAsync<DeviceEvent.Registered>("many");
        Assert.Equal(300, registered.Registration.Links.Paths.Count(p => p.IsInstance));
    }

    [PeerFact(Peers.CoapClient)]
    public async Task Refusals_are_told_by_their_codes()
    {
        await using var server = await RunningServer.StartAsync();
        var at = $"coap://127.0.0.1:{server.Port}";
        Assert.Contains("c:4.12", await CoapAsync("-v", "7", "-m", "post", "-t", "40", "-e", "</3/0>", $"{at}/rd?ep=new&lt=60&lwm2m=9.0&b=U"), StringComparison.Ordinal);
        Assert.Contains("c:4.00", await CoapAsync("-v", "7", "-m", "post", "-t", "40", "-e", "</3/0>", $"{at}/rd?lt=60&lwm2m=1.1"), StringComparison.Ordinal);
        Assert.Contains("c:4.04", await CoapAsync("-v", "7", "-m", "get", $"{at}/nothing"), StringComparison.Ordinal);
        // Option 2049 is critical and nobody's (RFC 7252 §5.4.1).
        Assert.Contains("c:4.02", await CoapAsync("-v", "7", "-m", "get", "-O", "2049,x", $"{at}/.well-known/core"), StringComparison.Ordinal);
    }

    [PeerFact(Peers.CoapClient)]
    public async Task Reply_leaves_from_the_address_that_received()
    {
        await using var server = await RunningServer.StartAsync(IPAddress.Any);
        foreach (var address in _twoAddresses)
        {
            // coap-client connects its socket: an answer from any other address would never reach it.
            var core = await CoapAsync("-m", "get", $"coap://{address}:{server.Port}/.well-known/core");
            Assert.Contains("core.rd", core, StringComparison.Ordinal);
            // And from the outside: who sends the answer to a bare socket?
            using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            await socket.SendAsync(new byte[] { 0x40, 0x00, 0x12, 0x34 }, new IPEndPoint(IPAddress.Parse(address), server.Address.Port), ForeignProgram.Patience);
            var pong = await socket.ReceiveAsync(ForeignProgram.Patience);
            Assert.Equal(address, pong.RemoteEndPoint.Address.ToString());
            Assert.Equal([0x70, 0x00, 0x12, 0x34], pong.Buffer);
        }
    }

    private static async Task<string> CoapAsync(params string[] arguments)
    {
        var (exit, output) = await ForeignProgram.RunAsync(Peers.Get(Peers.CoapClient), arguments);
        Assert.True(exit == 0, output);
        return output;
    }
}
