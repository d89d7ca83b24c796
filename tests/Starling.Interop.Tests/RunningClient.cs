using System.Net;
using Starling.Client;
using Starling.Coap;
using Starling.Dtls;
using Starling.Lwm2m;
using Starling.Transports;

namespace Starling.Interop.Tests;

/// <summary>A device of ours: Device, thermometer and light, and what was executed on it.</summary>
internal sealed class RunningClient : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    public RunningClient(Uri server, string endpoint, Lwm2mVersion version, ProtocolTrace? trace = null, bool confirmable = false, OwnCredentials? credentials = null)
    {
        var catalog = ObjectCatalog.Standard;
        var settings = new ClientSettings { Endpoint = endpoint, Servers = [new ServerAccount { Uri = server, Credentials = credentials, Lifetime = 300, ConfirmableNotifications = confirmable }], Version = version };
        Thermometer = new ObjectInstance(catalog.Find(3303), 0) { [5700] = 21.5, [5701] = "Cel" };
        Light = new ObjectInstance(catalog.Find(3311), 0) { [5850] = false, [5851] = 100 };
        var device = new ObjectInstance(catalog.Find(3), 0)
        {
            [0] = "Starling",
            [4] = Resource.Execute((arguments, _) =>
            {
                Executed.Add(arguments);
                return Task.CompletedTask;
            }),
            [11] = Resource.Multiple(0),
            [16] = "U",
        };
        var udp = new UdpChannel(new UdpSettings { Bind = new IPEndPoint(IPAddress.Loopback, 0) });
        IDatagramChannel channel = credentials is null ? udp : new DtlsChannel(udp, new DtlsChannelSettings { Dtls = new DtlsSettings { ConnectionIdLength = 0 } }, TimeProvider.System);
        Client = new Lwm2mClient(settings, [device, Thermometer, Light], [new MessageLayer(channel, settings.Coap, TimeProvider.System, trace)], TimeProvider.System);
    }

    public Lwm2mClient Client { get; }
    public ObjectInstance Thermometer { get; }
    public ObjectInstance Light { get; }
    public List<string?> Executed { get; } = [];

    public async Task RegisterAsync()
    {
        _run = Client.RunAsync(_stop.Token);
        await Client.WhenRegisteredAsync(ForeignProgram.Patience);
    }

    /// <summary>De-registers.</summary>
    public async Task LeaveAsync()
    {
        await _stop.CancelAsync();
        await _run;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Client.DisposeAsync();
        _stop.Dispose();
    }
}
