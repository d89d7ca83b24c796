using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server.Tests;

/// <summary>LwM2M Core 1.2 §6.2.2 and §6.2.3.</summary>
public sealed class UpdateTests
{
    [Fact]
    public async Task Update_without_anything_moves_the_end_of_the_lifetime_and_nothing_else()
    {
        await using var rig = await ServerRig.StartAsync();
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1&b=UT&sms=12")).Location();
        var before = rig.Server.Find(new DeviceKey("a"))!.Registration;
        rig.Time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(CoapCode.Changed, (await rig.AskAsync(Requests.Post(location))).Code);
        var after = rig.Server.Find(new DeviceKey("a"))!.Registration;
        Assert.Equal(before with { UpdatedAt = before.UpdatedAt.AddSeconds(50), ExpiresAt = before.ExpiresAt!.Value.AddSeconds(50) }, after);
        Assert.Equal(1, rig.Server.Counters.Updates);
    }

    [Fact]
    public async Task Update_changes_what_it_tells()
    {
        await using var rig = await ServerRig.StartAsync();
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1&b=U&sms=12")).Location();
        Assert.Equal(CoapCode.Changed, (await rig.AskAsync(Requests.Post(location, "lt=120&b=UT&Q&sms=13", "</3/0>"))).Code);
        var told = rig.Server.Find(new DeviceKey("a"))!.Registration;
        Assert.Equal((120L, "UT", true, "13"), (told.Lifetime, told.Binding, told.QueueMode, told.SmsNumber));
        Assert.Equal([new Lwm2mPath(3, 0)], told.Links.Paths);
    }

    [Fact]
    public async Task Update_of_a_1_0_device_with_a_binding_without_Q_ends_queue_mode()
    {
        await using var rig = await ServerRig.StartAsync();
        var location = (await rig.RegisterAsync("ep=a&lwm2m=1.0&b=UQ")).Location();
        Assert.True(rig.Server.Find(new DeviceKey("a"))!.Registration.QueueMode);
        await rig.AskAsync(Requests.Post(location, "b=U"));
        Assert.False(rig.Server.Find(new DeviceKey("a"))!.Registration.QueueMode);
    }

    [Theory]
    [InlineData("lt=x", "")]
    [InlineData("", "</3/0")]
    public async Task Update_that_cannot_be_read_is_4_00_and_changes_nothing(string query, string links)
    {
        await using var rig = await ServerRig.StartAsync();
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Location();
        var before = rig.Server.Find(new DeviceKey("a"))!.Registration;
        Assert.Equal(CoapCode.BadRequest, (await rig.AskAsync(Requests.Post(location, query, links))).Code);
        Assert.Equal(before, rig.Server.Find(new DeviceKey("a"))!.Registration);
    }

    [Theory]
    [InlineData("rd/AAAAAAAAAAAAAAAA")]
    [InlineData("rd/x")]
    [InlineData("rd/AAAAAAAAAAAAAAA*")]
    [InlineData("rd/AAAAAAAAAAAAAAAAA")]
    [InlineData("rd/AAAAAAAAAAAAAAAA/x")]
    [InlineData("rx/AAAAAAAAAAAAAAAA")]
    public async Task Update_and_deregister_of_what_is_not_there_are_4_04(string path)
    {
        await using var rig = await ServerRig.StartAsync();
        await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1");
        Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Requests.Post(path))).Code);
        Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Requests.Post(path, "lt=9"))).Code);
        Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Requests.Delete(path))).Code);
        Assert.Equal(1, rig.Server.Count);
    }

    [Fact]
    public async Task Update_from_another_address_moves_the_device_there()
    {
        await using var rig = await ServerRig.StartAsync();
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1", from: "10.0.9.1:1")).Location();
        await rig.AskAsync(Requests.Post(location), "10.0.9.2:1");
        var session = rig.Server.Find(new DeviceKey("a"))!;
        Assert.Equal("10.0.9.2:1", session.Registration.Address.Text);
        Assert.True(rig.Host.PeerAt("10.0.9.2:1").IsHeld);
        Assert.False(rig.Host.PeerAt("10.0.9.1:1").IsHeld);
        var moved = Assert.IsType<DeviceEvent.Moved>((await rig.TakeAsync(events, 3))[1]);
        Assert.Equal(("10.0.9.1:1", "10.0.9.2:1"), (moved.From.Text, moved.To.Text));
    }

    [Fact]
    public async Task Deregister_is_2_02_and_ends_it()
    {
        await using var rig = await ServerRig.StartAsync();
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Location();
        var session = rig.Server.Find(new DeviceKey("a"))!;
        Assert.Equal(CoapCode.Deleted, (await rig.AskAsync(Requests.Delete(location))).Code);
        Assert.False(session.IsRegistered);
        Assert.Null(rig.Server.Find(new DeviceKey("a")));
        Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Requests.Delete(location))).Code);
        Assert.Equal(0, rig.Server.Count);
    }

    [Fact]
    public async Task Remove_ends_it_from_this_side()
    {
        await using var rig = await ServerRig.StartAsync();
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Location();
        Assert.True(await rig.Server.RemoveAsync(new DeviceKey("a"), CancellationToken.None));
        Assert.False(await rig.Server.RemoveAsync(new DeviceKey("a"), CancellationToken.None));
        Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Requests.Post(location))).Code);
    }
}
