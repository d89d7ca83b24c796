using System.Globalization;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Interop.Tests;

/// <summary>npm's lwm2m-node-lib in both roles.</summary>
[Trait("Category", "Interop")]
public sealed class NpmLwm2mTests
{
    [PeerFact(Peers.NpmLwm2m)]
    public async Task Its_client_is_managed_by_our_server()
    {
        await using var server = await RunningServer.StartAsync();
        await using var device = ForeignProgram.StartScript("lwm2m-client.js", "127.0.0.1", server.Port, "node");
        var registered = await server.NextAsync<DeviceEvent.Registered>("node");
        Assert.Equal(Lwm2mVersion.V10, registered.Registration.Version);
        Assert.Equal($"registered rd/{registered.RegistrationId}", await device.WaitForAsync("registered"));

        var (manufacturer, offset) = (new Lwm2mPath(3, 0, 0), new Lwm2mPath(3, 0, 14));
        Assert.Equal("Foreign", (await server.SendAsync("node", new Lwm2mRequest.Read(manufacturer))).Records.Find(manufacturer));
        Assert.Equal(CoapCode.Changed, (await server.SendAsync("node", new Lwm2mRequest.Write(offset, [new Lwm2mRecord(offset, "+01:00")]))).Code);
        await device.WaitForAsync("written /3/0/14 +01:00");
        Assert.Equal(CoapCode.Changed, (await server.SendAsync("node", new Lwm2mRequest.Execute(new Lwm2mPath(3, 0, 4)))).Code);
        await device.WaitForAsync("executed /3/0/4");
        Assert.Equal(CoapCode.NotFound, (await server.SendAsync("node", new Lwm2mRequest.Read(new Lwm2mPath(9, 0, 0)))).Code);

        await device.SendAsync("update");
        await device.WaitForAsync("updated");
        await server.NextAsync<DeviceEvent.Updated>("node");
        await device.SendAsync("unregister");
        await device.WaitForAsync("unregistered");
        await server.NextAsync<DeviceEvent.Deregistered>("node");
    }

    [PeerFact(Peers.NpmLwm2m)]
    public async Task Its_client_is_observed_by_our_server()
    {
        await using var server = await RunningServer.StartAsync();
        await using var device = ForeignProgram.StartScript("lwm2m-client.js", "127.0.0.1", server.Port, "node");
        await server.NextAsync<DeviceEvent.Registered>("node");
        await device.WaitForAsync("registered");
        var value = new Lwm2mPath(3303, 0, 5700);
        var answer = await server.Device("node").ObserveAsync(value, null, ForeignProgram.Patience);
        Assert.NotNull(answer.Observation);
        Assert.Equal(21.5, (await server.NextAsync<DeviceEvent.Notified>("node")).Records.Find(value));
        await device.SendAsync("set /3303/0 5700 23.5");
        Assert.Equal(23.5, (await server.NextAsync<DeviceEvent.Notified>("node")).Records.Find(value));
    }

    [PeerFact(Peers.NpmLwm2m)]
    public async Task Its_server_manages_our_client()
    {
        var port = Ports.Free();
        await using var server = ForeignProgram.StartScript("lwm2m-server.js", port.ToString(CultureInfo.InvariantCulture));
        await server.WaitForAsync("listening");
        await using var device = new RunningClient(new Uri($"coap://127.0.0.1:{port}"), "ours", Lwm2mVersion.V10);
        await device.RegisterAsync();
        var registered = await server.WaitForAsync("registered ours 300 1.0 U");
        Assert.Contains("</3303/0>", registered, StringComparison.Ordinal);

        await AskAsync(server, "read /3/0/0", "read Starling");
        await AskAsync(server, "write /3311/0/5851 40", "write");
        Assert.Equal(40, device.Light.Get(5851).AsInteger());
        await AskAsync(server, "execute /3/0/4 ", "execute");
        Assert.Single(device.Executed);
        await AskAsync(server, "discover /3303/0", "/3303/0/5700>");
        await AskAsync(server, "attributes /3303/0/5700 {\"pmin\":0,\"pmax\":600}", "attributes");
        await AskAsync(server, "observe /3303/0/5700", "observe 21.5");
        device.Thermometer.Set(5700, 23.25);
        await server.WaitForAsync("notified 23.25");

        device.Client.Update();
        await server.WaitForAsync("updated ours");
        await device.LeaveAsync();
        await server.WaitForAsync("unregistered ours");
    }

    private static async Task AskAsync(ForeignProgram server, string command, string answer)
    {
        await server.SendAsync(command);
        await server.WaitForAsync(answer);
    }
}
