using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>The objects that the client brings along, with the standard's definitions.</summary>
public class ReadyMadeObjectsTests
{
    private static readonly ObjectCatalog _catalog = ObjectCatalog.Standard;
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public void Accounts_become_objects_0_and_1_in_the_versions_of_the_enabler(string enabler)
    {
        Assert.True(Lwm2mVersion.TryParse(enabler, out var version));
        var account = new ServerAccount { Uri = new Uri("coap://server.example:5684"), ShortServerId = 7, Lifetime = 99, DefaultMinimumPeriod = 3 };
        var settings = new ClientSettings { Endpoint = "x", Servers = [account], Version = version };
        var servers = Accounts.Objects(settings);
        var tree = Accounts.Plant(settings, servers, []);
        Assert.Equal(EnablerVersions.Of(1, version), tree.FindObject(1)!.Definition.Version);
        Assert.Equal("coap://server.example:5684", tree.Find(0, 0)!.Get(0).AsString());
        Assert.Equal(7, tree.Find(0, 0)!.Get(10).AsInteger());
        ObjectAssert.Whole(tree.Find(0, 0)!);
        ObjectAssert.Whole(tree.Find(1, 0)!);
        Assert.Equal((99, "U", TimeSpan.FromDays(1)), (servers[0].Lifetime, servers[0].Binding, servers[0].DisableTimeout));
        Assert.Equal(new NotificationAttributes { MinimumPeriod = 3 }, servers[0].Defaults);
    }

    [Fact]
    public void Values_of_object_1_are_the_settings_of_the_registration()
    {
        var server = new ServerObject(_catalog.Find(1)!, 0, new ServerAccount { Uri = new Uri("coap://x") });
        server.Instance.Set(1, 60);
        server.Instance.Set(2, long.MaxValue);
        server.Instance.Set(5, long.MaxValue);
        server.Instance.Set(17, Lwm2mValue.Unsigned(2));
        server.Instance.Set(18, Lwm2mValue.Unsigned(7));
        server.Instance.Set(19, Lwm2mValue.Unsigned(ulong.MaxValue));
        server.Instance.Set(20, Lwm2mValue.None);
        server.Instance.Set(26, 1);
        Assert.Equal(60, server.Lifetime);
        Assert.True(server.ConfirmableNotifications);
        Assert.Equal(uint.MaxValue, server.Defaults.MinimumPeriod);
        Assert.True(server.DisableTimeout > TimeSpan.FromDays(36_000));
        Assert.Equal((2, TimeSpan.FromSeconds(7), 1), (server.RetryCount, server.RetryTimer, server.SequenceRetryCount));
        Assert.True(server.SequenceDelay > TimeSpan.FromDays(36_000));
    }

    [Fact]
    public void Objects_0_and_1_are_not_the_applications()
    {
        var settings = new ClientSettings { Endpoint = "x", Servers = [new ServerAccount { Uri = new Uri("coap://x") }] };
        Assert.Throws<ArgumentException>(() => Accounts.Plant(settings, Accounts.Objects(settings), [new ObjectInstance(_catalog.Find(1), 5)]));
    }

    [Fact]
    public async Task Device_has_all_that_is_mandatory()
    {
        var rebooted = 0;
        var device = new DeviceObject(_catalog.Find(3), _time, "Acme", "Mk2", "4711", "1.0")
        {
            Reboot = _ => { rebooted++; return Task.CompletedTask; },
        };
        ObjectAssert.Whole(device.Instance);
        await ((ExecutableResource)device.Instance[4]).ExecuteAsync(null, default);
        Assert.Equal(1, rebooted);
        Assert.Equal(["Acme", "Mk2", "4711", "1.0"], Enumerable.Range(0, 4).Select(i => device.Instance.Get(i).AsString()));
        Assert.Equal(ValueKind.None, new DeviceObject(_catalog.Find(3), _time).Instance.Get(0).Kind);
    }

    [Fact]
    public void Clock_of_the_device_can_be_set_and_goes_on()
    {
        var device = new DeviceObject(_catalog.Find(3), _time);
        Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds(), device.Instance.Get(13).AsInteger());
        device.Instance[13].WriteValue(Lwm2mValue.Time(1_000_000));
        _time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal(1_000_025, device.Instance.Get(13).AsInteger());
    }

    [Fact]
    public async Task Errors_of_the_device_are_listed_once_each_until_they_are_reset()
    {
        var device = new DeviceObject(_catalog.Find(3), _time);
        var codes = (MultipleResource)device.Instance[11];
        device.Report(1);
        device.Report(5);
        device.Report(1);
        Assert.Equal([5, 1], codes.Current!.Values.Select(v => v.AsInteger()));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Report(33));
        await device.Instance[12].ExecuteAsync(null, default);
        Assert.Equal([0], codes.Current!.Values.Select(v => v.AsInteger()));
        device.Diagnose = () => [2, 7];
        await device.Instance[12].ExecuteAsync(null, default);
        Assert.Equal([2, 7], codes.Current!.Values.Select(v => v.AsInteger()));
    }

    [Fact]
    public void Power_sources_have_one_number_in_three_resources()
    {
        var device = new DeviceObject(_catalog.Find(3), _time);
        Assert.Null(device.Instance[6].ReadInstances());
        device.SetPowerSource(0, 1, 3700, 120);
        device.SetPowerSource(3, 5, 5000);
        Assert.Equal([1, 5], ObjectAssert.Numbers(device.Instance, 6));
        Assert.Equal([3700, 5000], ObjectAssert.Numbers(device.Instance, 7));
        Assert.Equal([0], device.Instance[8].ReadInstances()!.Keys);
        device.SetPowerSource(0, 1, 3600);
        Assert.Null(device.Instance[8].ReadInstances());
        Assert.Throws<ArgumentOutOfRangeException>(() => device.SetPowerSource(0, 8));
        ObjectAssert.Whole(device.Instance);
    }

    [Fact]
    public async Task Factory_reset_is_there_when_the_device_has_one()
    {
        var reset = 0;
        var device = new DeviceObject(_catalog.Find(3), _time) { Binding = "UT", FirmwareVersion = "2.0" };
        Assert.Equal(CoapCode.NotFound, (await ObjectAssert.ExecuteAsync(device.Instance, 5)).Code);
        device.AddFactoryReset(_ => { reset++; return Task.CompletedTask; });
        Assert.Equal(CoapCode.Changed, (await ObjectAssert.ExecuteAsync(device.Instance, 5)).Code);
        Assert.Equal((1, "UT", "2.0"), (reset, device.Instance.Get(16).AsString(), device.Instance.Get(3).AsString()));
    }

    [Fact]
    public void Values_that_a_device_learns_later_appear_when_they_are_set()
    {
        var device = new DeviceObject(_catalog.Find(3), _time);
        Assert.Equal(ValueKind.None, device.Instance.Get(17).Kind);
        device.Instance.Set(17, "sensor");
        Assert.Equal("sensor", device.Instance.Get(17).AsString());
        Assert.Equal(_catalog.Find(3)!.Resources.Count - 1, _catalog.Find(3)!.Resources.Count(r => device.Instance.Find(r.Id) is not null));   // all but Factory Reset
    }

    [Fact]
    public void Battery_is_asked_and_tells_changes()
    {
        var told = new List<Lwm2mPath>();
        var level = 80;
        var device = new DeviceObject(_catalog.Find(3), _time);
        device.AddBattery(() => level);
        _ = new ObjectTree([device.Instance]) { ValueChanged = told.Add };
        level = 79;
        device.LevelChanged();
        Assert.Equal(79, device.Instance.Get(9).AsInteger());
        Assert.Equal([new(3, 0, 9)], told);
    }

    [Fact]
    public void Connectivity_tells_bearer_addresses_and_cell()
    {
        var connectivity = new ConnectivityObject(_catalog.Find(4), 41, "192.0.2.1", "2001:db8::1") { SignalStrength = -70 };
        ObjectAssert.Whole(connectivity.Instance);
        Assert.Equal(-70, connectivity.SignalStrength);
        connectivity.Connected(21, [21, 41], ["192.0.2.9"], routers: ["192.0.2.254"], accessPoints: ["internet"]);
        connectivity.Instance.Set(8, 12345);
        connectivity.Instance.Set(13, 2);
        ObjectAssert.Whole(connectivity.Instance);
        Assert.Equal(["192.0.2.254", "internet", "2"], [.. ObjectAssert.Texts(connectivity.Instance, 5), .. ObjectAssert.Texts(connectivity.Instance, 7), $"{connectivity.Instance.Get(13)}"]);
        Assert.Equal((21, 12345), (connectivity.Instance.Get(0).AsInteger(), connectivity.Instance.Get(8).AsInteger()));
        Assert.Equal([21, 41], ((MultipleResource)connectivity.Instance[1]).Current!.Values.Select(v => v.AsInteger()));
        Assert.Equal(["192.0.2.9"], ((MultipleResource)connectivity.Instance[4]).Current!.Values.Select(v => v.AsString()));
    }

    [Fact]
    public void Location_moves_with_its_time()
    {
        var location = new LocationObject(_catalog.Find(6), _time, 47.4, 8.5);
        ObjectAssert.Whole(location.Instance);
        _time.Advance(TimeSpan.FromSeconds(90));
        location.Move(48, 9, altitude: 400);
        Assert.Equal((48, 9, 400), (location.Instance.Get(0).AsFloat(), location.Instance.Get(1).AsFloat(), location.Instance.Get(2).AsFloat()));
        Assert.Equal(_time.GetUtcNow(), location.Instance.Get(5).AsTime());
        Assert.Equal(ValueKind.None, location.Instance.Get(6).Kind);
    }

    [Fact]
    public async Task Temperature_keeps_its_extremes_until_they_are_reset()
    {
        var temperature = new TemperatureObject(_catalog.Find(3303), 2, 20);
        ObjectAssert.Whole(temperature.Instance);
        temperature.Measured(25);
        temperature.Measured(15);
        temperature.Measured(18);
        Assert.Equal((18, 15, 25), (temperature.Value, temperature.Instance.Get(5601).AsFloat(), temperature.Instance.Get(5602).AsFloat()));
        await temperature.Instance[5605].ExecuteAsync(null, default);
        Assert.Equal((18, 18), (temperature.Instance.Get(5601).AsFloat(), temperature.Instance.Get(5602).AsFloat()));
        Assert.Equal("/3303/2", temperature.Instance.Path.ToString());
    }
}
