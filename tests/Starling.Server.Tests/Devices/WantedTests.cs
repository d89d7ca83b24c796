using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Server.Tests;

/// <summary>What is wanted of a device, over everything that happens to its registration.</summary>
public sealed class WantedTests
{
    private static readonly Lwm2mPath _level = new(3, 0, 9);
    private static readonly NotificationAttributes _calm = new() { MinimumPeriod = 5, MaximumPeriod = 60 };

    [Theory]
    [InlineData("1.2", AttributePlacement.Automatic, "GET pmin=5&pmax=60")]
    [InlineData("1.1", AttributePlacement.Automatic, "PUT pmin=5&pmax=60, GET ")]
    [InlineData("1.0", AttributePlacement.Automatic, "PUT pmin=5&pmax=60, GET ")]
    [InlineData("1.2", AttributePlacement.Written, "PUT pmin=5&pmax=60, GET ")]
    [InlineData("1.1", AttributePlacement.InRequest, "GET pmin=5&pmax=60")]
    public async Task Attributes_go_where_the_device_or_the_caller_wants_them(string version, AttributePlacement placement, string requests)
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(version: version);
        device.Values["/3/0/9"] = "50";
        var order = new ObserveOrder(_level) { Attributes = _calm, Placement = placement };
        var observed = await rig.Network.UntilAsync(session.ObserveAsync(order, default).AsTask());
        Assert.Equal("2.05", observed.Response.Code.ToString());
        Assert.Equal(requests, Said(device));
        Assert.Equal(_calm, observed.Observation!.Attributes);
        device.Requests.Clear();
        await rig.Network.UntilAsync(session.CancelAsync(observed.Observation.Id, default).AsTask());
        Assert.Equal(requests.Split(", ")[^1], Said(device));
    }

    [Fact]
    public async Task Device_that_refuses_attributes_in_the_request_gets_them_written()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(version: "1.2");
        device.Values["/3/0/9"] = "50";
        device.Answer = request => request.Code == CoapCode.Get && request.Options.UriQuery.Length > 0 ? CoapMessage.Error(CoapCode.BadRequest, "no queries") : null;
        var observed = await rig.Network.UntilAsync(session.ObserveAsync(_level, _calm, default).AsTask());
        Assert.NotNull(observed.Observation);
        Assert.Equal("GET pmin=5&pmax=60, PUT pmin=5&pmax=60, GET ", Said(device));
        Assert.Single(session.Observations);
    }

    [Fact]
    public async Task Written_attributes_are_written_again_after_a_new_registration()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        device.Values["/3/0/9"] = "50";
        await rig.Network.UntilAsync(session.ObserveAsync(_level, _calm, default).AsTask());
        device.Requests.Clear();
        await rig.Network.UntilAsync(device.RegisterAsync());
        await rig.Network.UntilAsync(() => session.Observations[0].IsEstablished);
        Assert.Equal("PUT pmin=5&pmax=60, GET ", Said(device));
    }

    [Fact]
    public async Task Other_attributes_end_the_observation_before_they_begin_it_again()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(version: "1.2");
        device.Values["/3/0/9"] = "50";
        var first = await rig.Network.UntilAsync(session.ObserveAsync(_level, _calm, default).AsTask());
        device.Requests.Clear();
        var other = new NotificationAttributes { MinimumPeriod = 9 };
        var second = await rig.Network.UntilAsync(session.ObserveAsync(_level, other, default).AsTask());
        Assert.Equal([(1u, "pmin=5&pmax=60"), (0u, "pmin=9")], device.Requests.Select(r => (r.Options.Observe!.Value, r.Options.UriQuery)));
        Assert.Equal(first.Observation!.Id, second.Observation!.Id);
        Assert.Equal(other, Assert.Single(session.Observations).Attributes);
        device.Requests.Clear();
        await rig.Network.UntilAsync(session.ObserveAsync(_level, other, default).AsTask());
        Assert.Equal([0u], device.Requests.Select(r => r.Options.Observe!.Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_wanted_is_asked_again_after_the_registration_had_ended(bool expires)
    {
        var store = new MemoryDeviceStore();
        await using var rig = await ServerRig.StartAsync(store: store);
        var (device, session) = await rig.RegisteredAsync(lifetime: 60);
        device.Values["/3/0/9"] = "50";
        var observed = await rig.Network.UntilAsync(session.ObserveAsync(_level, null, default).AsTask());
        if (expires)
        {
            await rig.Network.RunAsync(TimeSpan.FromSeconds(70));
        }
        else
        {
            await rig.Network.UntilAsync(device.DeregisterAsync());
        }
        Assert.Null(rig.Server.Find(session.Key));
        Assert.Equal((0, 1), (rig.Server.Counters.Observations, store.Count));

        await rig.Network.UntilAsync(device.RegisterAsync());
        var back = rig.Server.Find(session.Key)!;
        await rig.Network.UntilAsync(() => back.Observations[0].IsEstablished);
        Assert.Equal(observed.Observation!.Id, back.Observations[0].Id);
        await rig.Network.UntilAsync(device.NotifyAsync("/3/0/9", "51"));
        Assert.Equal(1, rig.Server.Counters.Notifications);
    }

    [Fact]
    public async Task What_is_wanted_of_an_absent_device_survives_a_restart_and_is_bounded()
    {
        var store = new MemoryDeviceStore();
        var time = new ManualTime();
        var network = new SimNetwork(time);
        var settings = new ServerSettings { MaxAbsentDevices = 1 };
        var first = await ServerRig.StartAsync(settings, store, time: time, network: network);
        foreach (var (name, address) in new[] { ("dev-1", "10.0.1.1:5683"), ("dev-2", "10.0.1.2:5683") })
        {
            var (device, session) = await first.RegisteredAsync(name, address);
            device.Values["/3/0/9"] = "50";
            await network.UntilAsync(session.ObserveAsync(_level, null, default).AsTask());
            await network.UntilAsync(device.DeregisterAsync());
        }
        Assert.Equal((1, 1), (store.Count, first.Server.Counters.ForgottenDevices));
        await first.DisposeAsync();
        await using var second = await ServerRig.StartAsync(settings, store, time: time, network: network, seed: 2);
        Assert.Equal(0, second.Server.Count);
        var (_, back) = await second.RegisteredAsync("dev-1", "10.0.1.3:5683");
        Assert.Equal(_level, Assert.Single(back.Observations).Path);
        var (_, other) = await second.RegisteredAsync("dev-2", "10.0.1.4:5683");
        Assert.Empty(other.Observations);
    }

    [Fact]
    public async Task Other_attributes_for_a_sleeping_device_are_what_it_is_asked_with()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(lifetime: 3600, query: "&Q", version: "1.2");
        device.Values["/3/0/9"] = "50";
        var first = await rig.Network.UntilAsync(session.ObserveAsync(_level, _calm, default).AsTask());
        await rig.Network.RunAsync(TimeSpan.FromSeconds(100));
        device.Requests.Clear();
        var other = new NotificationAttributes { MinimumPeriod = 9 };
        var second = await session.ObserveAsync(_level, other, default);
        Assert.Equal((first.Observation!.Id, other), (second.Observation!.Id, second.Observation.Attributes));
        await rig.Network.UntilAsync(device.UpdateAsync());
        await rig.Network.UntilAsync(() => session.Observations[0].IsEstablished);
        Assert.Equal("GET pmin=9", Said(device));
    }

    [Fact]
    public async Task Sleeping_device_is_asked_when_it_wakes()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(lifetime: 3600, query: "&Q");
        device.Values["/3/0/9"] = "50";
        await rig.Network.RunAsync(TimeSpan.FromSeconds(100));
        var observed = await session.ObserveAsync(_level, null, default);
        Assert.True(observed.Response.Code.IsEmpty);
        Assert.False(observed.Observation!.IsEstablished);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(100));
        Assert.Empty(device.Requests);
        await rig.Network.UntilAsync(device.UpdateAsync());
        await rig.Network.UntilAsync(() => observed.Observation.IsEstablished);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(100));
        Assert.True((await session.CancelAsync(observed.Observation.Id, default))!.Code.IsEmpty);
        await rig.Network.UntilAsync(device.NotifyAsync("/3/0/9", "51"));
        await rig.Network.UntilAsync(() => device.Refused == 1);
    }

    [Fact]
    public async Task Device_that_is_busy_is_asked_again_after_the_pause_that_it_names()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        device.Values["/3/0/9"] = "50";
        var asked = new List<TimeSpan>();
        device.Answer = request =>
        {
            asked.Add(rig.Time.Elapsed);
            return asked.Count < 3 ? Busy(asked.Count == 1 ? 4u : 60u) : null;
        };
        var read = await rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(_level), default).AsTask());
        Assert.Equal("2.05", read.Code.ToString());
        Assert.InRange((asked[1] - asked[0]).TotalSeconds, 4, 4.5);
        Assert.InRange((asked[2] - asked[1]).TotalSeconds, 10, 10.5);   // not more than the setting
        device.Answer = _ => Busy(1);
        device.Requests.Clear();
        Assert.Equal("5.03", (await rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(_level), default).AsTask())).Code.ToString());
        Assert.Equal(4, device.Requests.Count);
    }

    [Fact]
    public async Task Busy_device_does_not_lose_what_is_wanted()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        device.Values["/3/0/9"] = "50";
        await rig.Network.UntilAsync(session.ObserveAsync(_level, null, default).AsTask());
        device.Answer = _ => Busy(1);
        await rig.Network.UntilAsync(device.RegisterAsync());
        await rig.Network.RunAsync(TimeSpan.FromSeconds(20));
        Assert.False(Assert.Single(session.Observations).IsEstablished);
        device.Answer = null;
        await rig.Network.UntilAsync(device.UpdateAsync());
        await rig.Network.UntilAsync(() => session.Observations[0].IsEstablished);
    }

    private static CoapMessage Busy(uint seconds)
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.MaxAge, seconds);
        return new CoapMessage { Code = CoapCode.ServiceUnavailable, Options = options.Build() };
    }

    private static string Said(TestDevice device) =>
        string.Join(", ", device.Requests.Select(r => $"{(r.Code == CoapCode.Get ? "GET" : "PUT")} {r.Options.UriQuery}"));
}
