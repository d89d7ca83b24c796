using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server.Tests;

/// <summary>Who listens, on fake time.</summary>
public sealed class PresenceTests
{
    [Fact]
    public async Task Device_in_queue_mode_sleeps_after_its_window_and_wakes_when_it_is_heard_from()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(lifetime: 3600, query: "&Q");
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(session.Presence.IsAwake);
        Assert.Equal(session.Presence.HeardAt + TimeSpan.FromSeconds(93), session.Presence.Until);

        await rig.Network.RunAsync(TimeSpan.FromSeconds(91));
        Assert.True(session.Presence.IsAwake);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(4));
        var asleep = Assert.IsType<DeviceEvent.Asleep>(Assert.Single(await rig.TakeAsync(events, 1)));
        Assert.Equal(session.Registration.ExpiresAt, asleep.ExpectedBy);
        Assert.False(session.Presence.IsAwake);
        Assert.Equal(asleep.ExpectedBy, session.Presence.Until);

        await rig.Network.UntilAsync(device.UpdateAsync());
        Assert.Equal(["Awake", "Updated"], (await rig.TakeAsync(events, 2)).Select(e => e.GetType().Name));
        Assert.True(session.Presence.IsAwake);
    }

    [Fact]
    public async Task Every_message_of_the_device_begins_its_window_anew()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(lifetime: 3600, query: "&Q");
        device.Values["/3/0/9"] = "50";
        await rig.Network.UntilAsync(session.ObserveAsync(new Lwm2mPath(3, 0, 9), null, default).AsTask());
        await rig.Network.RunAsync(TimeSpan.FromSeconds(80));
        await rig.Network.UntilAsync(device.NotifyAsync("/3/0/9", "51"));
        await rig.Network.RunAsync(TimeSpan.FromSeconds(80));
        Assert.True(session.Presence.IsAwake);
        await rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9)), default).AsTask());
        await rig.Network.RunAsync(TimeSpan.FromSeconds(80));
        Assert.True(session.Presence.IsAwake);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(20));
        Assert.False(session.Presence.IsAwake);
    }

    [Fact]
    public async Task Device_without_queue_mode_is_awake_until_it_does_not_answer()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(lifetime: 3600);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1000));
        Assert.True(session.Presence.IsAwake);
        Assert.Null(session.Presence.Until);
        rig.Network.Lose = frame => frame.To == "10.0.1.1:5683";
        var queued = await session.QueueAsync(new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9)));
        await rig.Network.RunAsync(TimeSpan.FromSeconds(100));
        Assert.False(session.Presence.IsAwake);
        rig.Network.Lose = null;
        await rig.Network.UntilAsync(device.UpdateAsync());
        Assert.True(session.Presence.IsAwake);
        Assert.True((await rig.Network.UntilAsync(rig.Server.Operations.WaitAsync(queued.Id, TimeSpan.FromSeconds(60), default).AsTask()))!.HasEnded);
    }

    [Fact]
    public async Task Window_of_its_own_outlives_the_registration_and_the_server()
    {
        var store = new MemoryDeviceStore();
        await using (var rig = await ServerRig.StartAsync(store: store))
        {
            var (device, session) = await rig.RegisteredAsync(lifetime: 3600, query: "&Q");
            await session.SetAwakeWindowAsync(TimeSpan.FromSeconds(10));
            await rig.Network.RunAsync(TimeSpan.FromSeconds(13));
            Assert.False(session.Presence.IsAwake);
            await rig.Network.UntilAsync(device.DeregisterAsync());
            Assert.Equal(1, store.Count);
        }
        await using var second = await ServerRig.StartAsync(store: store);
        await second.RegisterAsync("ep=dev-1&lt=600&lwm2m=1.1&Q");
        var back = second.Server.Find(new DeviceKey("dev-1"))!;
        Assert.Equal(TimeSpan.FromSeconds(10), back.AwakeWindow);
        await back.SetAwakeWindowAsync(null);
        Assert.True(await second.Server.RemoveAsync(back.Key, default));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public async Task Window_that_is_over_already_puts_the_device_to_sleep_at_once()
    {
        await using var rig = await ServerRig.StartAsync();
        await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1&Q");
        var session = rig.Server.Find(new DeviceKey("a"))!;
        rig.Time.Advance(TimeSpan.FromSeconds(8));
        Assert.True(session.Presence.IsAwake);
        await session.SetAwakeWindowAsync(TimeSpan.FromSeconds(5));
        Assert.False(session.Presence.IsAwake);
    }

    [Fact]
    public async Task Queue_mode_without_end_of_lifetime_sleeps_too()
    {
        await using var rig = await ServerRig.StartAsync();
        await rig.RegisterAsync("ep=a&lt=0&lwm2m=1.1&Q");
        var session = rig.Server.Find(new DeviceKey("a"))!;
        rig.Time.Advance(TimeSpan.FromSeconds(95));
        Assert.Equal((false, null), (session.Presence.IsAwake, session.Presence.Until));
        Assert.Equal(0, rig.Server.Registrar.Wheel.Count);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("write")]
    [InlineData("observe")]
    [InlineData("send")]
    public async Task Active_timer_that_is_told_is_the_window(string how)
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(lifetime: 3600, query: "&Q");
        rig.Server.Catalog = ObjectCatalog.Standard;
        await rig.Network.UntilAsync(device.RegisterAsync(3600, "</1/0>,</10>;ver=1.1,</10/0>", "&Q"));
        device.Values["/10/0/5"] = "12";
        var timer = new Lwm2mPath(10, 0, 5);
        await (how switch
        {
            "read" => rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(timer), default).AsTask()),
            "write" => rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Write(timer, [new(timer, 12L)]), default).AsTask()),
            "observe" => (Task)rig.Network.UntilAsync(session.ObserveAsync(timer, null, default).AsTask()),
            _ => rig.Network.UntilAsync(device.SendAsync(SendTests.Send("""[{"n":"/10/0/5","v":12}]"""))),
        });
        Assert.Equal(TimeSpan.FromSeconds(12), session.LearnedWindow);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(10));
        Assert.True(session.Presence.IsAwake);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(5));
        Assert.False(session.Presence.IsAwake);
        await rig.Network.UntilAsync(device.RegisterAsync());
        Assert.Null(session.LearnedWindow);
    }

    [Fact]
    public async Task Window_is_learned_from_requests_that_stay_without_a_sign_and_once_is_no_proof()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(lifetime: 3600, query: "&Q");
        TimeSpan?[] learned = [null, TimeSpan.FromSeconds(30)];
        foreach (var expected in learned)
        {
            await rig.Network.RunAsync(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(rig.Server.Clock.Now - session.HeardAt));
            rig.Network.Lose = frame => frame.To == "10.0.1.1:5683";
            var queued = await session.QueueAsync(new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9)));
            await rig.Network.RunAsync(TimeSpan.FromSeconds(100));
            Assert.False(session.Presence.IsAwake);
            Assert.Equal(expected?.TotalSeconds, session.LearnedWindow is { } window ? Math.Round(window.TotalSeconds) : null);
            rig.Network.Lose = null;
            await rig.Network.UntilAsync(device.UpdateAsync());
            await rig.Network.UntilAsync(rig.Server.Operations.WaitAsync(queued.Id, TimeSpan.FromSeconds(60), default).AsTask());
        }
        await rig.Network.RunAsync(TimeSpan.FromSeconds(33));
        Assert.False(session.Presence.IsAwake);
        await session.SetAwakeWindowAsync(TimeSpan.FromSeconds(60));
        await rig.Network.UntilAsync(device.UpdateAsync());
        await rig.Network.RunAsync(TimeSpan.FromSeconds(50));
        Assert.True(session.Presence.IsAwake);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(86_401)]
    public async Task Window_beyond_its_range_is_refused(int seconds)
    {
        await using var rig = await ServerRig.StartAsync();
        await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1&Q");
        var session = rig.Server.Find(new DeviceKey("a"))!;
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await session.SetAwakeWindowAsync(TimeSpan.FromSeconds(seconds)));
    }
}
