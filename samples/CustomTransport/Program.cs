using CustomTransport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Starling.Client;
using Starling.Coap;
using Starling.Hosting;
using Starling.Lwm2m;
using Starling.Server;

// A server and a device on one machine that talk through two files instead of through UDP.
var folder = Directory.CreateTempSubdirectory("starling-");
var (serverFile, deviceFile) = (Path.Combine(folder.FullName, "server"), Path.Combine(folder.FullName, "device"));
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddStarlingServer(o =>
{
    o.Udp = null;
    o.Channels.Add(_ => new MessageLayer(new UnixChannel(serverFile), o.Server.Coap, TimeProvider.System));
});
builder.Services.AddStarlingClient(o =>
{
    o.Udp = null;
    o.Client = new ClientSettings { Endpoint = "neighbour", Servers = [new ServerAccount { Uri = new Uri($"{UnixChannel.Scheme}://{serverFile}") }] };
    o.Channels.Add(_ => new MessageLayer(new UnixChannel(deviceFile), o.Client.Coap, TimeProvider.System));
    o.Objects.Add(new DeviceObject(ObjectCatalog.Standard.Find(3), TimeProvider.System, "Acme").Instance);
    o.Objects.Add(new TemperatureObject(ObjectCatalog.Standard.Find(3303), 0, 21.5).Instance);
});
using (var host = builder.Build())
{
    var server = host.Services.GetRequiredService<Lwm2mServer>();
    await host.StartAsync();
    await host.Services.GetRequiredService<Lwm2mClient>().WhenRegisteredAsync(CancellationToken.None);
    var device = server.Find(new DeviceKey("neighbour"))!;
    Console.WriteLine($"{device.Key} registered from {device.Registration.Address.Transport}:{Path.GetFileName(device.Registration.Address.Text)}");
    var temperature = new Lwm2mPath(3303, 0, 5700);
    var answer = await device.SendAsync(new Lwm2mRequest.Read(temperature), CancellationToken.None);
    Console.WriteLine($"{temperature} is {answer.Records.Find(temperature)}");
    await host.StopAsync();
}
folder.Delete(recursive: true);
