using System.Text;
using Starling.Coap;
using Starling.Dtls;
using Starling.Testing;
using Starling.Transports;

namespace Starling.Secured.Tests;

/// <summary>A server and clients that speak DTLS over a simulated network, with nothing above but notes.</summary>
internal sealed class SessionRig : IAsyncDisposable
{
    public const string Address = "10.0.0.1:5684";
    public static readonly byte[] Key = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
    private readonly List<DtlsChannel> _channels = [];
    private readonly int _seed;

    public SessionRig(int seed = 1, SimConditions? conditions = null, Func<DtlsChannelSettings, DtlsChannelSettings>? configure = null, KeptSessions? store = null, DtlsOwnKeys? keys = null)
    {
        _seed = seed;
        Clock = new HeldTime(Time);
        OwnKeys = keys ?? new DtlsOwnKeys { AcceptsPreSharedKeys = true };
        Network = new SimNetwork(Time, seed, conditions);
        Settings = new DtlsChannelSettings { Dtls = new DtlsSettings { ConnectionIdLength = 4, Random = new SeededChance(seed) } };
        Settings = configure?.Invoke(Settings) ?? Settings;
        ServerHost = Network.Host(Address);
        Store = store;
        Server = NewServer();
    }

    public ManualTime Time { get; } = new();

    /// <summary>The same as the server's channel reads it.</summary>
    public HeldTime Clock { get; }

    public SimNetwork Network { get; }

    public DtlsChannelSettings Settings { get; set; }

    public SimChannel ServerHost { get; private set; }

    /// <summary>What the server's channel stands on.</summary>
    public Tap Below { get; private set; } = null!;

    public KeptSessions? Store { get; }

    /// <summary>The server's keys.</summary>
    public DtlsOwnKeys OwnKeys { get; }

    public DtlsSessionCache Resumable { get; } = new();

    public Keys Credentials { get; } = new Keys().With("dev-1", Key).With("dev-2", Key);

    public DtlsChannel Server { get; private set; }

    public Recorder Above { get; private set; } = new();

    public List<HandshakeReport> Reports { get; } = [];

    public static PeerTarget Target(string identity = "dev-1", byte[]? key = null, string address = Address) =>
        new(new Uri($"coaps://{address}"), new OwnCredentials.PreSharedKey(Encoding.UTF8.GetBytes(identity), key ?? Key));

    public async Task<SessionRig> StartAsync()
    {
        await Server.RestoreAsync(CancellationToken.None);
        await Server.StartAsync(Above, CancellationToken.None);
        return this;
    }

    /// <summary>The server's process dies without a word, and another one takes its place and its store.</summary>
    public async Task KillAsync()
    {
        await ServerHost.DisposeAsync();   // nothing comes or goes any more; the old channel is left as it is
        Store!.Failure = new IOException("the process is dead");
        var dead = Server;
        await dead.DisposeAsync();
        Store.Failure = null;
        ServerHost = Network.Host(Address);
        (Server, Above) = (NewServer(), new Recorder());
        await StartAsync();
    }

    /// <summary>The server ends as it should, and another one takes its place and its store.</summary>
    public async Task StopAsync()
    {
        await Server.DisposeAsync();
        ServerHost = Network.Host(Address);
        (Server, Above) = (NewServer(), new Recorder());
        await StartAsync();
    }

    private DtlsChannel NewServer()
    {
        Below = new Tap(ServerHost);
        var server = new DtlsChannel(Below, Settings, Clock, new DtlsServer(OwnKeys, Credentials) { Store = Store, Resumable = Resumable });
        server.HandshakeEnded += Reports.Add;
        return server;
    }

    /// <summary>A client at an address of its own; not connected yet.</summary>
    public async Task<(DtlsChannel Channel, SimChannel Host, Recorder Above)> ClientAsync(string address, byte? connectionId = 0)
    {
        var host = Network.Host(address);
        var above = new Recorder();
        var chance = new SeededChance((1000 * _seed) + _channels.Count);
        var settings = new DtlsSettings { Suites = DtlsSettings.ClientSuites, ConnectionIdLength = connectionId, Random = chance };
        var channel = new DtlsChannel(host, new DtlsChannelSettings { Dtls = settings }, Time);
        _channels.Add(channel);
        await channel.StartAsync(above, CancellationToken.None);
        return (channel, host, above);
    }

    /// <summary>Connects and gives the server as the client sees it.</summary>
    public Task<Peer> ConnectAsync(DtlsChannel client, PeerTarget? target = null) =>
        Network.UntilAsync(client.ConnectAsync(target ?? Target(), CancellationToken.None).AsTask());

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            await channel.DisposeAsync();
        }
        await Server.DisposeAsync();
        Clock.Dispose();
    }
}
