using System.Globalization;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Interop.Tests;

/// <summary>npm's lwm2m-node-lib behind the DTLS of mbedTLS or wolfSSL, with connection ids.</summary>
[Trait("Category", "Interop")]
public sealed class SecureLwm2mTests
{
    [PeerTheory(Peers.NpmLwm2m, Peers.Mbedtls, Peers.Wolfssl)]
    [InlineData(Peers.Mbedtls, "C0A8 cid=0,6")]
    [InlineData(Peers.Wolfssl, "C037 cid=3,6")]
    public async Task Its_client_is_managed_while_its_address_changes(string library, string what)
    {
        await using var server = await RunningServer.StartAsync(secured: true);
        await using var relay = new Relay(server.SecuredPort, RelayConditions.Calm);
        await using var tunnel = new TunnelPeer(library).Open(relay.Port, SecureCase.Parse(what));
        var port = (await tunnel.PortAsync()).ToString(CultureInfo.InvariantCulture);
        // The name is the identity that the key belongs to: no other would be taken.
        await using var device = ForeignProgram.StartScript("lwm2m-client.js", "127.0.0.1", port, SecureCase.Identity);
        var registered = await server.NextAsync<DeviceEvent.Registered>(SecureCase.Identity);
        Assert.Equal(new PeerIdentity.PreSharedKey(SecureCase.Identity), registered.Registration.Identity);
        await device.WaitForAsync("registered");

        var (manufacturer, value) = (new Lwm2mPath(3, 0, 0), new Lwm2mPath(3303, 0, 5700));
        Assert.NotNull((await server.Device(SecureCase.Identity).ObserveAsync(value, null, ForeignProgram.Patience)).Observation);
        Assert.Equal(21.5, (await server.NextAsync<DeviceEvent.Notified>(SecureCase.Identity)).Records.Find(value));
        relay.Move();
        await device.SendAsync("set /3303/0 5700 23.5");
        Assert.Equal(23.5, (await server.NextAsync<DeviceEvent.Notified>(SecureCase.Identity)).Records.Find(value));
        Assert.Equal("Foreign", (await server.SendAsync(SecureCase.Identity, new Lwm2mRequest.Read(manufacturer))).Records.Find(manufacturer));
        relay.Move();
        await device.SendAsync("update");
        await server.NextAsync<DeviceEvent.Updated>(SecureCase.Identity);
        Assert.Equal(CoapCode.Changed, (await server.SendAsync(SecureCase.Identity, new Lwm2mRequest.Execute(new Lwm2mPath(3, 0, 4)))).Code);
        await device.SendAsync("unregister");
        await server.NextAsync<DeviceEvent.Deregistered>(SecureCase.Identity);
    }

    [PeerTheory(Peers.NpmLwm2m, Peers.Mbedtls, Peers.Wolfssl)]
    [InlineData(Peers.Mbedtls, "C0A8 cid=0,5")]
    [InlineData(Peers.Wolfssl, "C0AE raw cid=0,5")]
    public async Task Its_server_manages_our_client(string library, string what)
    {
        var (plain, secured) = (Ports.Free(), Ports.Free());
        await using var server = ForeignProgram.StartScript("lwm2m-server.js", plain.ToString(CultureInfo.InvariantCulture));
        await server.WaitForAsync("listening");
        await using var tunnel = new TunnelPeer(library).Guard(secured, plain, SecureCase.Parse(what));
        await SecurePeer.WaitForPortAsync(secured);
        await using var relay = new Relay(secured, RelayConditions.Calm);
        var own = SecureCase.Parse(what).RawKeys ? TestCredentials.RawKey : TestCredentials.Key;
        await using var device = new RunningClient(new Uri($"coaps://127.0.0.1:{relay.Port}"), "ours", Lwm2mVersion.V10, credentials: own);
        await device.RegisterAsync();
        await server.WaitForAsync("registered ours 300 1.0 U");
        await server.SendAsync("read /3/0/0");
        await server.WaitForAsync("read Starling");
        relay.Move();
        device.Client.Update();
        await server.WaitForAsync("updated ours");
        await device.LeaveAsync();
        await server.WaitForAsync("unregistered ours");
    }
}
