using Starling.Client;
using Starling.Lwm2m;

namespace Starling.Conformance.Tests;

/// <summary>The configurations of the test specification, in its numbers.</summary>
internal static class Configurations
{
    private const int Device = 3;

    /// <summary>Account, Server with what is mandatory, Device.</summary>
    public static Configuration C1 { get; } = new("C.1", bench => [MinimalDevice(bench).Instance]);

    /// <summary>C.1, and the periods and Disable Timeout of object 1.</summary>
    public static Configuration C3 { get; } = C1 with { Name = "C.3", Account = Extended(C1.Account) };

    /// <summary>A configuration of a device of an older version: only those of 1.0 may speak its JSON, and those of 1.1 prefer SenML.</summary>
    public static Configuration OfVersion(Lwm2mVersion version, Configuration plain) => plain with { Name = $"{plain.Name} of LwM2M {version}", Version = version };

    /// <summary>A device in queue mode.</summary>
    public static Configuration Sleeping(Configuration plain) => plain with { Name = plain.Name + " asleep", QueueMode = true };

    /// <summary>A device that tells a profile id, as its server wants.</summary>
    public static Configuration WithProfile(Configuration plain) => plain with { Name = plain.Name + " with a profile id", Account = plain.Account with { ProfileIdAlgorithm = 6 } };

    /// <summary>C.3 with power sources and battery.</summary>
    public static Configuration C4 { get; } = C3 with { Name = "C.4", Objects = bench => [PoweredDevice(bench).Instance] };

    /// <summary>C.3 with Connectivity Monitoring.</summary>
    public static Configuration C5 { get; } = C3 with { Name = "C.5", Objects = bench => [MinimalDevice(bench).Instance, Connectivity(bench)] };

    /// <summary>C.4 with all else that Device may have.</summary>
    public static Configuration C6 { get; } = C4 with { Name = "C.6", Objects = bench => [FullDevice(bench)] };

    /// <summary>C.3 with Location.</summary>
    public static Configuration C7 { get; } = C3 with { Name = "C.7", Objects = bench => [MinimalDevice(bench).Instance, Location(bench)] };

    /// <summary>C.3 with Firmware Update.</summary>
    public static Configuration C8 { get; } = C3 with { Name = "C.8", Objects = Updatable };

    /// <summary>C.3 with Connectivity Statistics.</summary>
    public static Configuration C9 { get; } = C3 with { Name = "C.9", Objects = bench => [MinimalDevice(bench).Instance, Statistics(bench)] };

    /// <summary>Server with what is mandatory, Cellular Connectivity 1.0, an APN profile and WLAN; and Bearer Selection, which the specification forgot.</summary>
    public static Configuration C10 { get; } = WithProfiles(C1 with
    {
        Name = "C.10",
        Objects = bench => [MinimalDevice(bench).Instance, Cellular(new ObjectVersion(1, 0)), Profile(bench, 0), Wlan(bench), Bearers(bench)],
    });

    /// <summary>C.10 with Cellular Connectivity 1.1.</summary>
    public static Configuration C11 { get; } = C10 with
    {
        Name = "C.11",
        Objects = bench => [MinimalDevice(bench).Instance, Cellular(new ObjectVersion(1, 1)), Profile(bench, 0), Wlan(bench)],
    };

    /// <summary>Two servers, and who may do what: each with its own instance of object 1, the second one with Device.</summary>
    public static Configuration C14 { get; } = C1 with
    {
        Name = "C.14",
        Second = Configuration.AccountAt(BenchServer.Second) with { ShortServerId = 2 },
        Objects = bench => [MinimalDevice(bench).Instance, Rights(bench, 0, 1, 0, 1, owner: 1), Rights(bench, 1, 1, 1, 2, owner: 2), Rights(bench, 2, 3, 0, 2, owner: 65535)],
    };

    /// <summary>C.3 with BinaryAppDataContainer.</summary>
    public static Configuration C15 { get; } = C3 with { Name = "C.15", Objects = bench => [MinimalDevice(bench).Instance, Container(bench, 0), Container(bench, 1)] };

    /// <summary>C.3 with Event Log.</summary>
    public static Configuration C16 { get; } = C3 with { Name = "C.16", Objects = bench => [MinimalDevice(bench).Instance, Log(bench)] };

    /// <summary>C.1 with certificates.</summary>
    public static Configuration C17 { get; } = C1 with { Name = "C.17", Account = Certified("server.example.com") };

    /// <summary>C.17, and the server has another name than its certificate says.</summary>
    public static Configuration C18 { get; } = C17 with { Name = "C.18", Account = Certified("server-fail.example.com") };

    /// <summary>C.3 with Portfolio, of which servers may create and delete instances.</summary>
    public static Configuration C12 { get; } = WithPortfolio(C3) with { Name = "C.12" };

    /// <summary>A configuration with Portfolio besides.</summary>
    public static Configuration WithPortfolio(Configuration plain) => plain with
    {
        Name = plain.Name + " with /16",
        Objects = bench => [.. plain.Objects(bench), Portfolio(bench, 0)],
        Open = bench => bench.Client.Objects.Allow(bench.Definition(16), new InstanceCreation(id => Portfolio(bench, id))),
    };

    /// <summary>A device with every object that a case is about.</summary>
    public static Configuration Everything { get; } = C12 with
    {
        Name = "everything",
        Objects = bench =>
        [
            .. Updatable(bench).Where(o => o.Definition.Id != Device), FullDevice(bench), Connectivity(bench), Location(bench), Statistics(bench),
            Cellular(new ObjectVersion(1, 1)), Profile(bench, 0), Wlan(bench), Bearers(bench), Portfolio(bench, 0), Container(bench, 0), Container(bench, 1), Log(bench),
        ],
        Open = bench =>
        {
            C12.Open(bench);
            C10.Open(bench);
        },
    };

    private static ServerAccount Certified(string server) => C1.Account with { Uri = new Uri($"coaps://{server}"), Credentials = BenchKeys.Certificate };

    private static ServerAccount Extended(ServerAccount minimal) =>
        minimal with { DefaultMinimumPeriod = 1, DefaultMaximumPeriod = 10, DisableTimeout = 86_400 };

    private static DeviceObject MinimalDevice(ClientBench bench)
    {
        var device = new DeviceObject(bench.Definition(Device), bench.Time, "Open Mobile Alliance", "Lightweight M2M Client", "345000123", "1.0")
        {
            Reboot = _ =>
            {
                bench.Reboot();
                return Task.CompletedTask;
            },
        };
        return device;
    }

    private static DeviceObject PoweredDevice(ClientBench bench)
    {
        var device = MinimalDevice(bench);
        device.SetPowerSource(0, 1, 0, 0);
        device.SetPowerSource(1, 2, 0, 0);
        device.AddBattery(() => 0);
        return device;
    }

    private static ObjectInstance FullDevice(ClientBench bench)
    {
        var device = PoweredDevice(bench);
        device.AddFactoryReset(_ =>
        {
            bench.Reboot();
            return Task.CompletedTask;
        });
        device.Instance[10] = 256;
        device.Instance[17] = "Client";
        device.Instance[18] = "2.0";
        device.Instance[19] = "3.0";
        device.Instance[20] = 0;
        device.Instance[21] = 512;
        return device.Instance;
    }

    private static ObjectInstance Connectivity(ClientBench bench)
    {
        var connectivity = new ConnectivityObject(bench.Definition(4), 41, "10.0.0.2") { SignalStrength = -80 };
        connectivity.Connected(41, [41, 21], ["10.0.0.2"], ["10.0.0.254"], ["internet"]);
        var instance = connectivity.Instance;
        instance.Set(3, 5);
        instance.Set(6, 10);
        instance.Set(8, 12345);
        instance.Set(9, 1);
        instance.Set(10, 262);
        return instance;
    }

    private static ObjectInstance Location(ClientBench bench)
    {
        var location = new LocationObject(bench.Definition(6), bench.Time, 43.5723, 153.21760);
        location.Move(43.5723, 153.21760, altitude: 140, radius: 100, speed: 3);
        return location.Instance;
    }

    private static ObjectInstance Statistics(ClientBench bench) => new StatisticsObject(bench.Definition(7), bench.Traffic, bench.Time).Instance;

    private static ObjectInstance Portfolio(ClientBench bench, int id) =>
        new(bench.Definition(16), id) { [0] = Resource.Multiple("Host Device ID #1", "Host Device Manufacturer #1", "Host Device Model #1", "Host Device Software Version #1") };

    private static IEnumerable<ObjectInstance> Updatable(ClientBench bench)
    {
        var device = MinimalDevice(bench);
        bench.Storage = new SimulatedStorage(bench.Time);
        var firmware = new FirmwareUpdateObject(bench.Definition(5), bench.Time, bench.Storage) { Installed = image => device.FirmwareVersion = image.Version };
        firmware.Sources.Add("coap", (uri, sink, cancel) => bench.Client.DownloadAsync(uri, sink, cancel));
        return [device.Instance, firmware.Instance];
    }

    private static Configuration WithProfiles(Configuration plain) => plain with
    {
        Open = bench => bench.Client.Objects.Allow(bench.Definition(11), new InstanceCreation(id => Profile(bench, id))),
    };

    private static ObjectInstance Cellular(ObjectVersion version)
    {
        var instance = new ObjectInstance(ObjectCatalog.Standard.Find(10, version), 0)
        {
            [4] = 3600,
            [5] = 600,
            [8] = (Lwm2mValue)new byte[] { 2 },
            [9] = (Lwm2mValue)new byte[] { 3 },
            [11] = Resource.Multiple(Lwm2mValue.ObjectLink(new ObjectLink(11, 0))),
        };
        if (version == new ObjectVersion(1, 1))
        {
            instance[13] = Lwm2mValue.Unsigned(3);
            instance[14] = Lwm2mValue.Unsigned(1);
        }
        else
        {
            instance[6] = 40;
        }
        return instance;
    }

    private static ObjectInstance Profile(ClientBench bench, int id) => new(bench.Definition(11), id) { [0] = "Profile", [1] = "internet", [3] = true, [4] = 3 };

    private static ObjectInstance Wlan(ClientBench bench) => new(bench.Definition(12), 0)
    {
        [0] = "wlan0",
        [1] = true,
        [3] = 1,
        [4] = "0123456789ab",
        [5] = "conformance",
        [8] = 0,
        [9] = 6,
        [14] = 3,
        [15] = 0,
    };

    private static ObjectInstance Bearers(ClientBench bench) => new(bench.Definition(13), 0)
    {
        [0] = Resource.ReadWriteMultiple(() => bench.Bearers, values =>
        {
            bench.Bearers = values;
            bench.Switch();
        }),
    };

    private static ObjectInstance Container(ClientBench bench, int id) => new(bench.Definition(19), id) { [0] = Resource.Multiple(new byte[] { 1, 2, 3 }) };

    private static ObjectInstance Rights(ClientBench bench, int id, int objectId, int instanceId, int server, int owner) => new(bench.Definition(2), id)
    {
        [0] = objectId,
        [1] = instanceId,
        [2] = Resource.Multiple([KeyValuePair.Create(server, (Lwm2mValue)15)]),
        [3] = owner,
    };

    private static ObjectInstance Log(ClientBench bench) => new EventLogObject(bench.Definition(20), 0, bench.Time).Instance;
}
