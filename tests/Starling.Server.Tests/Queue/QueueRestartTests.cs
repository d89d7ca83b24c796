using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Server.Tests;

/// <summary>The queue over restarts.</summary>
public sealed class QueueRestartTests
{
    private readonly MemoryDeviceStore _devices = new();
    private readonly MemoryOperationStore _operations = new();
    private readonly ManualTime _time = new();

    public static TheoryData<Lwm2mRequest> Requests =>
    [
        new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9)),
        new Lwm2mRequest.Discover(new Lwm2mPath(3, 0)),
        new Lwm2mRequest.Write(new Lwm2mPath(3303, 0, 5700), [new Lwm2mRecord(new Lwm2mPath(3303, 0, 5700), 21.5)]),
        new Lwm2mRequest.Write(new Lwm2mPath(3303, 0),
            [new Lwm2mRecord(new Lwm2mPath(3303, 0, 5700), 21.5), new Lwm2mRecord(new Lwm2mPath(3303, 0, 5701), "Cel")], Replace: false),
        new Lwm2mRequest.WriteAttributes(new Lwm2mPath(3303, 0, 5700), new NotificationAttributes { MinimumPeriod = 5, Step = 0.5, Unset = AttributeNames.GreaterThan }),
        new Lwm2mRequest.Execute(new Lwm2mPath(3, 0, 4), "0='a',1"),
        new Lwm2mRequest.Create(new Lwm2mPath(3303), 7, [new Lwm2mRecord(new Lwm2mPath(3303, 7, 5700), 1.5)]),
        new Lwm2mRequest.Delete(new Lwm2mPath(3303, 7)),
        new Lwm2mRequest.ReadComposite([new Lwm2mPath(3, 0, 9), new Lwm2mPath(3303)]),
        new Lwm2mRequest.WriteComposite([new Lwm2mRecord(new Lwm2mPath(3303, 0, 5700), 21.5), new Lwm2mRecord(new Lwm2mPath(3, 0, 11, 1), Lwm2mValue.Null)]),
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_comes_back_as_it_was(Lwm2mRequest request)
    {
        string id;
        var network = new SimNetwork(_time);
        await using (var first = await StartAsync(network, 1))
        {
            var (_, session) = await QueueTests.AsleepAsync(first);
            id = (await session.QueueAsync(request, TimeSpan.FromHours(5))).Id;
        }
        await using var second = await StartAsync(network, 2);
        var found = second.Server.Operations.Find(id)!;
        Assert.Equal(OperationState.Waiting, found.State);
        Assert.Equal(TimeSpan.FromHours(5), found.ExpiresAt - found.QueuedAt);
        Assert.Equal(Flat(request), Flat(found.Request));
    }

    [Fact]
    public async Task Server_that_follows_another_sends_what_waits_in_the_same_order()
    {
        var network = new SimNetwork(_time);
        var device = await TestDevice.StartAsync(network, "dev-1", "10.0.1.1:5683");
        device.Values["/3/0/9"] = "5";
        string before, first, second;
        await using (var rig = await StartAsync(network, 1))
        {
            await network.UntilAsync(device.RegisterAsync(86_400, query: "&Q"));
            var session = rig.Server.Find(new DeviceKey("dev-1"))!;
            before = (await session.QueueAsync(new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9)))).Id;
            await QueueTests.EndedAsync(rig, before);
            await network.RunAsync(TimeSpan.FromSeconds(100));
            first = (await session.QueueAsync(new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9)))).Id;
            second = (await session.QueueAsync(new Lwm2mRequest.Execute(new Lwm2mPath(3, 0, 4)))).Id;
        }
        await using var next = await StartAsync(network, 2);
        Assert.Equal([before, first, second], next.Server.Operations.List(null, 0, 10).Select(o => o.Id));
        Assert.Equal(5, Assert.Single(next.Server.Operations.Find(before)!.Answer!.Records).Value.AsInteger());
        Assert.Equal(2, next.Server.Counters.WaitingOperations);
        device.Requests.Clear();
        await network.UntilAsync(device.UpdateAsync());
        await QueueTests.EndedAsync(next, second);
        Assert.Equal(["/3/0/9", "/3/0/4"], device.Requests.Select(r => r.Options.UriPath));
        Assert.Equal(OperationState.Answered, next.Server.Operations.Find(first)!.State);
        var third = await next.Server.Find(new DeviceKey("dev-1"))!.QueueAsync(new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9)));
        Assert.True(third.Order > next.Server.Operations.Find(second)!.Order);
        await device.DisposeAsync();
    }

    [Fact]
    public async Task Execute_that_was_being_sent_when_the_server_stopped_is_not_sent_again()
    {
        var network = new SimNetwork(_time);
        var device = await TestDevice.StartAsync(network, "dev-1", "10.0.1.1:5683");
        await using (var rig = await StartAsync(network, 1))
        {
            await network.UntilAsync(device.RegisterAsync(86_400));
            network.Lose = frame => frame.To == "10.0.1.1:5683";
            var session = rig.Server.Find(new DeviceKey("dev-1"))!;
            await session.QueueAsync(new Lwm2mRequest.Execute(new Lwm2mPath(3, 0, 4)));
            await network.RunAsync(TimeSpan.FromSeconds(3));
            await foreach (var stored in _operations.LoadAllAsync(default))
            {
                Assert.Equal(OperationState.Sending, stored.State);
            }
            // The store as a kill would leave it: nothing that happens from here on gets there.
            _kept = [.. await LoadAsync()];
        }
        var killed = new MemoryOperationStore();
        await killed.SaveAsync(Assert.Single(_kept), default);
        network.Lose = null;
        await using var next = await ServerRig.StartAsync(store: _devices, time: _time, network: network, seed: 2, operations: killed);
        var found = Assert.Single(next.Server.Operations.List(null, 0, 10));
        Assert.Equal(OperationState.Failed, found.State);
        await network.UntilAsync(device.UpdateAsync());
        await network.RunAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(device.Requests);
        await device.DisposeAsync();
    }

    [Fact]
    public async Task Result_that_a_restart_gives_is_forgotten_after_those_of_before()
    {
        var at = _time.GetUtcNow();
        await using (var rig = await StartAsync(new SimNetwork(_time), 1))
        {
            var (_, session) = await QueueTests.AsleepAsync(rig);
            foreach (var request in new Lwm2mRequest[] { new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9)), new Lwm2mRequest.Execute(new Lwm2mPath(3, 0, 4)) })
            {
                await session.QueueAsync(request);
            }
        }
        var kept = (await LoadAsync()).OrderBy(o => o.Order).ToArray();
        await _operations.SaveAsync(kept[0] with { State = OperationState.Answered, EndedAt = at }, default);
        await _operations.SaveAsync(kept[1] with { State = OperationState.Sending }, default);
        var settings = new ServerSettings { Queue = new QueueSettings { MaxResults = 1 } };
        await using var next = await ServerRig.StartAsync(settings, _devices, time: _time, operations: _operations, seed: 2);
        var found = Assert.Single(next.Server.Operations.List(null, 0, 10));
        Assert.Equal((kept[1].Id, OperationState.Failed), (found.Id, found.State));
    }

    [Fact]
    public async Task What_expired_while_nobody_ran_is_not_sent()
    {
        var network = new SimNetwork(_time);
        string id;
        await using (var first = await StartAsync(network, 1))
        {
            var (_, session) = await QueueTests.AsleepAsync(first);
            id = (await session.QueueAsync(new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9)), TimeSpan.FromSeconds(60))).Id;
        }
        _time.Advance(TimeSpan.FromSeconds(90));
        await using var second = await StartAsync(network, 2);
        await network.RunAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(OperationState.Expired, second.Server.Operations.Find(id)!.State);
    }

    [Fact]
    public async Task What_cannot_be_read_any_more_fails_and_says_so()
    {
        var stored = new StoredOperation("x", new DeviceKey("dev-1"), 1, _time.GetUtcNow(), _time.GetUtcNow().AddDays(1), OperationState.Waiting, new byte[] { 1, 2, 3 });
        await _operations.SaveAsync(stored, default);
        await using var rig = await StartAsync(new SimNetwork(_time), 1);
        var found = rig.Server.Operations.Find("x")!;
        Assert.Equal(OperationState.Failed, found.State);
        Assert.Contains("read", found.Reason);
    }

    [Fact]
    public async Task Store_that_fails_refuses_the_operation_and_leaves_no_trace_of_it()
    {
        await using var rig = await ServerRig.StartAsync(operations: new BrokenStore());
        var (_, session) = await rig.RegisteredAsync();
        await Assert.ThrowsAsync<CoapBusyException>(async () => await session.QueueAsync(new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9))));
        Assert.Empty(rig.Server.Operations.List(null, 0, 10));
        Assert.Equal((0, 1), (rig.Server.Counters.WaitingOperations, rig.Server.Counters.RefusedOperations));
    }

    private List<StoredOperation> _kept = [];

    // Lists are compared by reference: apart from the rest they are compared by content.
    private static object Flat(Lwm2mRequest request) => request switch
    {
        Lwm2mRequest.Write write => (write with { Records = [] }, string.Join(' ', write.Records)),
        Lwm2mRequest.Create create => (create with { Records = [] }, string.Join(' ', create.Records)),
        Lwm2mRequest.WriteComposite write => (write with { Records = [] }, string.Join(' ', write.Records)),
        Lwm2mRequest.ReadComposite read => (read with { Paths = [] }, string.Join(' ', read.Paths)),
        _ => request,
    };

    private Task<ServerRig> StartAsync(SimNetwork network, int seed) =>
        ServerRig.StartAsync(store: _devices, time: _time, network: network, seed: seed, operations: _operations);

    private async Task<List<StoredOperation>> LoadAsync()
    {
        var loaded = new List<StoredOperation>();
        await foreach (var stored in _operations.LoadAllAsync(default))
        {
            loaded.Add(stored);
        }
        return loaded;
    }

    [Fact]
    public async Task What_comes_up_while_the_server_stops_waits_for_the_next_one()
    {
        var store = new MemoryOperationStore();
        await using var rig = await ServerRig.StartAsync(operations: store);
        var (_, session) = await rig.RegisteredAsync();
        await rig.Server.Endpoint.DisposeAsync();
        var queued = await session.QueueAsync(new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9)));
        await rig.Network.UntilAsync(() => rig.Server.Operations.Find(queued.Id) is { Attempts: 1, State: not OperationState.Sending });
        Assert.Equal(OperationState.Waiting, rig.Server.Operations.Find(queued.Id)!.State);
    }

    [Fact]
    public async Task Operation_waits_while_the_store_has_no_room_for_a_moment()
    {
        var store = new BusyStore();
        await using var rig = await ServerRig.StartAsync(operations: store);
        var (device, session) = await rig.RegisteredAsync();
        store.IsBusy = true;
        var queued = await session.QueueAsync(new Lwm2mRequest.Execute(new Lwm2mPath(3, 0, 4)));
        await rig.Network.UntilAsync(() => rig.Server.Operations.Find(queued.Id) is { Attempts: 1, State: not OperationState.Sending });
        Assert.Equal(OperationState.Waiting, rig.Server.Operations.Find(queued.Id)!.State);
        Assert.Empty(device.Requests);
        store.IsBusy = false;
        await rig.Network.UntilAsync(device.UpdateAsync());
        Assert.Equal(OperationState.Answered, (await QueueTests.EndedAsync(rig, queued.Id)).State);
        Assert.Single(device.Requests);
    }

    // Takes what is queued; while it is busy, not that it is being sent.
    private sealed class BusyStore : IOperationStore
    {
        private readonly MemoryOperationStore _inner = new();

        public bool IsBusy { get; set; }

        public IAsyncEnumerable<StoredOperation> LoadAllAsync(CancellationToken cancel) => _inner.LoadAllAsync(cancel);

        public ValueTask SaveAsync(StoredOperation operation, CancellationToken cancel) =>
            IsBusy && operation.State == OperationState.Sending ? throw new CoapBusyException("too many changes wait") : _inner.SaveAsync(operation, cancel);

        public ValueTask DeleteAsync(string id, CancellationToken cancel) => _inner.DeleteAsync(id, cancel);
    }

    private sealed class BrokenStore : IOperationStore
    {
        public async IAsyncEnumerable<StoredOperation> LoadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            await Task.CompletedTask;
            yield break;
        }

        public ValueTask SaveAsync(StoredOperation operation, CancellationToken cancel) => throw new IOException("disk full");

        public ValueTask DeleteAsync(string id, CancellationToken cancel) => throw new IOException("disk full");
    }
}
