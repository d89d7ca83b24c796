using System.Net;
using Starling.Client;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Transports;

namespace Starling.Console.Tests;

/// <summary>A device with an object that no server knows, which it sends unasked.</summary>
internal sealed class TellerDevice : IAsyncDisposable
{
    public static readonly Lwm2mPath Depth = new(42790, 0, 1);
    private static readonly ObjectDefinition _well = new(42790, "Well", ObjectVersion.V10,
        [new ResourceDefinition { Id = 1, Name = "Depth", Type = ValueKind.Float, Operations = ResourceOperations.Read }]);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lwm2mClient _client;
    private readonly Task _run;

    private TellerDevice(Uri server, string endpoint)
    {
        var settings = new ClientSettings
        {
            Endpoint = endpoint,
            Servers = [new ServerAccount { Uri = server, MuteSend = false }],
            Catalog = ObjectCatalog.Standard.With([_well]),
            QueueMode = true,
        };
        var channel = new MessageLayer(new UdpChannel(new UdpSettings { Bind = new IPEndPoint(IPAddress.Loopback, 0) }), settings.Coap, TimeProvider.System);
        _client = new Lwm2mClient(settings, [new ObjectInstance(_well, 0) { [1] = 12.5 }], [channel], TimeProvider.System);
        _run = _client.RunAsync(_stop.Token);
    }

    /// <summary>Registers and tells what nobody knows.</summary>
    public static async Task<TellerDevice> StartAsync(Uri server, string endpoint)
    {
        var device = new TellerDevice(server, endpoint);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await device._client.WhenRegisteredAsync(patience.Token);
        var result = Assert.Single(await device._client.SendAsync([Depth], patience.Token));
        Assert.Equal(Client.SendOutcome.Delivered, result.Outcome);
        return device;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _client.DisposeAsync();
        _stop.Dispose();
    }
}
