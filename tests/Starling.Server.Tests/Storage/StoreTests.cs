using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Server.Tests;

public sealed class StoreTests
{
    [Fact]
    public async Task Server_that_follows_another_goes_on_with_its_devices_and_observations()
    {
        var store = new MemoryDeviceStore();
        var time = new ManualTime();
        var network = new SimNetwork(time);
        var first = await ServerRig.StartAsync(store: store, time: time, network: network);
        var device = await TestDevice.StartAsync(network, "dev-1", "10.0.1.1:5683");
        device.Values["/3303/0/5700"] = "21.5";
        await network.UntilAsync(device.RegisterAsync(600));
        var before = first.Server.Find(new DeviceKey("dev-1"))!;
        var told = before.Registration;
        var observing = before.ObserveAsync(new Lwm2mPath(3303, 0, 5700), null, default).AsTask();
        var id = (await network.UntilAsync(observing)).Observation!.Id;
        await first.DisposeAsync();

        await using var second = await ServerRig.StartAsync(store: store, time: time, network: network, seed: 2);
        var session = second.Server.Find(new DeviceKey("dev-1"))!;
        Assert.Equivalent(told, session.Registration);
        Assert.Equal(id, Assert.Single(session.Observations).Id);
        Assert.Equal(DeliveryOutcome.Acknowledged, await network.UntilAsync(device.NotifyAsync("/3303/0/5700", "22")));
        Assert.Equal(1, second.Server.Counters.Notifications);
        var reading = session.SendAsync(new Lwm2mRequest.Read(new Lwm2mPath(3303, 0, 5700)), default).AsTask();
        Assert.Equal(CoapCode.Content, (await network.UntilAsync(reading)).Code);
        Assert.Equal(CoapCode.Changed, (await network.UntilAsync(device.UpdateAsync())).Code);
        Assert.Equal(CoapCode.Deleted, (await network.UntilAsync(device.DeregisterAsync())).Code);
        Assert.Equal(1, store.Count);   // what is to be observed waits for the device to come back
        Assert.True(await second.Server.RemoveAsync(session.Key, default));
        Assert.Equal(0, store.Count);
        await device.DisposeAsync();
    }

    [Fact]
    public async Task Server_that_follows_another_knows_the_formats_that_a_device_refuses()
    {
        var (store, time) = (new MemoryDeviceStore(), new ManualTime());
        var network = new SimNetwork(time);
        var first = await ServerRig.StartAsync(store: store, time: time, network: network);
        await using var device = await TestDevice.StartAsync(network, "dev-1", "10.0.1.1:5683");
        device.Answer = r => r.Options.ContentFormat is { Value: 112 } ? CoapMessage.Response(CoapCode.UnsupportedContentFormat)
            : r.Options.Accept is { Value: 112 } ? CoapMessage.Response(CoapCode.NotAcceptable)
            : r.Code == CoapCode.Get ? Tlv()
            : CoapMessage.Response(CoapCode.Changed);
        await network.UntilAsync(device.RegisterAsync(600));
        Assert.Equal([112, null, 112, 110], await FormatsAsync(first));
        await network.UntilAsync(device.UpdateAsync());   // what was learned is kept with the next word
        await first.DisposeAsync();

        await using var second = await ServerRig.StartAsync(store: store, time: time, network: network, seed: 2);
        Assert.Equal([11542, 110], await FormatsAsync(second));
        await network.UntilAsync(device.RegisterAsync(600));
        Assert.Equal([112, null, 112, 110], await FormatsAsync(second));   // a new registration begins with nothing of the one before

        async Task<int?[]> FormatsAsync(ServerRig rig)
        {
            device.Requests.Clear();
            var session = rig.Server.Find(new DeviceKey("dev-1"))!;
            await network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(new(3, 0)), default).AsTask());
            var write = new Lwm2mRequest.Write(new(1, 0), [new(new(1, 0, 1), 60), new(new(1, 0, 6), true)], Replace: false);
            await network.UntilAsync(session.SendAsync(write, default).AsTask());
            return [.. device.Requests.Select(r => (int?)(r.Options.Accept ?? r.Options.ContentFormat)?.Value)];
        }

        static CoapMessage Tlv()
        {
            var options = new CoapOptionsBuilder();
            options.Add(OptionNumber.ContentFormat, ContentFormat.Tlv.Value);
            return new CoapMessage { Code = CoapCode.Content, Options = options.Build(), Payload = Convert.FromHexString("C10964") };
        }
    }

    [Fact]
    public async Task Restored_registration_ends_when_its_lifetime_does()
    {
        var store = new MemoryDeviceStore();
        var time = new ManualTime();
        await using (var first = await ServerRig.StartAsync(store: store, time: time))
        {
            await first.RegisterAsync("ep=a&lt=60&lwm2m=1.1");
            time.Advance(TimeSpan.FromSeconds(40));
        }
        await using var second = await ServerRig.StartAsync(new ServerSettings { RestoreGrace = TimeSpan.Zero }, store: store, time: time);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(1, second.Server.Count);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, second.Server.Count);
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public async Task Registration_whose_lifetime_passed_while_no_server_was_there_waits_for_its_device()
    {
        var store = new MemoryDeviceStore();
        var time = new ManualTime();
        string heard, silent;
        await using (var first = await ServerRig.StartAsync(store: store, time: time))
        {
            heard = (await first.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Location();
            silent = (await first.RegisterAsync("ep=b&lt=60&lwm2m=1.1")).Location();
        }
        time.Advance(TimeSpan.FromMinutes(10));
        await using var second = await ServerRig.StartAsync(store: store, time: time);
        time.Advance(TimeSpan.FromSeconds(80));
        Assert.Equal(CoapCode.Changed, (await second.AskAsync(Requests.Post(heard))).Code);
        Assert.Equal(2, second.Server.Count);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(1, second.Server.Count);
        Assert.Equal(CoapCode.NotFound, (await second.AskAsync(Requests.Post(silent))).Code);
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(0, second.Server.Count);
    }

    [Fact]
    public async Task Device_gets_its_answer_when_the_state_is_safe_and_not_before()
    {
        var store = new SlowStore();
        await using var rig = await ServerRig.StartAsync(store: store);
        var registering = rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1");
        await Settling.SettleAsync();
        Assert.False(registering.IsCompleted);
        store.Next.SetResult(true);
        Assert.Equal(CoapCode.Created, (await registering).Code);
    }

    [Fact]
    public async Task Store_that_fails_is_5_03_to_the_device()
    {
        var store = new SlowStore();
        await using var rig = await ServerRig.StartAsync(store: store);
        store.Next.SetException(new IOException("disk full"));
        Assert.Equal(CoapCode.ServiceUnavailable, (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Code);
    }

    [Fact]
    public async Task Device_that_another_server_owns_is_forgotten()
    {
        var store = new SlowStore();
        await using var rig = await ServerRig.StartAsync(store: store);
        store.Next.SetResult(false);
        Assert.Equal(CoapCode.ServiceUnavailable, (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Code);
        Assert.Equal(0, rig.Server.Count);
    }

    [Fact]
    public async Task Every_change_is_saved_on_the_version_before_it()
    {
        var store = new MemoryDeviceStore();
        await using var rig = await ServerRig.StartAsync(store: store);
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Location();
        await rig.AskAsync(Requests.Post(location));
        await rig.AskAsync(Requests.Post(location, "lt=70"));
        location = (await rig.RegisterAsync("ep=a&lt=80&lwm2m=1.1")).Location();
        var states = new List<DeviceState>();
        await foreach (var state in store.LoadAllAsync(default))
        {
            states.Add(state);
        }
        Assert.Equal((4, 80), (Assert.Single(states).Version, states[0].Registration.Lifetime));
        Assert.Equal(location, $"rd/{states[0].Registration.Id}");
    }

    [Fact]
    public async Task Update_that_tells_nothing_renews_and_one_from_elsewhere_moves()
    {
        var store = new MemoryDeviceStore();
        await using var rig = await ServerRig.StartAsync(store: store);
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1", from: "10.0.9.9:1")).Location();
        var before = await OnlyAsync(store);
        rig.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(CoapCode.Changed, (await rig.AskAsync(Requests.Post(location), "10.0.9.9:1")).Code);
        var renewed = await OnlyAsync(store);
        Assert.Equivalent(before.Renewed(before.Registration.UpdatedAt.AddSeconds(30), null), renewed);
        Assert.Equal(CoapCode.Changed, (await rig.AskAsync(Requests.Post(location), "10.0.9.9:2")).Code);
        Assert.Equal("10.0.9.9:2", (await OnlyAsync(store)).Registration.Address.Text);
    }

    [Fact]
    public async Task Store_that_takes_nothing_for_a_while_gets_everything_afterwards()
    {
        var store = new RefusingStore();
        await using var rig = await ServerRig.StartAsync(store: store);
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Location();
        store.Refuses = true;
        Assert.Equal(CoapCode.ServiceUnavailable, (await rig.AskAsync(Requests.Post(location, "lt=70"))).Code);
        Assert.Equal(CoapCode.ServiceUnavailable, (await rig.AskAsync(Requests.Post(location))).Code);
        Assert.Equal((2, 1), (rig.Server.Counters.StoreFailures, (await OnlyAsync(store.Kept)).Version));
        store.Refuses = false;
        Assert.Equal(CoapCode.Changed, (await rig.AskAsync(Requests.Post(location))).Code);
        Assert.Equal((2, 70), ((await OnlyAsync(store.Kept)).Version, (await OnlyAsync(store.Kept)).Registration.Lifetime));
        Assert.Equal(CoapCode.Deleted, (await rig.AskAsync(Requests.Delete(location))).Code);
        Assert.Equal(0, store.Kept.Count);
    }

    [Fact]
    public async Task De_register_that_the_store_does_not_take_is_none()
    {
        var store = new RefusingStore();
        await using var rig = await ServerRig.StartAsync(store: store);
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Location();
        store.Refuses = true;
        Assert.Equal(CoapCode.ServiceUnavailable, (await rig.AskAsync(Requests.Delete(location))).Code);
        Assert.Equal((1, 1), (rig.Server.Count, store.Kept.Count));
        store.Refuses = false;
        Assert.Equal(CoapCode.Deleted, (await rig.AskAsync(Requests.Delete(location))).Code);
        Assert.Equal((0, 0), (rig.Server.Count, store.Kept.Count));
    }

    [Fact]
    public async Task Lifetime_that_ends_while_the_store_takes_nothing_ends_when_it_does_again()
    {
        var store = new RefusingStore();
        await using var rig = await ServerRig.StartAsync(store: store);
        await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1");
        store.Refuses = true;
        rig.Time.Advance(TimeSpan.FromSeconds(80));
        Assert.Equal((1, 1), (rig.Server.Count, store.Kept.Count));
        store.Refuses = false;
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal((0, 0), (rig.Server.Count, store.Kept.Count));
    }

    [Fact]
    public async Task Observation_that_the_store_does_not_take_is_none()
    {
        var store = new RefusingStore();
        await using var rig = await ServerRig.StartAsync(store: store);
        var (device, session) = await rig.RegisteredAsync();
        device.Values["/3303/0/5700"] = "21.5";
        store.Refuses = true;
        var observing = session.ObserveAsync(new Lwm2mPath(3303, 0, 5700), null, default).AsTask();
        await Assert.ThrowsAsync<CoapBusyException>(() => rig.Network.UntilAsync(observing));
        Assert.Empty(session.Observations);
        store.Refuses = false;
        observing = session.ObserveAsync(new Lwm2mPath(3303, 0, 5700), null, default).AsTask();
        var id = (await rig.Network.UntilAsync(observing)).Observation!.Id;
        Assert.Equal(id, Assert.Single((await OnlyAsync(store.Kept)).Observations).Token.ToString());
        store.Refuses = true;
        await Assert.ThrowsAsync<CoapBusyException>(() => rig.Network.UntilAsync(session.CancelAsync(id, default).AsTask()));
    }

    [Fact]
    public async Task Observation_of_a_sleeping_device_that_the_store_does_not_take_is_none()
    {
        var store = new RefusingStore();
        await using var rig = await ServerRig.StartAsync(store: store);
        var (device, session) = await rig.RegisteredAsync(lifetime: 86_400, query: "&Q");
        device.Values["/3303/0/5700"] = "21.5";
        await rig.Network.RunAsync(TimeSpan.FromSeconds(100));
        store.Refuses = true;
        await Assert.ThrowsAsync<CoapBusyException>(async () => await session.ObserveAsync(new Lwm2mPath(3303, 0, 5700), null, default));
        Assert.Empty(session.Observations);
        store.Refuses = false;
        await rig.Network.UntilAsync(device.UpdateAsync());
        await rig.Network.RunAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(device.Requests);
        Assert.Equal(0, rig.Server.Counters.Observations);
    }

    private static async Task<DeviceState> OnlyAsync(MemoryDeviceStore store)
    {
        DeviceState? only = null;
        await foreach (var state in store.LoadAllAsync(default))
        {
            Assert.Null(only);
            only = state;
        }
        return only!;
    }

    /// <summary>Has no room when the test says so.</summary>
    private sealed class RefusingStore : IDeviceStore
    {
        public MemoryDeviceStore Kept { get; } = new();
        public bool Refuses { get; set; }

        public IAsyncEnumerable<DeviceState> LoadAllAsync(CancellationToken cancel) => Kept.LoadAllAsync(cancel);

        public ValueTask<bool> SaveAsync(DeviceState state, long expectedVersion, CancellationToken cancel) =>
            Refuses ? throw new CoapBusyException("full") : Kept.SaveAsync(state, expectedVersion, cancel);

        public ValueTask<bool> RenewAsync(DeviceKey key, DateTimeOffset updatedAt, PeerAddress? address, long expectedVersion, CancellationToken cancel) =>
            Refuses ? throw new CoapBusyException("full") : Kept.RenewAsync(key, updatedAt, address, expectedVersion, cancel);

        public ValueTask<bool> DeleteAsync(DeviceKey key, long expectedVersion, CancellationToken cancel) =>
            Refuses ? throw new CoapBusyException("full") : Kept.DeleteAsync(key, expectedVersion, cancel);
    }

    /// <summary>Answers when the test says so.</summary>
    private sealed class SlowStore : IDeviceStore
    {
        public TaskCompletionSource<bool> Next { get; } = new();

        public async IAsyncEnumerable<DeviceState> LoadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            await Task.CompletedTask;
            yield break;
        }

        public ValueTask<bool> SaveAsync(DeviceState state, long expectedVersion, CancellationToken cancel) => new(Next.Task);

        public ValueTask<bool> RenewAsync(DeviceKey key, DateTimeOffset updatedAt, PeerAddress? address, long expectedVersion, CancellationToken cancel) => new(Next.Task);

        public ValueTask<bool> DeleteAsync(DeviceKey key, long expectedVersion, CancellationToken cancel) => new(Next.Task);
    }
}
