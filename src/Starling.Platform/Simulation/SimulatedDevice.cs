using Starling.Client;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>
/// A device with values that move: Device (3), Portfolio (16), and by its kind a thermometer (3303), a power meter (3305), a street light (3311)
/// with the power that it draws (3305) and its place (6).
/// </summary>
internal sealed class SimulatedDevice
{
    private const int Device = 3, Location = 6, Portfolio = 16, Temperature = 3303, Power = 3305, Light = 3311;
    private const int InternalBattery = 1;
    private const int MeasuresPerSend = 15;   // four times a minute
    private readonly string _endpoint;
    private readonly DeviceKind _kind;
    private readonly TimeProvider _time;
    private readonly LivingValues _values;
    private readonly PowerMeter _meter, _lampMeter;
    private readonly StreetLight _light;
    private readonly (double Latitude, double Longitude) _place;
    private DeviceObject? _device;
    private TemperatureObject? _sensor;
    private int _level, _measured;
    private Task _sending = Task.CompletedTask;

    /// <summary>Sends what there is to read of some paths; null while there is nobody to do it.</summary>
    public Func<IEnumerable<Lwm2mPath>, Task>? Send { get; set; }

    /// <summary>Makes a device.</summary>
    /// <param name="endpoint">Its endpoint name, which is its serial number too.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="seed">What its values depend on.</param>
    /// <param name="time">The clock.</param>
    public SimulatedDevice(string endpoint, DeviceKind kind, int seed, TimeProvider time)
    {
        (_endpoint, _kind, _time) = (endpoint, kind, time);
        _values = new LivingValues(seed, time);
        _meter = new PowerMeter(() => _values.Watts, () => _values.WattHours);
        _light = new StreetLight(time);
        _lampMeter = new PowerMeter(() => _light.Watts, () => _light.WattHours);
        _light.Switched += _lampMeter.Measure;
        var random = new Random(seed);
        _place = (Math.Round(52.5 + (random.NextDouble() / 20), 5), Math.Round(13.4 + (random.NextDouble() / 20), 5));
    }

    /// <summary>The kind of the device with this number in a row of devices: one after the other.</summary>
    public static DeviceKind KindOf(int number) => (DeviceKind)(1 << (number % 3));

    /// <summary>Begins anew, as when its power comes: makes its objects.</summary>
    /// <param name="catalog">The definitions.</param>
    /// <param name="reboot">What Reboot begins.</param>
    public IReadOnlyList<ObjectInstance> Start(CatalogView catalog, Action reboot)
    {
        List<ObjectInstance> objects = [DeviceObject(catalog, reboot), PortfolioObject(catalog, 0, _endpoint)];
        if (Is(DeviceKind.TemperatureSensor))
        {
            objects.Add(SensorObject(catalog));
        }
        if (Is(DeviceKind.PowerMeter))
        {
            objects.Add(_meter.Start(catalog.FindObject(Power), 0));
        }
        if (Is(DeviceKind.StreetLight))
        {
            objects.Add(_light.Start(catalog.FindObject(Light)));
            objects.Add(_lampMeter.Start(catalog.FindObject(Power), Is(DeviceKind.PowerMeter) ? 1 : 0));
            objects.Add(new LocationObject(catalog.FindObject(Location), _time, _place.Latitude, _place.Longitude).Instance);
        }
        return objects;
    }

    /// <summary>Has been given other firmware.</summary>
    public void Installed(string version)
    {
        if (_device is { } device)
        {
            device.FirmwareVersion = version;
        }
    }

    /// <summary>Lets servers create what a person would add: more entries of its portfolio.</summary>
    public static void Open(ObjectTree objects, CatalogView catalog) =>
        objects.Allow(catalog.FindObject(Portfolio)!, new InstanceCreation(id => PortfolioObject(catalog, id, "")) { MaxInstances = 4 });

    /// <summary>Measures everything, and tells observers.</summary>
    public void Measure()
    {
        if (Is(DeviceKind.TemperatureSensor))
        {
            _sensor?.Measured(_values.Celsius);
            if (Interlocked.Exchange(ref _level, _values.BatteryPercent) != _values.BatteryPercent)
            {
                _device?.LevelChanged();
            }
        }
        if (Is(DeviceKind.PowerMeter))
        {
            _meter.Measure();
            Tell();
        }
        if (Is(DeviceKind.StreetLight))
        {
            _light.Measure();
            _lampMeter.Measure();
        }
    }

    // A meter tells its power and energy unasked (Send), to servers that have not muted it: /1/x/23 is true until somebody writes it.
    private void Tell()
    {
        if (++_measured % MeasuresPerSend == 0 && _sending.IsCompleted && Send is { } send)
        {
            _sending = send([new Lwm2mPath(Power, 0, 5800), new Lwm2mPath(Power, 0, 5805)]);
        }
    }

    private bool Is(DeviceKind kind) => _kind.HasFlag(kind);

    private string Model => _kind switch
    {
        DeviceKind.TemperatureSensor => "Temperature sensor",
        DeviceKind.PowerMeter => "Power meter",
        DeviceKind.StreetLight => "Street light",
        _ => "Simulated device",
    };

    private ObjectInstance DeviceObject(CatalogView catalog, Action reboot)
    {
        var device = new DeviceObject(catalog.FindObject(Device), _time, "Starling", Model, _endpoint, "1.0.0")
        {
            Reboot = _ =>
            {
                reboot();
                return Task.CompletedTask;
            },
        };
        if (Is(DeviceKind.TemperatureSensor))
        {
            device.AddBattery(() => _values.BatteryPercent);
            device.SetPowerSource(0, InternalBattery, millivolts: 3600);
        }
        device.Instance[17] = Model;
        _device = device;
        return device.Instance;
    }

    private ObjectInstance SensorObject(CatalogView catalog)
    {
        var sensor = new TemperatureObject(catalog.FindObject(Temperature), 0, _values.Celsius);
        sensor.Instance[5603] = -40.0;
        sensor.Instance[5604] = 85.0;
        sensor.Instance[5750] = "Outdoor air";
        _sensor = sensor;
        return sensor.Instance;
    }

    private static ObjectInstance PortfolioObject(CatalogView catalog, int id, string name) =>
        new(catalog.FindObject(Portfolio), id) { [0] = Resource.Multiple(name) };
}
