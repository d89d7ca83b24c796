using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>A real client and a server by hand on a simulated network, on fake time.</summary>
internal sealed class TestBench : IAsyncDisposable
{
    public const string DeviceAddress = "10.0.0.2:5683";
    public const string ServerAddress = "10.0.0.1:5683";
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private SimChannel? _host;

    public TestBench(int seed = 1, SimConditions? conditions = null)
    {
        Time = new ManualTime();
        Network = new SimNetwork(Time, seed, conditions);
        Server = new HandServer(Network, ServerAddress);
    }

    public ManualTime Time { get; }
    public SimNetwork Network { get; }
    public HandServer Server { get; }
    public List<ObjectInstance> Objects { get; } = [TestObjects.NewDevice()];
    public ServerAccount Account { get; set; } = new() { Uri = new Uri($"coap://{ServerAddress}"), Lifetime = 300 };
    public ClientSettings Settings { get; set; } = new() { Endpoint = "urn:dev:1", Servers = [], Catalog = TestObjects.Catalog, TellsFormats = false };
    public Lwm2mClient Client { get; private set; } = null!;
    public List<RegistrationState> States { get; } = [];
    public Task Run => _run;

    /// <summary>The server as the client sees it.</summary>
    public Peer ServerAsPeer => _host!.PeerAt(ServerAddress);

    /// <summary>The server ends what it has with the client, as one does that closes a session.</summary>
    public void LoseServer() => _host!.Lose(ServerAsPeer, PeerLoss.Closed);

    public ObjectInstance this[int objectId, int instanceId = 0] => Client.Objects.Find(objectId, instanceId)!;

    /// <summary>What stands between the client and the simulated channel; nothing unless set.</summary>
    public Func<IMessageChannel, IMessageChannel> Front { get; set; } = channel => channel;

    /// <summary>Makes the client and lets it run.</summary>
    public void Start(params ServerAccount[] more)
    {
        var host = Network.Host(DeviceAddress);
        _host = host;
        host.AddressesMayBeForged = false;   // A client dials its servers.
        var layer = new MessageLayer(host, Settings.Coap, Time, chance: 7);
        Client = new Lwm2mClient(Settings with { Servers = [Account, .. more] }, Objects, [Front(layer)], Time);
        Client.RegistrationChanged += status =>
        {
            if (status.ShortServerId == Account.ShortServerId)
            {
                States.Add(status.State);
            }
        };
        _run = Client.RunAsync(_stop.Token);
    }

    /// <summary>Starts and waits for the first registration.</summary>
    public async Task<TestBench> RegisterAsync()
    {
        Start();
        await Network.UntilAsync(Client.WhenRegisteredAsync(default));
        return this;
    }

    /// <summary>Stops the client, as its host does.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Network.UntilAsync(_run);
    }

    public Task UntilAsync(RegistrationState state, TimeSpan? within = null) =>
        Network.UntilAsync(() => Client.Registrations[0].State == state, within ?? TimeSpan.FromDays(3), state.ToString());

    public async ValueTask DisposeAsync()
    {
        if (Client is not null)
        {
            await StopAsync();
            await Client.DisposeAsync();
        }
        await Server.DisposeAsync();
        _stop.Dispose();
    }
}
