using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Server.Tests;

/// <summary>Composite operations from the server's side.</summary>
public sealed class CompositeTests
{
    private const string Pack = """[{"n":"/3/0/9","v":50},{"n":"/3303/0/5700","v":21.5}]""";
    private static readonly Lwm2mPath[] _paths = [new(3, 0, 9), new(3303, 0, 5700)];

    [Fact]
    public async Task Several_paths_are_read_at_once()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        device.Values["/"] = Pack;
        var read = await rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.ReadComposite(_paths), default).AsTask());
        Assert.Equal([50L, 21.5], read.Records.Select(r => r.Value.Kind == ValueKind.Integer ? (object)r.Value.AsInteger() : r.Value.AsFloat()));
        Assert.Equal(_paths, read.Records.Select(r => r.Path));
    }

    [Fact]
    public async Task Composite_is_observed_and_ended_with_the_same_bytes()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(version: "1.2");
        device.Values["/"] = Pack;
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        var order = new ObserveOrder(_paths) { Attributes = new NotificationAttributes { MinimumPeriod = 5 } };
        var observed = (await rig.Network.UntilAsync(session.ObserveAsync(order, default).AsTask())).Observation!;
        Assert.Equal((true, "/"), (observed.IsComposite, observed.Path.ToString()));
        Assert.Equal(_paths, observed.Paths);
        await rig.Network.UntilAsync(device.NotifyAsync("/", """[{"n":"/3/0/9","v":51},{"n":"/3303/0/5700","v":22}]"""));
        var notified = (await rig.TakeAsync(events, 2)).Cast<DeviceEvent.Notified>().Last();
        Assert.Equal(51, notified.Records[0].Value.AsInteger());

        await rig.Network.UntilAsync(session.CancelAsync(observed.Id, default).AsTask());
        var begun = device.Requests.First();
        var ended = device.Requests.Last();
        Assert.Equal((0u, 1u), (begun.Options.Observe, ended.Options.Observe));
        Assert.Equal(begun.Payload.ToArray(), ended.Payload.ToArray());
        Assert.Equal(begun.Token, ended.Token);
        Assert.Equal("pmin=5", ended.Options.UriQuery);
        Assert.Equal(begun.Options.ContentFormat, ended.Options.ContentFormat);
        Assert.Equal(begun.Options.Accept, ended.Options.Accept);
        Assert.Empty(session.Observations);
    }

    [Fact]
    public async Task Composite_is_asked_again_with_the_same_bytes_after_a_new_registration_and_a_restart()
    {
        var store = new MemoryDeviceStore();
        var time = new ManualTime();
        var network = new SimNetwork(time);
        var device = await TestDevice.StartAsync(network, "dev-1", "10.0.1.1:5683");
        device.Values["/"] = Pack;
        await using (var first = await ServerRig.StartAsync(store: store, time: time, network: network))
        {
            await network.UntilAsync(device.RegisterAsync(600, version: "1.2"));
            var session = first.Server.Find(new DeviceKey("dev-1"))!;
            await network.UntilAsync(session.ObserveAsync(new ObserveOrder(_paths), default).AsTask());
            await network.UntilAsync(device.RegisterAsync(600, version: "1.2"));
            await network.UntilAsync(() => session.Observations[0].IsEstablished);
        }
        await using var second = await ServerRig.StartAsync(store: store, time: time, network: network, seed: 2);
        await network.UntilAsync(device.UpdateAsync());
        var back = second.Server.Find(new DeviceKey("dev-1"))!;
        await network.UntilAsync(() => back.Observations[0].IsEstablished);
        var asked = device.Requests.ToArray();
        Assert.Equal(3, asked.Length);
        Assert.All(asked, r => Assert.Equal((0u, asked[0].Token, Convert.ToHexString(asked[0].Payload.Span)), (r.Options.Observe, r.Token, Convert.ToHexString(r.Payload.Span))));
        await device.DisposeAsync();
    }

    [Fact]
    public async Task Older_device_gets_the_attributes_written_to_each_path()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(version: "1.1");
        device.Values["/"] = Pack;
        var order = new ObserveOrder(_paths) { Attributes = new NotificationAttributes { MinimumPeriod = 5 } };
        await rig.Network.UntilAsync(session.ObserveAsync(order, default).AsTask());
        Assert.Equal(["0.03 /3/0/9 pmin=5", "0.03 /3303/0/5700 pmin=5", "0.05 / "], device.Requests.Select(r => $"{r.Code} {r.Options.UriPath} {r.Options.UriQuery}"));
    }

    [Fact]
    public async Task List_of_paths_in_a_format_that_the_device_refuses_is_told_in_another_from_then_on()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(version: "1.2");
        device.Values["/"] = Pack;
        device.Answer = r => r.Options.ContentFormat == ContentFormat.SenmlEtchCbor ? CoapMessage.Response(CoapCode.UnsupportedContentFormat) : null;
        var observed = await rig.Network.UntilAsync(session.ObserveAsync(new ObserveOrder(_paths), default).AsTask());
        Assert.NotNull(observed.Observation);
        device.Requests.Clear();
        await rig.Network.UntilAsync(device.RegisterAsync(600, version: "1.2"));
        await rig.Network.UntilAsync(() => session.Observations[0].IsEstablished);
        Assert.NotEqual(ContentFormat.SenmlEtchCbor, Assert.Single(device.Requests).Options.ContentFormat);
    }

    [Fact]
    public async Task One_path_by_itself_and_as_a_composite_are_two_observations()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        (device.Values["/"], device.Values["/3/0/9"]) = (Pack, "50");
        await rig.Network.UntilAsync(session.ObserveAsync(new ObserveOrder(_paths[0]), default).AsTask());
        await rig.Network.UntilAsync(session.ObserveAsync(new ObserveOrder(_paths[0]) { IsComposite = true }, default).AsTask());
        await rig.Network.UntilAsync(session.ObserveAsync(new ObserveOrder(_paths[0]) { IsComposite = true }, default).AsTask());
        Assert.Equal([false, true], session.Observations.Select(o => o.IsComposite));
    }

    [Fact]
    public async Task Device_that_never_answers_a_fetch_is_known_for_it_until_it_registers_anew()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(lifetime: 3600);
        device.IsSlow = true;
        var read = new Lwm2mRequest.ReadComposite(_paths);
        await Assert.ThrowsAsync<NoCompositesException>(() => rig.Network.UntilAsync(session.SendAsync(read, default).AsTask()));
        device.Requests.Clear();
        var refused = await Assert.ThrowsAsync<NoCompositesException>(async () => await session.SendAsync(read, default));
        Assert.Contains("one by one", refused.Message);
        await Assert.ThrowsAsync<NoCompositesException>(async () => await session.ObserveAsync(new ObserveOrder(_paths), default));
        Assert.Empty(session.Observations);
        Assert.Empty(device.Requests);
        Assert.True(session.Presence.IsAwake);

        device.IsSlow = false;
        device.Values["/"] = Pack;
        device.Values["/3/0/9"] = "50";
        Assert.Equal("2.05", (await rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(_paths[0]), default).AsTask())).Code.ToString());
        await rig.Network.UntilAsync(device.RegisterAsync(3600));
        Assert.Equal("2.05", (await rig.Network.UntilAsync(session.SendAsync(read, default).AsTask())).Code.ToString());
    }

    [Fact]
    public async Task Order_that_no_observation_can_be_is_the_callers_mistake_and_leaves_nothing()
    {
        await using var rig = await ServerRig.StartAsync();
        var (_, session) = await rig.RegisteredAsync(version: "1.2");
        await Assert.ThrowsAsync<ArgumentException>(async () => await session.ObserveAsync(new ObserveOrder([]), default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await session.ObserveAsync(new ObserveOrder(_paths) { IsComposite = false }, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await session.ObserveAsync(new ObserveOrder(Lwm2mPath.Root), default));
        var threshold = new ObserveOrder(_paths) { Attributes = new NotificationAttributes { GreaterThan = 1 } };
        await Assert.ThrowsAsync<ArgumentException>(async () => await session.ObserveAsync(threshold, default));
        Assert.Empty(session.Observations);
    }
}
