using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Starling.Client;
using Starling.Hosting;
using Starling.Lwm2m;

// Nothing here knows what the device is: appsettings.json and the files that it names say so.
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
var device = builder.Configuration.GetRequiredSection("Device");
var definitions = device.GetRequiredSection("Objects").GetChildren().SelectMany(file => Read(file.Value!)).ToArray();
var catalog = ObjectCatalog.Standard.With(definitions);
builder.Services.AddStarlingClient(o =>
{
    o.Client = new ClientSettings
    {
        Endpoint = device["Endpoint"]!,
        Servers = [new ServerAccount { Uri = new Uri(device["Server"]!), Lifetime = device.GetValue("Lifetime", 300) }],
        Catalog = catalog,
    };
    o.Objects.Add(new DeviceObject(catalog.Find(3), TimeProvider.System, device["Manufacturer"], device["Model"]).Instance);
    foreach (var definition in definitions)
    {
        o.Objects.Add(ObjectInstance.Simulated(definition, 0));
    }
});
await builder.Build().RunAsync();

static IReadOnlyList<ObjectDefinition> Read(string file)
{
    using var xml = File.OpenRead(Path.Combine(AppContext.BaseDirectory, file));
    return DefinitionXml.TryRead(xml, out var definitions, out var errors) ? definitions : throw new InvalidDataException($"{file}: {errors[0]}");
}
