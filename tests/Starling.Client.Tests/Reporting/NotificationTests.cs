using System.Text;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

public class NotificationTests
{
    private static readonly Lwm2mPath _level = new(3, 0, 9);

    [Fact]
    public async Task Observe_is_answered_with_the_value_and_changes_follow()
    {
        await using var bench = await new TestBench().RegisterAsync();
        var (_, answer) = await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        Assert.Equal((CoapCode.Content, "55"), (answer.Code, Text(answer)));
        Assert.NotNull(answer.Options.Observe);
        await ChangeAsync(bench, 54, 53);
        Assert.Equal(["54", "53"], Values(bench));
        Assert.All(bench.Server.Notifications, n => Assert.Equal(CoapCode.Content, n.Code));
        Assert.Equal(bench.Server.Notifications.Select(n => n.Sequence).Order(), bench.Server.Notifications.Select(n => n.Sequence));
        Assert.True(bench.Server.Notifications.First().Sequence > answer.Options.Observe);
    }

    [Fact]
    public async Task Changed_without_another_value_sends_nothing()
    {
        await using var bench = await ObservingAsync("/3/0/9");
        bench[3].Changed(9);
        bench[3].Set(0, "Other");
        await bench.Network.RunAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(Values(bench));
    }

    [Fact]
    public async Task Nothing_comes_before_pmin_and_then_the_value_of_then()
    {
        await using var bench = await ObservingAsync("/3/0/9", new() { MinimumPeriod = 10 });
        await bench.Network.RunAsync(TimeSpan.FromSeconds(3));
        await ChangeAsync(bench, 54, 53, 52);
        Assert.Empty(Values(bench));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["52"], Values(bench));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(60));
        await ChangeAsync(bench, 51);
        Assert.Equal(["52", "51"], Values(bench));
    }

    [Fact]
    public async Task Notification_comes_at_pmax_whatever_the_value()
    {
        await using var bench = await ObservingAsync("/3/0/9", new() { MaximumPeriod = 20, Step = 10 });
        var start = bench.Time.Elapsed;
        await bench.Network.RunAsync(TimeSpan.FromSeconds(65));
        Assert.Equal(["55", "55", "55"], Values(bench));
        Assert.Equal([20, 40, 60], bench.Server.Notifications.Select(n => Math.Round((n.At - start).TotalSeconds)));
    }

    [Fact]
    public async Task Pmax_counts_from_the_last_notification()
    {
        await using var bench = await ObservingAsync("/3/0/9", new() { MaximumPeriod = 20 });
        await bench.Network.RunAsync(TimeSpan.FromSeconds(15));
        await ChangeAsync(bench, 54);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(18));
        Assert.Single(Values(bench));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(4));
        Assert.Equal(["54", "54"], Values(bench));
    }

    [Fact]
    public async Task Thresholds_and_step_decide()
    {
        await using var bench = await ObservingAsync("/3/0/9", new() { GreaterThan = 80, LessThan = 20, Step = 25 });
        await ChangeAsync(bench, 60, 70, 79);
        Assert.Empty(Values(bench));
        await ChangeAsync(bench, 80, 81, 90, 79, 60, 54, 30, 19);
        Assert.Equal(["80", "81", "79", "54", "19"], Values(bench));
    }

    [Fact]
    public async Task Attributes_above_the_observed_path_count_and_those_below_do_not()
    {
        await using var bench = await ObservingAsync("/3/0/9", new() { Step = 50 });
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(new(3), new() { MaximumPeriod = 30 }));
        await bench.Server.ObserveAsync("/3/0", ContentFormat.SenmlJson);
        await ChangeAsync(bench, 56);
        Assert.Contains("\"v\":56", Assert.Single(Values(bench)), StringComparison.Ordinal);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(31));
        Assert.Equal(3, Values(bench).Count);
    }

    [Fact]
    public async Task Periods_of_the_server_object_count_where_nothing_is_attached()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { DefaultMinimumPeriod = 5, DefaultMaximumPeriod = 30 };
        await bench.RegisterAsync();
        await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        await ChangeAsync(bench, 54);
        Assert.Empty(Values(bench));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(36));
        Assert.Equal(["54", "54"], Values(bench));
    }

    [Fact]
    public async Task Attributes_written_later_count_at_once()
    {
        await using var bench = await ObservingAsync("/3/0/9");
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { MaximumPeriod = 10 }));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(11));
        Assert.Equal(["55"], Values(bench));
    }

    [Fact]
    public async Task Cancel_ends_it_and_answers_with_the_value()
    {
        await using var bench = await new TestBench().RegisterAsync();
        var (token, _) = await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.Observe, 1);
        options.AddPath(OptionNumber.UriPath, "/3/0/9");
        var answer = await bench.Server.AskAsync(new CoapMessage { Code = CoapCode.Get, Token = token, Options = options.Build() });
        Assert.Equal("55", Text(answer));
        Assert.Null(answer.Options.Observe);
        Assert.Equal(0, bench.Client.ObservationCount);
        await ChangeAsync(bench, 1);
        Assert.Empty(Values(bench));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reset_to_a_notification_ends_it(bool isConfirmable)
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { ConfirmableNotifications = isConfirmable };
        await bench.RegisterAsync();
        var (token, _) = await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        bench.Server.Forget(token);
        await ChangeAsync(bench, 1, 2);
        Assert.Equal(0, bench.Client.ObservationCount);
        Assert.Single(bench.Network.Frames, f => f.Text.Contains("2.05", StringComparison.Ordinal) && f.From == TestBench.DeviceAddress && !f.Text.StartsWith("ACK", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Confirmable_notification_that_nobody_confirms_ends_it()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { ConfirmableNotifications = true, Lifetime = 0 };
        await bench.RegisterAsync();
        await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        bench.Network.Lose = frame => frame.From == TestBench.DeviceAddress;
        bench[3].Set(9, 1);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, bench.Client.ObservationCount);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(80));
        Assert.Equal(0, bench.Client.ObservationCount);
    }

    // The server takes it to stand for as long as the registration does: it would never ask again.
    [Fact]
    public async Task Server_whose_observation_was_ended_that_way_is_registered_with_anew()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { ConfirmableNotifications = true, Lifetime = 86_400, RetryTimer = 5 };
        await bench.RegisterAsync();
        await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        bench.Network.Lose = _ => true;
        bench[3].Set(9, 1);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(100));
        bench.Network.Lose = null;
        await bench.UntilAsync(RegistrationState.Registered, TimeSpan.FromMinutes(5));
        Assert.Equal("rd/r2", bench.Client.Registrations[0].Location);
        await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        await bench.Network.RunAsync(TimeSpan.FromHours(1));
        Assert.Equal(("rd/r2", 1), (bench.Client.Registrations[0].Location, bench.Client.ObservationCount));
    }

    [Fact]
    public async Task While_one_is_unconfirmed_only_the_latest_value_waits()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { ConfirmableNotifications = true };
        await bench.RegisterAsync();
        await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        var lost = 0;
        bench.Network.Lose = frame => frame.From == TestBench.DeviceAddress && lost++ == 0;
        for (var value = 1; value <= 5; value++)
        {
            bench[3].Set(9, value);
            await Settling.SettleAsync();
        }
        await bench.Network.RunAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["1", "5"], Values(bench));
    }

    [Fact]
    public async Task One_a_day_is_confirmable()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { Lifetime = 0, DefaultMaximumPeriod = 3600 };
        await bench.RegisterAsync();
        await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        await bench.Network.RunAsync(TimeSpan.FromHours(49));
        var kinds = bench.Network.Frames.Where(f => f.From == TestBench.DeviceAddress).Select(f => f.Text[..3]).ToArray();
        Assert.Equal(47, kinds.Count(k => k == "NON"));
        Assert.Equal(49, bench.Server.Notifications.Count);
    }

    [Fact]
    public async Task Registering_again_voids_what_was_observed()
    {
        await using var bench = await ObservingAsync("/3/0/9");
        bench.Server.Answer = request => request.Options.UriPath == "/rd" ? bench.Server.Accept(request) : CoapMessage.Response(CoapCode.NotFound);
        bench.Client.Update();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("rd/r2", bench.Client.Registrations[0].Location);
        Assert.Equal(0, bench.Client.ObservationCount);
        await ChangeAsync(bench, 1);
        Assert.Empty(Values(bench));
    }

    [Fact]
    public async Task Instance_that_goes_ends_its_observations_with_4_04_and_changes_its_object()
    {
        await using var bench = new TestBench();
        bench.Objects.Add(TestObjects.NewEverything());
        bench.Objects.Add(TestObjects.NewEverything(1));
        await bench.RegisterAsync();
        await bench.Server.ObserveAsync("/9000/1/0", ContentFormat.Text);
        await bench.Server.ObserveAsync("/9000", ContentFormat.SenmlJson);
        bench.Client.Objects.Remove(bench[9000, 1]);
        await bench.Network.UntilAsync(() => bench.Server.Notifications.Count == 2);
        Assert.Contains(bench.Server.Notifications, n => n.Code == CoapCode.NotFound);
        Assert.Contains(bench.Server.Notifications, n => n.Code == CoapCode.Content && !n.Value.Contains("/9000/1", StringComparison.Ordinal));
        Assert.Equal(1, bench.Client.ObservationCount);
    }

    [Fact]
    public async Task Observation_beyond_the_limit_is_a_plain_read()
    {
        await using var bench = new TestBench();
        bench.Settings = bench.Settings with { ObservationsPerServer = 2 };
        await bench.RegisterAsync();
        await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        await bench.Server.ObserveAsync("/3/0/0", ContentFormat.Text);
        var (_, answer) = await bench.Server.ObserveAsync("/3/0/16", ContentFormat.Text);
        Assert.Equal((CoapCode.Content, "U"), (answer.Code, Text(answer)));
        Assert.Null(answer.Options.Observe);
        Assert.Equal((2, 1), (bench.Client.ObservationCount, bench.Client.RefusedObservations));
    }

    [Theory]
    [InlineData("/3/0/77", "4.04")]
    [InlineData("/3/0/4", "4.05")]
    [InlineData("/0/0", "4.01")]
    [InlineData("/3/0/11", "4.06")]
    public async Task Observe_of_what_cannot_be_read_observes_nothing(string path, string code)
    {
        await using var bench = await new TestBench().RegisterAsync();
        var (_, answer) = await bench.Server.ObserveAsync(path, ContentFormat.Text);
        Assert.Equal(code, answer.Code.ToString());
        Assert.Equal(0, bench.Client.ObservationCount);
    }

    [Fact]
    public async Task Value_that_cannot_be_read_is_told_when_it_can()
    {
        var isBroken = false;
        await using var bench = new TestBench();
        bench.Objects[0][9] = Resource.Read(() => isBroken ? throw new InvalidOperationException("sensor") : 7);
        await bench.RegisterAsync();
        var (_, answer) = await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        Assert.Equal("7", Text(answer));
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { MaximumPeriod = 5 }));
        isBroken = true;
        await bench.Network.RunAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(Values(bench));
        isBroken = false;
        await bench.Network.RunAsync(TimeSpan.FromSeconds(11));
        Assert.NotEmpty(Values(bench));
        Assert.Equal(1, bench.Client.ObservationCount);
    }

    [Fact]
    public async Task Observing_again_with_the_same_token_goes_on_counting()
    {
        await using var bench = await new TestBench().RegisterAsync();
        var (token, first) = await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        await ChangeAsync(bench, 54, 53);
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.Observe, 0);
        options.AddPath(OptionNumber.UriPath, "/3/0/9");
        options.Add(OptionNumber.Accept, 0);
        var again = await bench.Server.AskAsync(new CoapMessage { Code = CoapCode.Get, Token = token, Options = options.Build() });
        Assert.Equal(1, bench.Client.ObservationCount);
        Assert.True(again.Options.Observe > bench.Server.Notifications.Last().Sequence);
        Assert.True(first.Options.Observe < again.Options.Observe);
    }

    [Fact]
    public async Task One_timer_serves_all_observations()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { DefaultMaximumPeriod = 100, Lifetime = 0 };
        await bench.RegisterAsync();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(300));   // what the exchanges have set is over
        var before = bench.Time.TimerCount;
        for (var i = 0; i < 10; i++)
        {
            await bench.Server.ObserveAsync(i % 2 == 0 ? "/3/0/9" : "/3/0/0", ContentFormat.Text);
        }
        await bench.Network.RunAsync(TimeSpan.FromSeconds(99));
        Assert.Equal(10, bench.Client.ObservationCount);
        bench.Server.Notifications.Clear();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(99));
        Assert.Equal(10, bench.Server.Notifications.Count);
        Assert.InRange(bench.Time.TimerCount - before, 0, 4);   // ours, and the layers' wheels on both sides
    }

    [Theory]
    [InlineData(5)]
    [InlineData(19)]
    [InlineData(31)]
    public async Task Rough_network_brings_the_last_value_in_the_end(int seed)
    {
        await using var bench = new TestBench(seed, SimConditions.Rough);
        bench.Account = bench.Account with { ConfirmableNotifications = true, RetryTimer = 1 };
        await bench.RegisterAsync();
        await bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        for (var value = 0; value < 50; value++)
        {
            bench[3].Set(9, value);
            await bench.Network.RunAsync(TimeSpan.FromSeconds(0.3));
        }
        await bench.Network.UntilAsync(() => bench.Server.Notifications.Any(n => n.Value == "49"));
        var inOrder = bench.Server.Notifications.OrderBy(n => n.Sequence).Select(n => int.Parse(n.Value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(inOrder.Order(), inOrder);
        bench.Network.Conditions = SimConditions.Perfect;
    }

    private static async Task<TestBench> ObservingAsync(string path, NotificationAttributes? attributes = null)
    {
        var bench = await new TestBench().RegisterAsync();
        if (attributes is not null)
        {
            Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(Lwm2mPath.Parse(path), attributes))).Code);
        }
        await bench.Server.ObserveAsync(path, ContentFormat.Text);
        return bench;
    }

    private static async Task ChangeAsync(TestBench bench, params int[] values)
    {
        foreach (var value in values)
        {
            bench[3].Set(9, value);
            await bench.Network.RunAsync(TimeSpan.FromMilliseconds(100));
        }
    }

    private static List<string> Values(TestBench bench) => [.. bench.Server.Notifications.Select(n => n.Value)];

    private static string Text(CoapMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
