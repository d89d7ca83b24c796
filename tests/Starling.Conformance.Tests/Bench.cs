using Starling.Coap;
using Starling.Lwm2m;
using Starling.Platform;
using Starling.Server;
using Starling.Testing;

namespace Starling.Conformance.Tests;

/// <summary>The real server and the client under test on a simulated network, on fake time: where a case of the test specification runs.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private static readonly TimeSpan _long = TimeSpan.FromDays(3);

    private readonly BenchServer _first;
    private readonly BenchServer? _second;
    private readonly ImageHost _images;

    private Bench(SimNetwork network, BenchServer first, BenchServer? second, ClientBench client, ImageHost images) =>
        (Network, _first, _second, Client, _images) = (network, first, second, client, images);

    public SimNetwork Network { get; }

    public Lwm2mServer Server => _first.Server;

    /// <summary>The second server; null where the device has one.</summary>
    public Lwm2mServer? Second => _second?.Server;

    public ClientBench Client { get; }

    /// <summary>What went to the servers and came from them, as it was on the network.</summary>
    public IEnumerable<SimFrame> WithServers => Network.Frames.Where(f => IsServer(f.From) || IsServer(f.To));

    public static DeviceKey Key { get; } = new(ClientBench.Endpoint);

    /// <summary>Starts both, and waits until the client is registered. A client that lies says something else than it means.</summary>
    public static async Task<Bench> StartAsync(Configuration configuration, Func<CoapMessage, CoapMessage?>? lie = null)
    {
        var time = new ManualTime();
        var network = new SimNetwork(time);
        network.Name("server.example.com", BenchServer.First);
        network.Name("server-fail.example.com", BenchServer.First);
        var first = await StartServerAsync(BenchServer.First);
        var second = configuration.Second is null ? null : await StartServerAsync(BenchServer.Second);
        var bench = new Bench(network, first, second, new ClientBench(network, lie) { Configuration = configuration }, await ImageHost.StartAsync(network));
        bench.Client.Start();
        await network.UntilAsync(bench.Client.Client.WhenRegisteredAsync(default));
        return bench;

        Task<BenchServer> StartServerAsync(string address) =>
            BenchServer.StartAsync(network, address, configuration.IsSecured ? BenchKeys.KnownTo(address) : []);
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
            Other = _second?.Server,
        };
        var runner = new CheckRunner(Server, Network.Time, _first.Handshakes);
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
            await foreach (var result in new CheckRunner(Server, Network.Time, _first.Handshakes).RunAsync(Key, new CheckSettings(), default))
            {
                results.Add(result);
            }
        }
    }

    /// <summary>The servers end all sessions.</summary>
    public void CloseSessions()
    {
        _first.Secured.CloseAll(_ => true);
        _second?.Secured.CloseAll(_ => true);
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
        await _first.DisposeAsync();
        await (_second?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _images.DisposeAsync();
    }

    private static bool IsServer(string host) => host.Split(':')[0] is BenchServer.First or BenchServer.Second;
}
