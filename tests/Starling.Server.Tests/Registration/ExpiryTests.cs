using Starling.Coap;

namespace Starling.Server.Tests;

/// <summary>Lifetimes on fake time.</summary>
public sealed class ExpiryTests
{
    [Fact]
    public async Task Registration_ends_after_lifetime_and_grace_and_not_before()
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { ExpiryGrace = TimeSpan.FromSeconds(5) });
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1", from: "10.0.9.1:1")).Location();
        rig.Time.Advance(TimeSpan.FromSeconds(64.9));
        Assert.Equal(1, rig.Server.Count);
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, rig.Server.Count);
        Assert.Equal(1, rig.Server.Counters.Expirations);
        Assert.False(rig.Host.PeerAt("10.0.9.1:1").IsHeld);
        Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Requests.Post(location))).Code);
    }

    [Fact]
    public async Task Updates_keep_it_alive_for_as_long_as_they_come()
    {
        await using var rig = await ServerRig.StartAsync();
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Location();
        for (var i = 0; i < 20; i++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(59));
            Assert.Equal(CoapCode.Changed, (await rig.AskAsync(Requests.Post(location))).Code);
        }
        rig.Time.Advance(TimeSpan.FromSeconds(67));
        Assert.Equal(0, rig.Server.Count);
    }

    [Fact]
    public async Task Lifetime_of_zero_never_ends()
    {
        await using var rig = await ServerRig.StartAsync();
        await rig.RegisterAsync("ep=a&lt=0&lwm2m=1.1");
        Assert.Null(rig.Server.Find(new DeviceKey("a"))!.Registration.ExpiresAt);
        rig.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, rig.Server.Count);
    }

    [Fact]
    public async Task Lifetime_longer_than_a_turn_of_the_wheel_ends_in_time()
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { ExpiryGrace = TimeSpan.Zero });
        await rig.RegisterAsync("ep=a&lt=20000&lwm2m=1.1");
        rig.Time.Advance(TimeSpan.FromSeconds(19_999));
        Assert.Equal(1, rig.Server.Count);
        rig.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, rig.Server.Count);
    }

    [Theory]
    [InlineData("lt=10", 17, 0)]
    [InlineData("lt=600", 500, 1)]
    [InlineData("lt=0", 5000, 1)]
    public async Task Update_of_the_lifetime_counts_from_the_update(string query, int seconds, int left)
    {
        await using var rig = await ServerRig.StartAsync();
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Location();
        await rig.AskAsync(Requests.Post(location, query));
        rig.Time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(left, rig.Server.Count);
    }

    [Fact]
    public async Task New_registration_with_a_shorter_lifetime_ends_earlier()
    {
        await using var rig = await ServerRig.StartAsync();
        await rig.RegisterAsync("ep=a&lt=0&lwm2m=1.1");
        await rig.RegisterAsync("ep=a&lt=6000&lwm2m=1.1");
        await rig.RegisterAsync("ep=a&lt=10&lwm2m=1.1");
        rig.Time.Advance(TimeSpan.FromSeconds(17));
        Assert.Equal(0, rig.Server.Count);
    }

    [Fact]
    public async Task Thousand_devices_end_each_in_its_own_time()
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { ExpiryGrace = TimeSpan.Zero });
        for (var i = 1; i <= 1000; i++)
        {
            await rig.RegisterAsync($"ep=d{i}&lt={i}&lwm2m=1.1");
        }
        for (var passed = 0; passed < 1000; passed += 50)
        {
            Assert.InRange(rig.Server.Count, 1000 - passed, 1000 - passed + 2);
            rig.Time.Advance(TimeSpan.FromSeconds(50));
        }
    }
}
