using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Starling.Client;
using Starling.Coap;
using Starling.Hosting;
using Starling.Lwm2m;
using Starling.Server;
using Starling.Transports;

namespace Starling.Platform.Tests;

/// <summary>
/// The real program on ports that the system chose, with three demo devices and one device of our own, <c>types/1</c>: its name has a slash on purpose.
/// </summary>
public sealed class RunningPlatform : IAsyncLifetime
{
    public const string Device = "types/1";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);   // for what takes milliseconds, on a machine that is busy
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(Lwm2mClient Client, Task Run)> _devices = [];
    private WebApplication? _app;

    /// <summary>The arguments of each Execute of /42769/0/9.</summary>
    internal List<string?> Executed { get; } = [];

    internal Uri Url { get; private set; } = null!;
    internal Uri Coap { get; private set; } = null!;
    internal HttpClient Http { get; private set; } = null!;
    internal Lwm2mServer Server => _app!.Services.GetRequiredService<Lwm2mServer>();
    internal DeviceCredentials Credentials => _app!.Services.GetRequiredService<DeviceCredentials>();
    internal HandshakeLog Handshakes => _app!.Services.GetRequiredService<HandshakeLog>();
    internal LastValues Last => _app!.Services.GetRequiredService<LastValues>();
    internal IEnumerable<RouteEndpoint> Routes => _app!.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>();
    internal static ObjectCatalog Catalog { get; } = KnownObjects.All().With([TypeObject.Definition]);

    /// <summary>A limit for waits that end by themselves.</summary>
    internal static CancellationToken Patience => new CancellationTokenSource(_patience).Token;

    public async Task InitializeAsync()
    {
        var loopback = new IPEndPoint(IPAddress.Loopback, 0);
        _app = PlatformHost.Create(new PlatformSettings { Coap = loopback, Http = loopback, Catalog = Catalog, Demo = 3 });
        var events = Server.Events(_stop.Token);
        await _app.StartAsync();
        Url = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Coap = DemoDevices.UriOf(_app.Services.GetRequiredService<ServerService>().UdpAddress!);
        Http = new HttpClient { BaseAddress = Url };
        await StartDeviceAsync(Device, Allowing(TypeObject.Create(0, Executed.Add)));
        await foreach (var happened in events.WithCancellation(Patience))
        {
            if (happened is DeviceEvent.Registered && Server.Count == 4)
            {
                break;
            }
        }
    }

    /// <summary>Starts a device and waits until it is registered.</summary>
    internal async Task<Lwm2mClient> StartDeviceAsync(string endpoint, Action<ObjectTree> objects)
    {
        var settings = new ClientSettings { Endpoint = endpoint, Servers = [new ServerAccount { Uri = Coap, Lifetime = 300 }], Catalog = Catalog };
        var channel = new MessageLayer(new UdpChannel(new UdpSettings { Bind = new IPEndPoint(IPAddress.Loopback, 0) }), settings.Coap, TimeProvider.System);
        var client = new Lwm2mClient(settings, [], [channel], TimeProvider.System);
        objects(client.Objects);
        var run = client.RunAsync(_stop.Token);
        _devices.Add((client, run));
        await client.WhenRegisteredAsync(Patience);
        return client;
    }

    /// <summary>An object whose instances servers may create and delete.</summary>
    internal static Action<ObjectTree> Allowing(ObjectInstance instance) => tree =>
    {
        tree.Allow(TypeObject.Definition, new InstanceCreation(id => TypeObject.Create(id)));
        tree.Add(instance);
    };

    /// <summary>Sends a request below /api/v1 and gives the status and the JSON.</summary>
    internal async Task<(HttpStatusCode Status, JsonNode Body, HttpResponseMessage Response)> SendAsync(string method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
            request.Headers.ExpectContinue = json.Length > 1 << 20;   // a refusal comes before the body is sent
        }
        var response = await Http.SendAsync(request, Patience);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject(), response);
    }

    /// <summary>A request to the device of our own.</summary>
    internal Task<(HttpStatusCode Status, JsonNode Body, HttpResponseMessage Response)> OnDeviceAsync(string method, string path, string? json = null) =>
        SendAsync(method, $"/devices/{Uri.EscapeDataString(Device)}{path}", json);

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var (client, run) in _devices)
        {
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await client.DisposeAsync();
        }
        Http.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }
}
