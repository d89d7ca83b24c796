using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server.Tests;

public sealed class EventTests
{
    [Fact]
    public async Task Events_come_in_order_with_consecutive_numbers()
    {
        await using var rig = await ServerRig.StartAsync();
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        var first = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Location();
        await rig.AskAsync(Requests.Post(first));
        await rig.AskAsync(Requests.Post(first, "lt=30&b=U"));
        var second = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Location();
        await rig.AskAsync(Requests.Delete(first));
        await rig.AskAsync(Requests.Delete(second));
        await rig.RegisterAsync("ep=b&lt=10&lwm2m=1.1");
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        await rig.RegisterAsync("ep=c&lt=10&lwm2m=7.7");

        var taken = await rig.TakeAsync(events, 9);
        Assert.Equal(
            ["Registered", "Updated", "Updated", "Registered", "Rejected", "Deregistered", "Registered", "Expired", "Rejected"],
            taken.Select(e => e.GetType().Name));
        Assert.Equal(Enumerable.Range(1, 9).Select(n => (long)n), taken.Select(e => e.Sequence));
        Assert.Equal(first, $"rd/{taken[0].RegistrationId}");
        Assert.Null(taken[1].Cause);
        Assert.Equal("lifetime, binding", taken[2].Cause);
        Assert.Contains(taken[0].RegistrationId!, taken[3].Cause);
        Assert.Equal(second, $"rd/{taken[5].RegistrationId}");
        Assert.Equal(Lwm2mVersion.V11, ((DeviceEvent.Registered)taken[0]).Registration.Version);
        Assert.Equal(new DeviceKey("b"), taken[7].Key);
        Assert.Equal("4.12", ((DeviceEvent.Rejected)taken[8]).Code.ToString());
        Assert.Equal("c", taken[8].Key.Endpoint);
    }

    [Fact]
    public async Task Slow_subscriber_gets_a_gap_and_a_quick_one_does_not()
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { EventsPerSubscriber = 4 });
        await using var slow = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        await using var quick = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        for (var i = 1; i <= 10; i++)
        {
            await rig.RegisterAsync($"ep=d{i}&lt=60&lwm2m=1.1");
            Assert.Equal(i, (await rig.TakeAsync(quick, 1))[0].Sequence);
        }
        var taken = await rig.TakeAsync(slow, 5);
        Assert.Equal([1L, 2, 3, 4], taken.Take(4).Select(e => e.Sequence));
        var gap = Assert.IsType<DeviceEvent.Gap>(taken[4]);
        Assert.Equal((10L, 6L), (gap.Sequence, gap.Missed));
        Assert.Equal(6, rig.Server.Counters.MissedEvents);
        await rig.RegisterAsync("ep=after&lt=60&lwm2m=1.1");
        Assert.Equal(11, (await rig.TakeAsync(slow, 1))[0].Sequence);
    }

    [Fact]
    public async Task Slow_subscriber_holds_no_more_memory_than_it_may()
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { EventBytesPerSubscriber = 200_000 });
        var (device, _) = await rig.RegisteredAsync();
        await using var slow = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(CoapCode.Changed, (await rig.Network.UntilAsync(device.SendAsync(Large(30_000)))).Code);
        }
        var taken = await rig.TakeAsync(slow, 4);
        Assert.Equal(["Sent", "Sent", "Sent", "Gap"], taken.Select(e => e.GetType().Name));
        Assert.Equal((7, 7), (((DeviceEvent.Gap)taken[3]).Missed, rig.Server.Counters.MissedEvents));
        Assert.Equal(CoapCode.Changed, (await rig.Network.UntilAsync(device.SendAsync(Large(200_000)))).Code);   // alone it may be larger
        Assert.IsType<DeviceEvent.Sent>((await rig.TakeAsync(slow, 1))[0]);
    }

    [Fact]
    public async Task Subscription_begins_with_the_call_and_ends_with_the_token()
    {
        await using var rig = await ServerRig.StartAsync();
        using var stop = new CancellationTokenSource();
        var events = rig.Server.Events(stop.Token);
        await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1");
        await using var reader = events.GetAsyncEnumerator(CancellationToken.None);
        Assert.Equal("a", (await rig.TakeAsync(reader, 1))[0].Key.Endpoint);
        var waiting = reader.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(rig.Server.EventHub.IsWanted);
    }

    [Fact]
    public async Task Nobody_listening_costs_no_numbers_and_an_abandoned_subscription_ends_by_its_token()
    {
        await using var rig = await ServerRig.StartAsync();
        using var stop = new CancellationTokenSource();
        _ = rig.Server.Events(stop.Token);
        Assert.True(rig.Server.EventHub.IsWanted);
        await stop.CancelAsync();
        Assert.False(rig.Server.EventHub.IsWanted);
        await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1");
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        await rig.RegisterAsync("ep=b&lt=60&lwm2m=1.1");
        Assert.Equal("b", (await rig.TakeAsync(events, 1))[0].Key.Endpoint);
    }

    [Fact]
    public async Task Stopping_the_server_lets_subscribers_read_to_the_end()
    {
        var rig = await ServerRig.StartAsync();
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1");
        await rig.DisposeAsync();
        Assert.True(await events.MoveNextAsync());
        Assert.False(await events.MoveNextAsync());
    }

    private static CoapMessage Large(int bytes)
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, "dp");
        options.Add(OptionNumber.ContentFormat, ContentFormat.SenmlJson.Value);
        var pack = $$"""[{"n":"/3/0/0","vs":"{{new string('x', bytes)}}"}]""";
        return new CoapMessage { Code = CoapCode.Post, Options = options.Build(), Payload = System.Text.Encoding.UTF8.GetBytes(pack) };
    }
}
