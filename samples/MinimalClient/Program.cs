using Microsoft.Extensions.Hosting;
using Starling.Client;
using Starling.Hosting;
using Starling.Lwm2m;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddStarlingClient(o =>
{
    o.Client = new ClientSettings { Endpoint = "my-first-client", Servers = [new ServerAccount { Uri = new Uri("coap://127.0.0.1:5683") }] };
    o.Objects.Add(new DeviceObject(ObjectCatalog.Standard.Find(3), TimeProvider.System, "Acme", "One").Instance);
    o.Objects.Add(new TemperatureObject(ObjectCatalog.Standard.Find(3303), 0, 21.5).Instance);
});
await builder.Build().RunAsync();
