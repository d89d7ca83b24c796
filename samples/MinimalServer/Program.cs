using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Starling.Hosting;
using Starling.Server;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddStarlingServer();
using var host = builder.Build();
var telling = TellAsync(host.Services.GetRequiredService<Lwm2mServer>());
await host.RunAsync();

static async Task TellAsync(Lwm2mServer server)
{
    await foreach (var happened in server.Events(CancellationToken.None))
    {
        Console.WriteLine($"{happened.Key.Endpoint}: {happened.GetType().Name} {server.Find(happened.Key)?.Registration.Links.Text}");
    }
}
