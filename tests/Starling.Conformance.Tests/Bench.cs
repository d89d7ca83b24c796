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

    /// <summary>Runs the whole check as a person has it who says nothing else, and tells how long it took.</summary>
    public async Task<(IReadOnlyList<CheckResult> Results, TimeSpan Took)> CheckAsync()
    {
        var began = Network.Time.Elapsed;
        List<CheckResult> results = [];
        await Network.UntilAsync(CollectAsync(), _long);
        return (results, Network.Time.Elapsed - began);

        async Task CollectAsync()
        {
            await foreach (var result in new CheckRunner(Server, Network.Time).RunAsync(Key, new CheckSettings(), default))
            {
                results.Add(result);
            }
        }
    }

    /// <summary>Everything that can be read of the device.</summary>
    public async Task<IReadOnlyList<Lwm2mRecord>> ReadAllAsync()
    {
        var everything = new Lwm2mRequest.ReadComposite([Lwm2mPath.Root]);
        return [.. (await Network.UntilAsync(Server.Find(Key)!.SendAsync(everything, default).AsTask())).Records];
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
