using System.Text;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Server.Tests;

/// <summary>A server on a simulated network, with the real message layer and endpoint below it.</summary>
internal sealed class ServerRig : IAsyncDisposable
{
    public const string Address = "10.0.0.1:5683";
    private readonly List<TestDevice> _devices = [];

    private ServerRig(ManualTime time, SimNetwork network, Lwm2mServer server, SimChannel host)
    {
        Time = time;
        Network = network;
        Server = server;
        Host = host;
    }

    public ManualTime Time { get; }
    public SimNetwork Network { get; }
    public Lwm2mServer Server { get; }
    public SimChannel Host { get; }

    public static async Task<ServerRig> StartAsync(
        ServerSettings? settings = null, IDeviceStore? store = null, int seed = 1, SimConditions? conditions = null, ManualTime? time = null,
        SimNetwork? network = null, ICoapHandler? others = null, IOperationStore? operations = null, IProfileStore? profiles = null,
        DeviceCredentials? credentials = null)
    {
        time ??= new ManualTime();
        network ??= new SimNetwork(time, seed, conditions);
        settings ??= new ServerSettings();
        var server = new Lwm2mServer(settings, TestCatalog.Catalog, time, store)
        {
            OtherPaths = others,
            OperationStore = operations,
            ProfileStore = profiles,
            Credentials = credentials,
        };
        var host = network.Host(Address);
        await server.StartAsync([new MessageLayer(host, settings.Coap, time, chance: (ulong)seed)], CancellationToken.None);
        return new ServerRig(time, network, server, host);
    }

    /// <summary>A device at an address of its own; not registered yet.</summary>
    public async Task<TestDevice> DeviceAsync(string endpoint, string address)
    {
        var device = await TestDevice.StartAsync(Network, endpoint, address);
        _devices.Add(device);
        return device;
    }

    /// <summary>A device that has registered, and its session.</summary>
    public async Task<(TestDevice Device, DeviceSession Session)> RegisteredAsync(
        string endpoint = "dev-1", string address = "10.0.1.1:5683", long lifetime = 300, string query = "", string version = "1.1")
    {
        var device = await DeviceAsync(endpoint, address);
        for (var registered = false; !registered;)
        {
            try
            {
                await Network.UntilAsync(device.RegisterAsync(lifetime, query: query, version: version), TimeSpan.FromHours(1));
                registered = true;
            }
            catch (CoapTimeoutException) when (Network.Conditions.Loss > 0)
            {
                // A device tries again, as they do.
            }
        }
        return (device, Server.Find(new DeviceKey(endpoint))!);
    }

    /// <summary>Hands a request to the server as its endpoint would, from this address.</summary>
    public async Task<CoapMessage> AskAsync(CoapMessage request, string from = "10.0.9.9:1") =>
        (await Server.HandleAsync(Host.PeerAt(from), request, CancellationToken.None))!;

    /// <summary>The peer at an address, with the identity that it has proven.</summary>
    public SimPeer Secured(PeerIdentity identity, string from = "10.0.9.9:1")
    {
        var peer = Host.PeerAt(from);
        peer.Proven = identity;
        return peer;
    }

    /// <summary>Registers by hand: <c>ep=a&amp;lt=60</c>.</summary>
    public Task<CoapMessage> RegisterAsync(string query, string links = "</1/0>,</3/0>", string from = "10.0.9.9:1") =>
        AskAsync(Requests.Post("rd", query, links), from);

    /// <summary>Waits until a number of events has come and gives them.</summary>
    public async Task<List<DeviceEvent>> TakeAsync(IAsyncEnumerator<DeviceEvent> events, int count)
    {
        var taken = new List<DeviceEvent>();
        while (taken.Count < count)
        {
            Assert.True(await Network.UntilAsync(events.MoveNextAsync().AsTask()));
            taken.Add(events.Current);
        }
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var device in _devices)
        {
            await device.DisposeAsync();
        }
        await Server.DisposeAsync();
    }
}

/// <summary>Requests as devices write them.</summary>
internal static class Requests
{
    public static CoapMessage Post(string path, string query = "", string links = "") => Make(CoapCode.Post, path, query, links);

    public static CoapMessage Delete(string path) => Make(CoapCode.Delete, path, "", "");

    public static CoapMessage Get(string path) => Make(CoapCode.Get, path, "", "");

    /// <summary>The registration's path, as the answer to a Register tells it.</summary>
    public static string Location(this CoapMessage created)
    {
        Assert.Equal(CoapCode.Created, created.Code);
        return string.Join('/', created.Options.GetStrings(OptionNumber.LocationPath));
    }

    private static CoapMessage Make(CoapCode code, string path, string query, string links)
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, path);
        if (links.Length > 0)
        {
            options.Add(OptionNumber.ContentFormat, ContentFormat.LinkFormat.Value);
        }
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            options.Add(OptionNumber.UriQuery, parameter);
        }
        return new CoapMessage { Code = code, Options = options.Build(), Payload = Encoding.UTF8.GetBytes(links) };
    }
}

/// <summary>The few objects that the tests speak of.</summary>
internal static class TestCatalog
{
    public static ObjectCatalog Catalog { get; } = new(
    [
        new ObjectDefinition(3, "Device", new ObjectVersion(1, 0),
        [
            new ResourceDefinition { Id = 0, Name = "Manufacturer", Type = ValueKind.String, Operations = ResourceOperations.Read },
            new ResourceDefinition { Id = 4, Name = "Reboot", Type = ValueKind.None, Operations = ResourceOperations.Execute },
            new ResourceDefinition { Id = 9, Name = "Battery Level", Type = ValueKind.Integer, Operations = ResourceOperations.Read },
        ]),
        new ObjectDefinition(3303, "Temperature", new ObjectVersion(1, 0),
        [
            new ResourceDefinition { Id = 5700, Name = "Sensor Value", Type = ValueKind.Float, Operations = ResourceOperations.Read },
        ]),
    ]);
}
