using Starling.Client;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>The objects of a simulated device: Device, Connectivity Monitoring, and one or all of thermometer, power meter and light.</summary>
internal sealed class DeviceObjects(CatalogView catalog, LivingValues values, TimeProvider time)
{
    private const int Device = 3, Thermometer = 3303, PowerMeter = 3305, Light = 3311;
    private readonly List<Resource> _living = [];

    /// <summary>The resources that move by themselves.</summary>
    public IReadOnlyList<Resource> Living => _living;

    /// <summary>All of them in one device.</summary>
    public IReadOnlyList<ObjectInstance> All(string endpoint) => [DeviceObject(endpoint), ThermometerObject(), PowerMeterObject(), LightObject()];

    /// <summary>A device with one of them, by turns.</summary>
    public IReadOnlyList<ObjectInstance> Some(string endpoint, int number) =>
        [DeviceObject(endpoint), (number % 3) switch { 0 => ThermometerObject(), 1 => PowerMeterObject(), _ => LightObject() }];

    private ObjectInstance DeviceObject(string endpoint) => new(catalog.FindObject(Device), 0)
    {
        [0] = "Starling",
        [1] = "Simulated device",
        [2] = endpoint,
        [3] = "1.0.0",
        [4] = Resource.Execute((_, _) => Task.CompletedTask),
        [9] = Moving(() => (long)(100 - (values.Seconds / 60 % 100))),
        [11] = Resource.Multiple(0),
        [13] = Resource.Read(() => time.GetUtcNow()),
        [16] = "U",
    };

    private ObjectInstance ThermometerObject()
    {
        var (lowest, highest) = (double.MaxValue, double.MinValue);
        double Measure()
        {
            var now = values.Celsius;
            (lowest, highest) = (Math.Min(lowest, now), Math.Max(highest, now));
            return now;
        }
        Measure();
        return new ObjectInstance(catalog.FindObject(Thermometer), 0)
        {
            [5601] = Resource.Read(() => lowest),
            [5602] = Resource.Read(() => highest),
            [5605] = Resource.Execute((_, _) =>
            {
                lowest = highest = values.Celsius;
                return Task.CompletedTask;
            }),
            [5700] = Moving(() => Measure()),
            [5701] = "Cel",
        };
    }

    private ObjectInstance PowerMeterObject() => new(catalog.FindObject(PowerMeter), 0)
    {
        [5800] = Moving(() => values.Watts),
        [5805] = Moving(() => values.WattHours),
    };

    private ObjectInstance LightObject()
    {
        var (isOn, since) = (false, 0.0);
        return new ObjectInstance(catalog.FindObject(Light), 0)
        {
            [5850] = Resource.ReadWrite(() => isOn, value => (isOn, since) = (value.AsBoolean(), values.Seconds)),
            [5851] = 100,
            [5852] = Resource.ReadWrite(() => isOn ? (long)(values.Seconds - since) : 0, _ => since = values.Seconds),
        };
    }

    private Resource Moving(Func<Lwm2mValue> read)
    {
        var resource = Resource.Read(read);
        _living.Add(resource);
        return resource;
    }
}
