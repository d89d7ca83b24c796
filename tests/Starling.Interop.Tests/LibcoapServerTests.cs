using System.Globalization;
using System.Text;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Interop.Tests;

/// <summary>libcoap's coap-server answers us: as a plain server, and as what stands behind a device's port.</summary>
[Trait("Category", "Interop")]
public sealed class LibcoapServerTests
{
    [PeerFact(Peers.CoapServer)]
    public async Task Server_gives_a_piggybacked_and_a_separate_response()
    {
        var (program, port) = await StartAsync();
        await using var server = program;
        await using var endpoint = await RunningEndpoint.StartAsync();
        var root = await endpoint.RequestAsync(port, CoapCode.Get, "");
        Assert.Equal(CoapCode.Content, root.Code);
        Assert.Contains("libcoap", Encoding.UTF8.GetString(root.Payload.Span), StringComparison.Ordinal);
        var separate = await endpoint.RequestAsync(port, CoapCode.Get, "async", query: "1");
        Assert.Equal(CoapCode.Content, separate.Code);
        await server.WaitForAsync("t:ACK c:0.00");
    }

    [PeerFact(Peers.CoapServer)]
    public async Task Body_goes_there_and_back_in_blocks()
    {
        var (program, port) = await StartAsync();
        await using var server = program;
        await using var endpoint = await RunningEndpoint.StartAsync();
        var body = string.Concat(Enumerable.Range(0, 700).Select(i => i.ToString("D5", CultureInfo.InvariantCulture)));
        var stored = await endpoint.RequestAsync(port, CoapCode.Put, "example_data", body);
        Assert.True(stored.Code.IsSuccess, stored.ToString());
        var back = await endpoint.RequestAsync(port, CoapCode.Get, "example_data");
        Assert.Equal(body, Encoding.UTF8.GetString(back.Payload.Span));
    }

    [PeerFact(Peers.CoapServer, Peers.CoapClient)]
    public async Task Server_behind_a_devices_port_is_written_read_observed_and_deleted()
    {
        await using var server = await RunningServer.StartAsync();
        var port = Ports.Free();
        var devicePort = port.ToString(CultureInfo.InvariantCulture);
        // coap-client registers from the port that coap-server then listens at.
        var (exit, output) = await ForeignProgram.RunAsync(Peers.Get(Peers.CoapClient),
            "-p", devicePort, "-m", "post", "-t", "40", "-e", "</3/0>", $"coap://127.0.0.1:{server.Port}/rd?ep=libcoap&lt=60&lwm2m=1.1&b=U");
        Assert.True(exit == 0, output);
        await server.NextAsync<DeviceEvent.Registered>("libcoap");
        var (program, _) = await StartAsync(port);
        await using var device = program;

        var path = new Lwm2mPath(3, 0, 14);
        var written = await server.SendAsync("libcoap", new Lwm2mRequest.Write(path, [new Lwm2mRecord(path, "+01:00")]));
        Assert.Equal(CoapCode.Created, written.Code);   // coap-server makes a resource of what is put
        Assert.Equal("+01:00", (await server.SendAsync("libcoap", new Lwm2mRequest.Read(path))).Records.Find(path));
        Assert.Equal(CoapCode.NotFound, (await server.SendAsync("libcoap", new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 0)))).Code);

        var observed = await server.Device("libcoap").ObserveAsync(path, null, ForeignProgram.Patience);
        Assert.NotNull(observed.Observation);
        Assert.Equal("+01:00", (await server.NextAsync<DeviceEvent.Notified>("libcoap")).Records.Find(path));
        await ForeignProgram.RunAsync(Peers.Get(Peers.CoapClient), "-m", "put", "-t", "0", "-e", "+02:00", $"coap://127.0.0.1:{devicePort}/3/0/14");
        Assert.Equal("+02:00", (await server.NextAsync<DeviceEvent.Notified>("libcoap")).Records.Find(path));
        Assert.NotNull(await server.Device("libcoap").CancelAsync(observed.Observation.Id, ForeignProgram.Patience));
        await device.WaitForAsync("removed subscription");

        Assert.Equal(CoapCode.Deleted, (await server.SendAsync("libcoap", new Lwm2mRequest.Delete(new Lwm2mPath(3, 0)))).Code);
    }

    private static async Task<(ForeignProgram Program, int Port)> StartAsync(int? port = null)
    {
        var at = port ?? Ports.Free();
        var program = ForeignProgram.Start(Peers.Get(Peers.CoapServer), "-A", "127.0.0.1", "-p", at.ToString(CultureInfo.InvariantCulture), "-d", "10", "-v", "7");
        await program.WaitForAsync("created UDP");
        return (program, at);
    }
}
