using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Server.Tests;

/// <summary>LwM2M Core 1.2 §6.4 and RFC 7641, seen from the observing side.</summary>
public sealed class ObservationTests
{
    private const string Temperature = "/3303/0/5700";
    private static readonly Lwm2mPath _temperature = new(3303, 0, 5700);

    [Fact]
    public async Task Observe_gives_an_id_and_the_first_values_and_then_notifications()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, events) = await ReadyAsync(rig);
        var answer = await ObserveAsync(rig, session);
        var observation = answer.Observation!;
        Assert.Same(observation, Assert.Single(session.Observations));
        Assert.True(observation.IsEstablished);
        Assert.Equal(answer.Response.Operation, observation.Token);
        await rig.Network.UntilAsync(device.NotifyAsync(Temperature, "22.5"));
        var notified = (await rig.TakeAsync(events, 2)).Cast<DeviceEvent.Notified>().ToList();
        Assert.All(notified, n => Assert.Equal((observation.Id, _temperature, CoapCode.Content), (n.ObservationId, n.Path, n.Code)));
        Assert.Equal([Lwm2mValue.Float(21.5), Lwm2mValue.Float(22.5)], notified.Select(n => Assert.Single(n.Records).Value));
        Assert.Equal((1, 1), (rig.Server.Counters.Notifications, rig.Server.Counters.Observations));
    }

    [Fact]
    public async Task Attributes_are_written_before_observing()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig);
        await rig.Network.UntilAsync(session.ObserveAsync(_temperature, new NotificationAttributes { MinimumPeriod = 1 }, default).AsTask());
        Assert.Equal(["0.03 pmin=1", "0.01 "], device.Requests.Select(r => $"{r.Code} {r.Options.UriQuery}"));
    }

    [Fact]
    public async Task Refused_attributes_are_the_answer_and_nothing_is_observed()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig);
        device.Answer = r => r.Code == CoapCode.Put ? CoapMessage.Response(CoapCode.MethodNotAllowed) : null;
        var answer = await rig.Network.UntilAsync(session.ObserveAsync(_temperature, new NotificationAttributes { MinimumPeriod = 1 }, default).AsTask());
        Assert.Equal((CoapCode.MethodNotAllowed, null), (answer.Response.Code, answer.Observation));
        Assert.Single(device.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Observe_that_the_device_does_not_take_leaves_nothing_behind(bool isError)
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig);
        device.Answer = _ => CoapMessage.Response(isError ? CoapCode.MethodNotAllowed : CoapCode.Content);
        var answer = await ObserveAsync(rig, session);
        Assert.Null(answer.Observation);
        Assert.Empty(session.Observations);
        Assert.Equal(0, rig.Server.Counters.Observations);
    }

    [Fact]
    public async Task Observe_without_an_answer_leaves_nothing_behind()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig);
        device.IsDeaf = true;
        await Assert.ThrowsAnyAsync<CoapException>(() => ObserveAsync(rig, session));
        Assert.Empty(session.Observations);
    }

    [Fact]
    public async Task Same_path_observed_twice_is_one_observation()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig);
        var both = Task.WhenAll(session.ObserveAsync(_temperature, null, default).AsTask(), session.ObserveAsync(_temperature, null, default).AsTask());
        var answers = await rig.Network.UntilAsync(both);
        Assert.Same(answers[0].Observation, answers[1].Observation);
        Assert.Single(device.Requests);
        var third = await ObserveAsync(rig, session);
        Assert.Same(answers[0].Observation, third.Observation);
        Assert.Equal(2, device.Requests.Count);
        Assert.Equal(device.Requests.First().Token, device.Requests.Last().Token);
    }

    [Fact]
    public async Task Caller_that_goes_away_does_not_take_the_observation_from_another_one()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig);
        device.IsDeaf = true;
        using var leaves = new CancellationTokenSource();
        var first = session.ObserveAsync(_temperature, null, leaves.Token).AsTask();
        var second = session.ObserveAsync(_temperature, null, default).AsTask();
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));
        await leaves.CancelAsync();
        device.IsDeaf = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Network.UntilAsync(first));
        var answer = await rig.Network.UntilAsync(second);
        Assert.Same(answer.Observation, Assert.Single(session.Observations));
        await rig.Network.UntilAsync(device.NotifyAsync(Temperature, "22"));
        Assert.Equal((1, 0), (rig.Server.Counters.Notifications, device.Refused));
    }

    [Fact]
    public async Task Observation_that_everybody_has_left_is_forgotten()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig);
        device.IsDeaf = true;
        using var leaves = new CancellationTokenSource();
        var both = Enumerable.Range(0, 2).Select(_ => session.ObserveAsync(_temperature, null, leaves.Token).AsTask()).ToArray();
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Network.UntilAsync(Task.WhenAll(both)));
        Assert.Empty(session.Observations);
    }

    [Fact]
    public async Task Device_that_counts_anew_when_it_is_asked_again_is_heard()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig);
        await ObserveAsync(rig, session);
        await rig.Network.UntilAsync(device.NotifyAsync(Temperature, "22", sequence: 1000));
        await ObserveAsync(rig, session);   // answered with 2
        await rig.Network.UntilAsync(device.NotifyAsync(Temperature, "23"));
        Assert.Equal((2, 0), (rig.Server.Counters.Notifications, rig.Server.Counters.StaleNotifications));
    }

    [Fact]
    public async Task Observations_of_a_device_are_limited()
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { MaxObservationsPerDevice = 1 });
        var (_, session, _) = await ReadyAsync(rig);
        await ObserveAsync(rig, session);
        await Assert.ThrowsAsync<CoapBusyException>(async () => await session.ObserveAsync(new Lwm2mPath(3, 0, 9), null, default));
        Assert.Equal(1, rig.Server.Counters.RefusedObservations);
    }

    [Fact]
    public async Task Notification_that_was_overtaken_is_left_aside()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, events) = await ReadyAsync(rig);
        await ObserveAsync(rig, session);
        await rig.Network.UntilAsync(device.NotifyAsync(Temperature, "2", sequence: 20));
        await rig.Network.UntilAsync(device.NotifyAsync(Temperature, "1", sequence: 19));
        await rig.Network.UntilAsync(device.NotifyAsync(Temperature, "3", sequence: 21));
        Assert.Equal((3, 1), (rig.Server.Counters.Notifications, rig.Server.Counters.StaleNotifications));
        Assert.Equal(3, (await rig.TakeAsync(events, 3)).Count);
    }

    [Fact]
    public async Task Notification_in_blocks_comes_whole()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        device.Values["/3/0/0"] = new string('a', 10);
        var observing = session.ObserveAsync(new Lwm2mPath(3, 0, 0), null, default).AsTask();
        await rig.Network.UntilAsync(observing);
        var large = string.Concat(Enumerable.Range(0, 1500).Select(i => (char)('a' + (i % 26))));
        device.Values["/3/0/0"] = large;
        await rig.Network.UntilAsync(device.NotifyAsync("/3/0/0", large));
        var notified = (DeviceEvent.Notified)(await rig.TakeAsync(events, 2))[1];
        Assert.Equal(large, Assert.Single(notified.Records).Value.AsString());
    }

    [Fact]
    public async Task Notification_that_cannot_be_read_says_so_and_keeps_the_observation()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, events) = await ReadyAsync(rig);
        await ObserveAsync(rig, session);
        await rig.Network.UntilAsync(device.NotifyAsync(Temperature, "warm"));
        var notified = (DeviceEvent.Notified)(await rig.TakeAsync(events, 2))[1];
        Assert.Empty(notified.Records);
        Assert.NotNull(notified.Cause);
        Assert.Single(session.Observations);
    }

    [Theory]
    [InlineData("4.04")]
    [InlineData("5.03")]
    public async Task Notification_with_an_error_ends_the_observation(string code)
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, events) = await ReadyAsync(rig);
        await ObserveAsync(rig, session);
        await rig.Network.UntilAsync(device.NotifyAsync(Temperature, "", code: new CoapCode(code[0] - '0', int.Parse(code[2..]))));
        var ended = (DeviceEvent.Notified)(await rig.TakeAsync(events, 2))[1];
        Assert.Equal(code, ended.Code.ToString());
        Assert.NotNull(ended.Cause);
        Assert.True(ended.IsLast);
        Assert.Empty(session.Observations);
        Assert.Equal(0, rig.Server.Counters.Observations);
    }

    [Fact]
    public async Task Plain_answer_when_it_is_asked_for_again_is_the_last()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, events) = await ReadyAsync(rig);
        await ObserveAsync(rig, session);
        device.Answer = _ => CoapMessage.Response(CoapCode.Content);
        await rig.Network.UntilAsync(device.RegisterAsync());
        var told = (await rig.TakeAsync(events, 3)).OfType<DeviceEvent.Notified>().ToArray();
        Assert.Equal([false, true], told.Select(t => t.IsLast));
        Assert.Equal(CoapCode.Content, told[1].Code);
    }

    [Fact]
    public async Task Cancel_tells_the_device_with_the_same_token()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig);
        var observation = (await ObserveAsync(rig, session)).Observation!;
        var answer = await rig.Network.UntilAsync(session.CancelAsync(observation.Id, default).AsTask());
        Assert.Equal(CoapCode.Content, answer!.Code);
        Assert.Equal((1u, observation.Token), (device.Requests.Last().Options.Observe, device.Requests.Last().Token));
        Assert.Empty(device.Observers);
        Assert.Empty(session.Observations);
        Assert.Null(await session.CancelAsync(observation.Id, default));
    }

    [Fact]
    public async Task Cancel_of_an_unreachable_device_is_finished_by_the_reset_to_its_next_notification()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig);
        var observation = (await ObserveAsync(rig, session)).Observation!;
        rig.Network.Lose = f => f.From == ServerRig.Address && f.Bytes.Span[0] != 0x70;
        var answer = await rig.Network.UntilAsync(session.CancelAsync(observation.Id, default).AsTask());
        Assert.Equal(CoapCode.Empty, answer!.Code);
        Assert.Equal(DeliveryOutcome.Rejected, await rig.Network.UntilAsync(device.NotifyAsync(Temperature, "22")));
    }

    [Theory]
    [InlineData(Delivery.Confirmable, DeliveryOutcome.Rejected)]
    [InlineData(Delivery.NonConfirmable, DeliveryOutcome.Sent)]
    public async Task Notification_after_deregister_is_reset(Delivery delivery, DeliveryOutcome outcome)
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig);
        await ObserveAsync(rig, session);
        await rig.Network.UntilAsync(device.DeregisterAsync());
        Assert.Equal(0, rig.Server.Counters.Observations);
        Assert.Equal(outcome, await rig.Network.UntilAsync(device.NotifyAsync(Temperature, "22", delivery: delivery)));
        await rig.Network.UntilAsync(() => device.Refused > 0);
        Assert.Equal(1, device.Refused);
        Assert.Equal(0, rig.Server.Counters.Notifications);
    }

    [Fact]
    public async Task Observations_are_asked_for_again_after_a_new_registration_and_keep_their_ids()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, events) = await ReadyAsync(rig);
        var observation = (await ObserveAsync(rig, session)).Observation!;
        device.Observers.Clear();
        await rig.Network.UntilAsync(device.RegisterAsync());
        Assert.False(observation.IsEstablished);
        await rig.Network.UntilAsync(() => observation.IsEstablished);
        Assert.Same(observation, Assert.Single(session.Observations));
        Assert.Equal(observation.Token, device.Observers[Temperature].Token);
        await rig.Network.UntilAsync(device.NotifyAsync(Temperature, "9", sequence: 1_000));
        Assert.Equal(0, rig.Server.Counters.StaleNotifications);
        var kinds = (await rig.TakeAsync(events, 4)).Select(e => e.GetType().Name);
        Assert.Equal(["Notified", "Registered", "Notified", "Notified"], kinds);
    }

    [Fact]
    public async Task Observation_whose_object_is_gone_in_the_new_registration_ends_with_an_event()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, events) = await ReadyAsync(rig);
        await ObserveAsync(rig, session);
        device.Values.Clear();
        await rig.Network.UntilAsync(device.RegisterAsync());
        var ended = Assert.IsType<DeviceEvent.Notified>((await rig.TakeAsync(events, 3))[2]);
        Assert.Equal(CoapCode.NotFound, ended.Code);
        Assert.Empty(session.Observations);
    }

    [Fact]
    public async Task Observation_that_is_ended_while_others_are_asked_for_again_is_not_asked_for()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig, lifetime: 3000);
        device.Values["/3/0/9"] = "50";
        await ObserveAsync(rig, session);
        var other = (await rig.Network.UntilAsync(session.ObserveAsync(new Lwm2mPath(3, 0, 9), null, default).AsTask())).Observation!;
        device.IsSlow = true;
        await rig.Network.UntilAsync(device.RegisterAsync(3000));
        device.Requests.Clear();
        await rig.Network.UntilAsync(() => !device.Requests.IsEmpty);   // it is asked for the first of them
        device.IsSlow = false;
        await rig.Network.UntilAsync(session.CancelAsync(other.Id, default).AsTask());
        await rig.Network.RunAsync(TimeSpan.FromSeconds(100));
        Assert.Equal(1u, Assert.Single(device.Requests, r => r.Token == other.Token).Options.Observe);
    }

    [Fact]
    public async Task Observation_that_could_not_be_asked_for_again_is_tried_at_the_next_update()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig, lifetime: 3000);
        var observation = (await ObserveAsync(rig, session)).Observation!;
        await rig.Network.UntilAsync(device.RegisterAsync(3000));
        device.IsDeaf = true;
        await rig.Network.RunAsync(TimeSpan.FromSeconds(300));
        Assert.False(observation.IsEstablished);
        device.IsDeaf = false;
        await rig.Network.UntilAsync(device.UpdateAsync());
        await rig.Network.UntilAsync(() => observation.IsEstablished);
    }

    [Fact]
    public async Task Device_that_moved_is_believed_after_its_update()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session, _) = await ReadyAsync(rig);
        await ObserveAsync(rig, session);
        device.Move("10.0.1.77:5683");
        var early = device.NotifyAsync(Temperature, "21");
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.False(early.IsCompleted);
        Assert.Equal(0, rig.Server.Counters.Notifications);
        // NSTART: the Update waits behind the notification in the device; a real one sends it first. So by hand from there.
        await rig.AskAsync(Requests.Post(device.Location!), "10.0.1.77:5683");
        Assert.Equal(DeliveryOutcome.Acknowledged, await rig.Network.UntilAsync(early));
        Assert.Equal(1, rig.Server.Counters.Notifications);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Last_notification_over_a_rough_network_is_the_last_event(int seed)
    {
        await using var rig = await ServerRig.StartAsync(seed: seed, conditions: SimConditions.Rough);
        var (device, session, events) = await ReadyAsync(rig, lifetime: 86_400);
        await ObserveAsync(rig, session);
        var outcomes = new List<DeliveryOutcome>();
        for (var i = 1; i <= 30; i++)
        {
            outcomes.Add(await rig.Network.UntilAsync(device.NotifyAsync(Temperature, $"{i}", delivery: i % 2 == 0 ? Delivery.Confirmable : Delivery.NonConfirmable)));
        }
        await rig.Network.RunAsync(TimeSpan.FromSeconds(5));
        var counters = rig.Server.Counters;
        var taken = await rig.TakeAsync(events, (int)(1 + counters.Notifications - counters.StaleNotifications));
        Assert.True(counters.Notifications >= outcomes.Count(o => o == DeliveryOutcome.Acknowledged), $"seed {seed}");
        Assert.All(taken, e => Assert.IsType<DeviceEvent.Notified>(e));
    }

    private static async Task<(TestDevice Device, DeviceSession Session, IAsyncEnumerator<DeviceEvent> Events)> ReadyAsync(ServerRig rig, long lifetime = 300)
    {
        var (device, session) = await rig.RegisteredAsync(lifetime: lifetime);
        device.Values[Temperature] = "21.5";
        return (device, session, rig.Server.Events(CancellationToken.None).GetAsyncEnumerator());
    }

    private static Task<ObserveAnswer> ObserveAsync(ServerRig rig, DeviceSession session) =>
        rig.Network.UntilAsync(session.ObserveAsync(_temperature, null, default).AsTask());
}
