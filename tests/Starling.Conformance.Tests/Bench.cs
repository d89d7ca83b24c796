using Starling.Coap;
using Starling.Lwm2m;
using Starling.Platform;
using Starling.Server;
using Starling.Testing;

namespace Starling.Conformance.Tests;

/// <summary>The real server and the client under test on a simulated network, on fake time: where a case of the test specification runs.</summary>
internal sealed class Bench : IAsyncDisposable
{
    public const string ServerAddress = "10.0.0.1:5683", SecondAddress = "10.0.0.3:5683";
    private static readonly TimeSpan _long = TimeSpan.FromDays(3);

    private readonly ImageHost _images;

    private readonly Lwm2mServer? _second;

    private Bench(SimNetwork network, Lwm2mServer server, ClientBench client, ImageHost images, Lwm2mServer? second) =>
        (Network, Server, Client, _images, _second) = (network, server, client, images, second);

    public SimNetwork Network { get; }

    public Lwm2mServer Server { get; }

    public ClientBench Client { get; }

    public static DeviceKey Key { get; } = new(ClientBench.Endpoint);

    /// <summary>Starts both, and waits until the client is registered. A client that lies says something else than it means.</summary>
    public static async Task<Bench> StartAsync(Configuration configuration, Func<CoapMessage, CoapMessage?>? lie = null)
    {
        var time = new ManualTime();
        var network = new SimNetwork(time);
        var server = await StartServerAsync(network, ServerAddress);
        var second = configuration.Second is null ? null : await StartServerAsync(network, SecondAddress);
        var bench = new Bench(network, server, new ClientBench(network, configuration, lie), await ImageHost.StartAsync(network), second);
        bench.Client.Start();
        await network.UntilAsync(bench.Client.Client.WhenRegisteredAsync(default));
        return bench;
    }

    /// <summary>Runs a case, with somebody at the device.</summary>
    public async Task<CheckResult> RunAsync(CheckCase one, Func<Bench, DeviceAct, Task<bool>>? hands = null)
    {
        var settings = new CheckSettings
        {
            Destructive = true,
            Slow = true,
            Hands = hands is null ? null : act => hands(this, act),
            Image = ImageHost.Image,
            ImageUri = ImageHost.Uri,
            Other = _second,
        };
        var runner = new CheckRunner(Server, Network.Time);
        return await Network.UntilAsync(runner.RunAsync(one, Key, settings, new DeviceFacts(Network.Time), Timeout.InfiniteTimeSpan, default), _long);
    }

    public async ValueTask DisposeAsync()
    {
        await Network.UntilAsync(Client.DisposeAsync().AsTask());
        await Server.DisposeAsync();
        await (_second?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _images.DisposeAsync();
    }

    private static async Task<Lwm2mServer> StartServerAsync(SimNetwork network, string address)
    {
        var trace = new ProtocolTrace(network.Time);
        var settings = new ServerSettings();
        var server = new Lwm2mServer(settings, ObjectCatalog.Standard, network.Time, trace: trace);
        await server.StartAsync([new MessageLayer(network.Host(address), settings.Coap, network.Time, trace, chance: 5)], default);
        return server;
    }
}
