using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server.Tests;

/// <summary>What is listed, and at what price.</summary>
public sealed class QueueTableTests
{
    private static readonly Lwm2mRequest _read = new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9));

    [Fact]
    public async Task Queue_of_one_device_is_read_without_looking_at_the_others()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        device.Values["/3/0/9"] = "50";
        var answered = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            answered.Add((await session.QueueAsync(_read)).Id);
            await QueueTests.EndedAsync(rig, answered[^1]);
        }
        await rig.RegisterAsync("ep=far&lt=86400&lwm2m=1.1&Q", from: "10.0.9.9:1");
        var far = rig.Server.Find(new DeviceKey("far"))!;
        await rig.Network.RunAsync(TimeSpan.FromSeconds(100));
        for (var i = 0; i < 100; i++)
        {
            await far.QueueAsync(_read);
        }
        device.IsDeaf = true;
        var waiting = (await session.QueueAsync(_read)).Id;
        var table = rig.Server.Operations.Table;
        Assert.Equal((4, 100, 104), (table.EntriesOf(session.Key).Length, table.EntriesOf(far.Key).Length, table.EntriesOf(null).Length));
        Assert.Equal([.. answered, waiting], rig.Server.Operations.List(session.Key, 0, 10).Select(o => o.Id));
        Assert.Empty(table.EntriesOf(new DeviceKey("nobody")));
    }

    [Fact]
    public async Task Pages_of_a_device_and_of_all_go_on_behind_the_last_one()
    {
        await using var rig = await ServerRig.StartAsync();
        var (_, one) = await QueueTests.AsleepAsync(rig);
        var (_, two) = await QueueTests.AsleepAsync(rig, "dev-2", "10.0.1.2:5683");
        for (var i = 0; i < 6; i++)
        {
            await (i % 2 == 0 ? one : two).QueueAsync(_read);
        }
        var page = rig.Server.Operations.List(one.Key, 0, 2);
        Assert.Equal(2, page.Count);
        Assert.Single(rig.Server.Operations.List(one.Key, page[^1].Order, 2));
        var all = rig.Server.Operations.List(null, 0, 4);
        Assert.Equal(all.OrderBy(o => o.Order), all);
        Assert.Equal(2, rig.Server.Operations.List(null, all[^1].Order, 4).Count);
    }

    [Fact]
    public async Task Results_that_are_forgotten_leave_nothing_of_their_device()
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { Queue = new QueueSettings { MaxResults = 2 } });
        var (device, session) = await rig.RegisteredAsync();
        var (other, second) = await rig.RegisteredAsync("dev-2", "10.0.1.2:5683");
        device.Values["/3/0/9"] = other.Values["/3/0/9"] = "50";
        foreach (var of in new[] { session, second, second })
        {
            await QueueTests.EndedAsync(rig, (await of.QueueAsync(_read)).Id);
        }
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(rig.Server.Operations.List(session.Key, 0, 10));
        Assert.Equal(2, rig.Server.Operations.List(second.Key, 0, 10).Count);
        Assert.Equal(1, rig.Server.Operations.Table.Devices);
    }

    [Fact]
    public async Task Nothing_is_told_that_is_not_in_the_store()
    {
        var store = new GatedStore();
        await using var rig = await ServerRig.StartAsync(operations: store);
        var (device, session) = await rig.RegisteredAsync();
        device.Values["/3/0/9"] = "50";
        var queueing = session.QueueAsync(_read).AsTask();
        Assert.Empty(rig.Server.Operations.List(null, 0, 10));
        store.Open();
        var id = (await rig.Network.UntilAsync(queueing)).Id;
        await rig.Network.UntilAsync(() => store.IsAsked);   // its result
        var meanwhile = rig.Server.Operations.Find(id)!;
        Assert.Equal((OperationState.Sending, null, null), (meanwhile.State, meanwhile.EndedAt, meanwhile.Answer));
        Assert.Equal(OperationState.Sending, Assert.Single(rig.Server.Operations.List(session.Key, 0, 10)).State);
        store.Open();
        Assert.Equal(OperationState.Answered, (await QueueTests.EndedAsync(rig, id)).State);
    }

    /// <summary>Keeps one thing each time it is opened.</summary>
    private sealed class GatedStore : IOperationStore
    {
        private TaskCompletionSource _gate = new();

        public bool IsAsked { get; private set; }

        public void Open()
        {
            IsAsked = false;
            Interlocked.Exchange(ref _gate, new TaskCompletionSource()).SetResult();
        }

        public async IAsyncEnumerable<StoredOperation> LoadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            await Task.CompletedTask;
            yield break;
        }

        public ValueTask SaveAsync(StoredOperation operation, CancellationToken cancel)
        {
            IsAsked = true;
            return new ValueTask(_gate.Task);
        }

        public ValueTask DeleteAsync(string id, CancellationToken cancel) => ValueTask.CompletedTask;
    }
}
