using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server.Tests;

/// <summary>What waits for devices that sleep, on fake time.</summary>
public sealed class QueueTests
{
    private static readonly Lwm2mRequest _read = new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 9));
    private static readonly Lwm2mRequest _reboot = new Lwm2mRequest.Execute(new Lwm2mPath(3, 0, 4), "1");

    [Fact]
    public async Task What_waits_goes_out_in_order_one_at_a_time_when_the_device_wakes()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await AsleepAsync(rig);
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        var queued = new List<QueuedOperation>();
        foreach (var value in new[] { 5700, 5601, 5602 })
        {
            queued.Add(await session.QueueAsync(new Lwm2mRequest.Execute(new Lwm2mPath(3303, 0, value))));
        }
        await rig.Network.RunAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(device.Requests);
        Assert.Equal(3, rig.Server.Counters.WaitingOperations);

        await rig.Network.UntilAsync(device.UpdateAsync());
        await EndedAsync(rig, queued[2].Id);
        Assert.Equal(["/3303/0/5700", "/3303/0/5601", "/3303/0/5602"], device.Requests.Select(r => r.Options.UriPath));
        Assert.Equal(0, rig.Server.Counters.WaitingOperations);
        Assert.All(queued, q => Assert.Equal((OperationState.Answered, "2.04"), Result(rig, q)));
        var ended = (await rig.TakeAsync(events, 5)).OfType<DeviceEvent.OperationEnded>();
        Assert.Equal(queued.Select(q => q.Id), ended.Select(e => e.Operation.Id));
    }

    [Fact]
    public async Task Answer_comes_with_its_values()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await AsleepAsync(rig);
        device.Values["/3/0/9"] = "77";
        var queued = await session.QueueAsync(_read);
        Assert.Equal((OperationState.Waiting, null), (queued.State, queued.Answer));
        await rig.Network.UntilAsync(device.UpdateAsync());
        var ended = await EndedAsync(rig, queued.Id);
        Assert.Equal(77, Assert.Single(ended.Answer!.Records).Value.AsInteger());
        Assert.NotNull(ended.EndedAt);
        Assert.Equal(1, ended.Attempts);
    }

    [Fact]
    public async Task Device_that_listens_gets_it_at_once()
    {
        await using var rig = await ServerRig.StartAsync();
        var (_, session) = await rig.RegisteredAsync();
        var queued = await session.QueueAsync(_reboot);
        Assert.Equal(OperationState.Answered, (await EndedAsync(rig, queued.Id)).State);
    }

    [Fact]
    public async Task Notification_is_a_sign_that_the_device_listens()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(lifetime: 3600, query: "&Q");
        device.Values["/3/0/9"] = "50";
        await rig.Network.UntilAsync(session.ObserveAsync(new Lwm2mPath(3, 0, 9), null, default).AsTask());
        await rig.Network.RunAsync(TimeSpan.FromSeconds(100));
        var queued = await session.QueueAsync(_reboot);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(OperationState.Waiting, rig.Server.Operations.Find(queued.Id)!.State);
        await rig.Network.UntilAsync(device.NotifyAsync("/3/0/9", "51", delivery: Delivery.NonConfirmable));
        Assert.Equal(OperationState.Answered, (await EndedAsync(rig, queued.Id)).State);
    }

    [Fact]
    public async Task Time_to_live_ends_what_nobody_took()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await AsleepAsync(rig);
        var queued = await session.QueueAsync(_read, TimeSpan.FromSeconds(60));
        var waiting = rig.Server.Operations.WaitAsync(queued.Id, TimeSpan.FromHours(1), default).AsTask();
        await rig.Network.RunAsync(TimeSpan.FromSeconds(59));
        Assert.False(waiting.IsCompleted);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(OperationState.Expired, (await waiting)!.State);
        await rig.Network.UntilAsync(device.UpdateAsync());
        await rig.Network.RunAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(device.Requests);
        Assert.Equal(1, rig.Server.Counters.ExpiredOperations);
    }

    [Fact]
    public async Task What_is_taken_back_is_never_sent_and_keeps_that_result()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await AsleepAsync(rig);
        var first = await session.QueueAsync(_reboot);
        var second = await session.QueueAsync(_reboot);
        Assert.Equal(OperationState.Cancelled, (await rig.Server.Operations.CancelAsync(first.Id))!.State);
        await rig.Network.UntilAsync(device.UpdateAsync());
        await EndedAsync(rig, second.Id);
        Assert.Single(device.Requests);
        Assert.Equal(OperationState.Answered, (await rig.Server.Operations.CancelAsync(second.Id))!.State);
        Assert.Equal(OperationState.Cancelled, rig.Server.Operations.Find(first.Id)!.State);
        Assert.Null(await rig.Server.Operations.CancelAsync("never"));
    }

    [Fact]
    public async Task Patience_that_ends_gives_what_is_known_so_far()
    {
        await using var rig = await ServerRig.StartAsync();
        var (_, session) = await AsleepAsync(rig);
        var queued = await session.QueueAsync(_read);
        var waited = await rig.Network.UntilAsync(rig.Server.Operations.WaitAsync(queued.Id, TimeSpan.FromSeconds(2), default).AsTask());
        Assert.Equal(OperationState.Waiting, waited!.State);
        Assert.Null(await rig.Server.Operations.WaitAsync("never", TimeSpan.FromSeconds(2), default));
    }

    [Fact]
    public async Task Lost_read_is_sent_again_at_the_next_sign_and_a_lost_execute_is_not()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await AsleepAsync(rig);
        var execute = await session.QueueAsync(_reboot);
        var read = await session.QueueAsync(_read);
        device.IsDeaf = true;
        rig.Network.Lose = frame => frame.To == "10.0.1.1:5683" && frame.Bytes.Span[0] >> 4 == 4;   // confirmable requests; answers get through
        await rig.Network.UntilAsync(device.UpdateAsync());
        var ended = await EndedAsync(rig, execute.Id);
        Assert.Equal((OperationState.Failed, 1), (ended.State, ended.Attempts));
        Assert.Contains("may or may not", ended.Reason);

        rig.Network.Lose = null;
        device.IsDeaf = false;
        device.Values["/3/0/9"] = "1";
        await rig.Network.UntilAsync(device.UpdateAsync());
        Assert.Equal(OperationState.Answered, (await EndedAsync(rig, read.Id)).State);
    }

    [Fact]
    public async Task Device_that_wakes_while_a_request_is_lost_gets_the_next_one_at_once()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await AsleepAsync(rig);
        device.Values["/3/0/9"] = "1";
        var read = await session.QueueAsync(_read);
        rig.Network.Lose = frame => frame.To == "10.0.1.1:5683" && frame.Bytes.Span[0] >> 4 == 4;
        await rig.Network.UntilAsync(device.UpdateAsync());
        await rig.Network.RunAsync(TimeSpan.FromSeconds(60));
        await rig.Network.UntilAsync(device.UpdateAsync());   // while the last retransmission is awaited
        await rig.Network.RunAsync(TimeSpan.FromSeconds(10));
        rig.Network.Lose = null;
        var ended = await EndedAsync(rig, read.Id);
        Assert.Equal(OperationState.Answered, ended.State);
    }

    [Fact]
    public async Task Acknowledgement_without_answer_is_delivered()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await AsleepAsync(rig);
        var queued = await session.QueueAsync(_reboot);
        device.IsSlow = true;
        await rig.Network.UntilAsync(device.UpdateAsync());
        var ended = await EndedAsync(rig, queued.Id);
        Assert.Equal(OperationState.Delivered, ended.State);
    }

    [Fact]
    public async Task Limits_are_kept_and_counted()
    {
        var limits = new QueueSettings { MaxPerDevice = 2, MaxWaiting = 3, MaxRequestSize = 200, MaxTimeToLive = TimeSpan.FromHours(1), TimeToLive = TimeSpan.FromHours(1) };
        await using var rig = await ServerRig.StartAsync(new ServerSettings { Queue = limits });
        var (_, first) = await AsleepAsync(rig);
        var (_, second) = await AsleepAsync(rig, "dev-2", "10.0.1.2:5683");
        await first.QueueAsync(_read);
        var one = await first.QueueAsync(_read);
        await Assert.ThrowsAsync<CoapBusyException>(async () => await first.QueueAsync(_read));
        await second.QueueAsync(_read);
        await Assert.ThrowsAsync<CoapBusyException>(async () => await second.QueueAsync(_read));
        Assert.Equal(2, rig.Server.Counters.RefusedOperations);
        await rig.Server.Operations.CancelAsync(one.Id);
        await second.QueueAsync(_read);
        await Assert.ThrowsAsync<ArgumentException>(async () => await first.QueueAsync(_read, TimeSpan.FromHours(2)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await first.QueueAsync(_read, TimeSpan.Zero));
        var large = new Lwm2mRequest.Write(new Lwm2mPath(3, 0, 14), [new Lwm2mRecord(new Lwm2mPath(3, 0, 14), new string('x', 300))]);
        await Assert.ThrowsAsync<ArgumentException>(async () => await first.QueueAsync(large));
        await Assert.ThrowsAsync<ArgumentException>(async () => await first.QueueAsync(new Lwm2mRequest.Observe(new Lwm2mPath(3))));
    }

    [Fact]
    public async Task Results_are_forgotten_after_their_time_or_when_there_are_too_many()
    {
        var store = new MemoryOperationStore();
        var limits = new QueueSettings { MaxResults = 2, KeepResults = TimeSpan.FromMinutes(10) };
        await using var rig = await ServerRig.StartAsync(new ServerSettings { Queue = limits }, operations: store);
        var (_, session) = await rig.RegisteredAsync();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await session.QueueAsync(_reboot)).Id);
            await EndedAsync(rig, ids[i]);
        }
        Assert.Equal([false, true, true], ids.Select(id => rig.Server.Operations.Find(id) is not null));
        Assert.Equal(2, store.Count);
        await rig.Network.RunAsync(TimeSpan.FromMinutes(11));
        Assert.Empty(rig.Server.Operations.List(null, 0, 10));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public async Task Results_are_forgotten_early_when_their_answers_take_too_much()
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { Queue = new QueueSettings { MaxResultBytes = 150_000 } });
        var (device, session) = await rig.RegisteredAsync();
        device.Values["/3/0/0"] = new string('x', 20_000);   // as text and as it came
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await session.QueueAsync(new Lwm2mRequest.Read(new(3, 0, 0)))).Id);
            Assert.Equal(OperationState.Answered, (await EndedAsync(rig, ids[i])).State);
        }
        Assert.Equal([false, false, false, true, true], ids.Select(id => rig.Server.Operations.Find(id) is not null));
    }

    [Fact]
    public async Task List_is_in_order_of_one_device_or_of_all_and_goes_on_where_it_ended()
    {
        await using var rig = await ServerRig.StartAsync();
        var (_, first) = await AsleepAsync(rig);
        var (_, second) = await AsleepAsync(rig, "dev-2", "10.0.1.2:5683");
        var ids = new List<string>();
        foreach (var session in new[] { first, second, first })
        {
            ids.Add((await session.QueueAsync(_read)).Id);
        }
        Assert.Equal(ids, rig.Server.Operations.List(null, 0, 10).Select(o => o.Id));
        Assert.Equal([ids[0], ids[2]], rig.Server.Operations.List(first.Key, 0, 10).Select(o => o.Id));
        var page = rig.Server.Operations.List(null, 0, 2);
        Assert.Equal(ids[2], Assert.Single(rig.Server.Operations.List(null, page[1].Order, 2)).Id);
    }

    [Fact]
    public async Task Operations_outlive_the_registration_and_go_with_a_removed_device()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await AsleepAsync(rig);
        device.Values["/3/0/9"] = "1";
        var queued = await session.QueueAsync(_read);
        device.IsDeaf = true;
        rig.Network.Lose = frame => frame.To == "10.0.1.1:5683" && frame.Bytes.Span[0] >> 4 == 4;
        await rig.Network.UntilAsync(device.DeregisterAsync());
        Assert.Equal(OperationState.Waiting, rig.Server.Operations.Find(queued.Id)!.State);
        device.IsDeaf = false;
        rig.Network.Lose = null;
        await rig.Network.UntilAsync(device.RegisterAsync(600));
        Assert.Equal(OperationState.Answered, (await EndedAsync(rig, queued.Id)).State);

        await rig.Network.UntilAsync(device.RegisterAsync(600, query: "&Q"));
        await rig.Network.RunAsync(TimeSpan.FromSeconds(100));
        var other = await rig.Server.Find(session.Key)!.QueueAsync(_read);
        Assert.True(await rig.Server.RemoveAsync(session.Key, default));
        Assert.Equal(OperationState.Cancelled, rig.Server.Operations.Find(other.Id)!.State);
    }

    [Fact]
    public async Task What_is_on_its_way_when_the_device_is_removed_is_not_sent_again()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync(lifetime: 3000);
        device.IsDeaf = true;
        var queued = await session.QueueAsync(_read);
        await rig.Network.UntilAsync(() => !device.Requests.IsEmpty);
        Assert.True(await rig.Server.RemoveAsync(session.Key, default));
        await rig.Network.RunAsync(TimeSpan.FromSeconds(100));
        Assert.Equal(OperationState.Cancelled, rig.Server.Operations.Find(queued.Id)!.State);
        Assert.Equal(0, rig.Server.Counters.WaitingOperations);
    }

    internal static async Task<(TestDevice Device, DeviceSession Session)> AsleepAsync(ServerRig rig, string endpoint = "dev-1", string address = "10.0.1.1:5683")
    {
        var (device, session) = await rig.RegisteredAsync(endpoint, address, 86_400, "&Q");
        await rig.Network.RunAsync(TimeSpan.FromSeconds(95));
        Assert.False(session.Presence.IsAwake);
        return (device, session);
    }

    internal static async Task<QueuedOperation> EndedAsync(ServerRig rig, string id)
    {
        var ended = (await rig.Network.UntilAsync(rig.Server.Operations.WaitAsync(id, TimeSpan.FromHours(2), default).AsTask(), TimeSpan.FromHours(2)))!;
        Assert.True(ended.HasEnded);
        return ended;
    }

    private static (OperationState, string?) Result(ServerRig rig, QueuedOperation queued)
    {
        var found = rig.Server.Operations.Find(queued.Id)!;
        return (found.State, found.Answer?.Code.ToString());
    }
}
