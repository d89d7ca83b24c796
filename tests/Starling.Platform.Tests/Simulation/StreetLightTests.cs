using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Platform.Tests;

public sealed class StreetLightTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Power_follows_the_switch_and_the_dimmer()
    {
        var light = new StreetLight(_time);
        Assert.Equal(0.5, light.Watts);
        light.Switch(true);
        Assert.Equal(60, light.Watts);
        light.Dim(50);
        Assert.Equal(30.25, light.Watts, 0.06);
        light.Dim(0);
        Assert.Equal(0.5, light.Watts);
        light.Switch(false);
        light.Dim(100);
        Assert.Equal(0.5, light.Watts);
    }

    [Fact]
    public void Energy_is_power_over_time()
    {
        var light = new StreetLight(_time);
        light.Switch(true);
        _time.Advance(TimeSpan.FromHours(2));
        light.Dim(0);
        _time.Advance(TimeSpan.FromHours(4));
        light.Switch(false);
        _time.Advance(TimeSpan.FromHours(6));
        Assert.Equal((2 * 60) + (4 * 0.5) + (6 * 0.5), light.WattHours, 1e-6);
    }

    [Fact]
    public void On_time_counts_while_it_is_on()
    {
        var light = new StreetLight(_time);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, light.OnSeconds);
        light.Switch(true);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(300, light.OnSeconds);
        light.Switch(false);
        _time.Advance(TimeSpan.FromMinutes(5));
        light.Switch(true);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(301, light.OnSeconds);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    [InlineData(long.MaxValue)]
    public void Dimmer_refuses_what_is_no_percentage(long percent)
    {
        var light = new StreetLight(_time);
        light.Switch(true);
        Assert.Throws<Lwm2mException>(() => light.Dim(percent));
        Assert.Equal(60, light.Watts);
    }

    [Fact]
    public void Switching_is_told_at_once()
    {
        var light = new StreetLight(_time);
        var told = 0;
        light.Switched += () => told++;
        light.Switch(true);
        light.Dim(10);
        Assert.Equal(2, told);
    }
}
