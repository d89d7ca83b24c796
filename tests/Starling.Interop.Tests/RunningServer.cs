using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Starling.Coap;
using Starling.Hosting;
using Starling.Lwm2m;
using Starling.Server;
using Starling.Transports;

namespace Starling.Interop.Tests;

/// <summary>Our server on a port that the system chose, and its events from the start.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IAsyncEnumerator<DeviceEvent> _events;

    private RunningServer(IHost host)
    {
        _host = host;
        _events = Server.Events(CancellationToken.None).GetAsyncEnumerator();
    }

    public Lwm2mServer Server => _host.Services.GetRequiredService<Lwm2mServer>();

    public IPEndPoint Address => _host.Services.GetRequiredService<ServerService>().UdpAddress!;

    /// <summary>The port of CoAP over DTLS.</summary>
    public int SecuredPort => _host.Services.GetRequiredService<ServerService>().DtlsAddress!.Port;

    public string Port => Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Starts the server on 127.0.0.1 or on an address of the test's choice; with DTLS beside it when that is asked for.</summary>
    public static async Task<RunningServer> StartAsync(IPAddress? address = null, bool trace = false, bool secured = false)
    {
        var udp = new UdpSettings { Bind = new IPEndPoint(address ?? IPAddress.Loopback, 0) };
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStarlingServer(o =>
        {
            o.Udp = udp;
            o.Dtls = secured ? new DtlsHostSettings { Udp = udp, Keys = TestCredentials.Server().Keys } : null;
            o.Trace = trace;
        });
        builder.Services.AddSingleton<IPeerCredentials, TestCredentials>();
        var server = new RunningServer(builder.Build());
        await server._host.StartAsync(ForeignProgram.Patience);
        return server;
    }

    /// <summary>The next event of a kind, for one device.</summary>
    public async Task<T> NextAsync<T>(string endpoint) where T : DeviceEvent
    {
        while (await _events.MoveNextAsync().AsTask().WaitAsync(ForeignProgram.Patience))
        {
            if (_events.Current is T wanted && wanted.Key.Endpoint == endpoint)
            {
                return wanted;
            }
        }
        throw new InvalidOperationException($"The events ended without a {typeof(T).Name} of {endpoint}.");
    }

    /// <summary>A registered device.</summary>
    public DeviceSession Device(string endpoint) => Server.Find(new DeviceKey(endpoint)) ?? throw new InvalidOperationException($"{endpoint} is not registered.");

    /// <summary>Sends an operation.</summary>
    public async Task<Lwm2mResponse> SendAsync(string endpoint, Lwm2mRequest request) => await Device(endpoint).SendAsync(request, ForeignProgram.Patience);

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        await _host.StopAsync();
        _host.Dispose();
    }
}
