using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Platform.Tests;

public sealed class MovingValuesTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4711)]
    public void Energy_is_what_the_power_adds_up_to(int seed)
    {
        var values = new LivingValues(seed, _time);
        var (sum, last) = (0.0, 0.0);
        for (var second = 0; second < 3600; second++)
        {
            sum += values.Watts / 3600;
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(values.WattHours > last);
            last = values.WattHours;
        }
        Assert.Equal(sum, values.WattHours, 0.5);
    }

    [Fact]
    public void Values_move_and_stay_in_their_band()
    {
        var values = new LivingValues(1, _time);
        var seen = new HashSet<double>();
        for (var second = 0; second < 600; second++)
        {
            Assert.InRange(values.Celsius, 17, 25);
            Assert.InRange(values.Watts, 300, 1300);
            seen.Add(values.Celsius);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.True(seen.Count > 30);
    }

    [Fact]
    public void Meter_keeps_lowest_and_highest_until_it_starts_anew_and_its_energy_beyond()
    {
        var watts = 100.0;
        var meter = new PowerMeter(() => watts, () => 50);
        var definition = ObjectCatalog.Standard.Find(3305);
        var instance = meter.Start(definition, 0);
        watts = 20;
        meter.Measure();
        watts = 300;
        meter.Measure();
        watts = 200;
        Assert.Equal((20, 300, 200), (Value(5801), Value(5802), Value(5800)));
        instance = meter.Start(definition, 0);
        Assert.Equal((200, 200, 50), (Value(5801), Value(5802), Value(5805)));

        double Value(int resource) => instance.Get(resource).AsFloat();
    }

    [Fact]
    public void Devices_in_a_row_are_of_three_kinds() =>
        Assert.Equal([DeviceKind.TemperatureSensor, DeviceKind.PowerMeter, DeviceKind.StreetLight, DeviceKind.TemperatureSensor], Enumerable.Range(0, 4).Select(SimulatedDevice.KindOf));
}
