using System.Security.Cryptography;
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

    public SessionRig(int seed = 1, SimConditions? conditions = null, Func<DtlsChannelSettings, DtlsChannelSettings>? configure = null)
    {
        Network = new SimNetwork(Time, seed, conditions);
        Settings = new DtlsChannelSettings { Dtls = new DtlsSettings { ConnectionIdLength = 4 } };
        Settings = configure?.Invoke(Settings) ?? Settings;
        ServerHost = Network.Host(Address);
        Server = new DtlsChannel(ServerHost, Settings, Time, new DtlsServer(new DtlsOwnKeys { AcceptsPreSharedKeys = true }, Credentials));
        Server.HandshakeEnded += Reports.Add;
    }

    public ManualTime Time { get; } = new();

    public SimNetwork Network { get; }

    public DtlsChannelSettings Settings { get; }

    public SimChannel ServerHost { get; }

    public Keys Credentials { get; } = new Keys().With("dev-1", Key).With("dev-2", Key);

    public DtlsChannel Server { get; }

    public Recorder Above { get; } = new();

    public List<HandshakeReport> Reports { get; } = [];

    public static PeerTarget Target(string identity = "dev-1", byte[]? key = null, string address = Address) =>
        new(new Uri($"coaps://{address}"), new OwnCredentials.PreSharedKey(Encoding.UTF8.GetBytes(identity), key ?? Key));

    public async Task<SessionRig> StartAsync()
    {
        await Server.StartAsync(Above, CancellationToken.None);
        return this;
    }

    /// <summary>A client at an address of its own; not connected yet.</summary>
    public async Task<(DtlsChannel Channel, SimChannel Host, Recorder Above)> ClientAsync(string address, byte? connectionId = 0)
    {
        var host = Network.Host(address);
        var above = new Recorder();
        var channel = new DtlsChannel(host, new DtlsChannelSettings { Dtls = new DtlsSettings { Suites = DtlsSettings.ClientSuites, ConnectionIdLength = connectionId } }, Time);
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
    }
}
