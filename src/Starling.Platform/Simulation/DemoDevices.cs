using System.Net;
using Starling.Hosting;

namespace Starling.Platform;

/// <summary>The devices of <c>starling up --demo N</c>: they start behind the server and stop before it.</summary>
internal sealed class DemoDevices(PlatformSettings settings, ServerService server, DemoCredentials credentials, TimeProvider time) : BackgroundService
{
    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when all of them are registered for the first time.</summary>
    public Task Registered => _registered.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Demo == 0)
        {
            return;
        }
        var fleet = new FleetSettings { Server = UriOf(server.UdpAddress!), Catalog = settings.Catalog, Count = settings.Demo };
        if (server.DtlsAddress is { } secured)
        {
            fleet = fleet with { Server = UriOf(secured, "coaps"), Credentials = credentials.For };
        }
        await using var devices = new SimulatedFleet(fleet, time);
        devices.Changed += (_, _) =>
        {
            if (devices.Registered == settings.Demo)
            {
                _registered.TrySetResult();
            }
        };
        await devices.RunAsync(stoppingToken);
    }

    /// <summary>Where a device on this machine finds a server that listens there.</summary>
    public static Uri UriOf(IPEndPoint listening, string scheme = "coap")
    {
        var address = listening.Address.Equals(IPAddress.IPv6Any) || listening.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : listening.Address;
        return new Uri($"{scheme}://{new IPEndPoint(address, listening.Port)}");
    }
}
