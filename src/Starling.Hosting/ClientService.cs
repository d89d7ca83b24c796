using Microsoft.Extensions.Hosting;
using Starling.Client;

namespace Starling.Hosting;

/// <summary>Runs the client with the host: registers, keeps registered, and de-registers when the host stops.</summary>
internal sealed class ClientService(Lwm2mClient client) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => client.RunAsync(stoppingToken);
}
