using Starling.Coap;
using Starling.Hosting;
using Starling.Lwm2m;
using Starling.Platform;
using Starling.Server;
using Starling.Testing;
using Starling.Transports;

namespace Starling.Conformance.Tests;

/// <summary>A real server on the simulated network, at the ports of CoAP and of CoAP over DTLS. Its protocol trace is above DTLS.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    public const string First = "10.0.0.1", Second = "10.0.0.3";
    private readonly DeviceCredentials _credentials;

    private BenchServer(Lwm2mServer server, DtlsChannel secured, DeviceCredentials credentials)
    {
        (Server, Secured, _credentials) = (server, secured, credentials);
        Handshakes = new HandshakeLog(server, credentials, new PlatformSettings());
        secured.HandshakeEnded += Handshakes.Add;
    }

    public Lwm2mServer Server { get; }

    /// <summary>Its sessions.</summary>
    public DtlsChannel Secured { get; }

    public HandshakeLog Handshakes { get; }

    /// <summary>Starts one at an address.</summary>
    /// <param name="network">The network.</param>
    /// <param name="address">The address without a port.</param>
    /// <param name="knows">The credentials of devices; who has one gets in with it alone.</param>
    public static async Task<BenchServer> StartAsync(SimNetwork network, string address, IReadOnlyList<Credential> knows)
    {
        var trace = new ProtocolTrace(network.Time);
        var settings = new ServerSettings();
        var credentials = new DeviceCredentials(time: network.Time);
        Assert.Null(await credentials.AddAsync(knows, default));
        var usual = new DtlsHostSettings();
        var sessions = usual.Channel with { Dtls = usual.Channel.Dtls with { Random = new SeededChance(5) } };
        var takes = new DtlsServer(BenchKeys.OfServers, credentials) { Resumable = usual.Resumable };
        var secured = new DtlsChannel(network.Host($"{address}:{DtlsChannelSettings.CoapsPort}"), sessions, network.Time, takes, trace);
        var server = new Lwm2mServer(settings, ObjectCatalog.Standard, network.Time, trace: trace) { Credentials = credentials };
        await server.StartAsync([Layer(network.Host($"{address}:5683")), Layer(secured)], default);
        return new BenchServer(server, secured, credentials);

        MessageLayer Layer(IDatagramChannel channel) => new(channel, settings.Coap, network.Time, trace, chance: 5);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _credentials.Dispose();
    }
}
