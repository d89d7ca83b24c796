using System.Text;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class StoredNotificationTests
{
    private static readonly Lwm2mPath _level = new(3, 0, 9);

    [Fact]
    public async Task What_happens_while_disabled_is_told_to_who_observes_again()
    {
        await using var bench = await ObservingAsync(hqmax: 10);
        await DisableAsync(bench, seconds: 60);
        var start = bench.Time.GetUtcNow();
        await ChangeAsync(bench, 5, 54, 53, 52);
        Assert.Empty(bench.Server.Notifications);
        await bench.UntilAsync(RegistrationState.Registered);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(3));
        Assert.Empty(bench.Server.Notifications);   // nobody observes
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.SenmlJson));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(3));
        var told = Told(bench, Assert.Single(bench.Server.Notifications).Value);
        Assert.Equal(["54", "53", "52", "52"], told.Select(r => r.Value.ToString()));
        Assert.Equal([0, 5, 10], told.Take(3).Select(r => (int)Math.Round((r.Time!.Value - start).TotalSeconds)));
        Assert.Null(told[3].Time);
        await ChangeAsync(bench, 5, 51);
        Assert.Equal(["51"], Told(bench, bench.Server.Notifications.Last().Value).Select(r => r.Value.ToString()));   // the past is told once
    }

    [Fact]
    public async Task Hqmax_is_the_most_that_is_kept_and_the_oldest_goes()
    {
        await using var bench = await ObservingAsync(hqmax: 2);
        await DisableAsync(bench, seconds: 60);
        await ChangeAsync(bench, 1, 54, 53, 52, 51);
        Assert.Equal(2, bench.Client.DroppedNotifications);
        await bench.UntilAsync(RegistrationState.Registered);
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.SenmlJson));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(["52", "51", "51"], Told(bench, bench.Server.Notifications.Single().Value).Select(r => r.Value.ToString()));
    }

    [Theory]
    [InlineData(null, true, 110)]
    [InlineData(0L, true, 110)]
    [InlineData(5L, false, 110)]
    [InlineData(5L, true, 0)]       // text has no times
    public async Task Nothing_is_kept_where_nobody_wants_it_or_it_could_not_be_told(long? hqmax, bool stores, int format)
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { StoresNotifications = stores };
        await bench.RegisterAsync();
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { HistoricalQueue = hqmax, MinimumPeriod = 0 }));
        await bench.Server.ObserveAsync($"{_level}", new ContentFormat((ushort)format));
        await DisableAsync(bench, seconds: 60);
        await ChangeAsync(bench, 1, 54, 53);
        await bench.UntilAsync(RegistrationState.Registered);
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.SenmlJson));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(bench.Server.Notifications);
    }

    [Fact]
    public async Task Conditions_and_periods_count_for_what_is_kept()
    {
        await using var bench = await RegisteredAsync();
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { HistoricalQueue = 20, Step = 10, MaximumPeriod = 20 }));
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.SenmlJson));
        await DisableAsync(bench, seconds: 300);
        await ChangeAsync(bench, 1, 54, 40, 39);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(45));
        await bench.UntilAsync(RegistrationState.Registered);
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.SenmlJson));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(3));
        var told = Told(bench, bench.Server.Notifications.First().Value);
        Assert.Equal(["40", "39", "39"], told.Take(3).Select(r => r.Value.ToString()));
        Assert.Equal(20, Math.Round((told[2].Time!.Value - told[1].Time!.Value).TotalSeconds));
    }

    [Fact]
    public async Task Unconfirmed_notification_is_told_when_the_server_is_back()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { ConfirmableNotifications = true, Lifetime = 86_400 };
        await bench.RegisterAsync();
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { HistoricalQueue = 10 }));
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.SenmlJson));
        var start = bench.Time.GetUtcNow();
        bench.Network.Lose = _ => true;
        bench[3].Set(9, 54);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(30));
        bench[3].Set(9, 53);   // while the first is still under way
        await bench.Network.RunAsync(TimeSpan.FromSeconds(75));
        bench[3].Set(9, 52);   // while an update asks whether the server is there
        await bench.Network.RunAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(RegistrationState.Updating, bench.Client.Registrations[0].State);
        bench.Network.Lose = null;
        await bench.Network.RunAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((RegistrationState.Registered, "rd/r1"), (bench.Client.Registrations[0].State, bench.Client.Registrations[0].Location));
        var told = Told(bench, bench.Server.Notifications.First().Value);
        Assert.Equal([("54", 0), ("53", 30), ("52", 105)], told.Take(3).Select(r => (r.Value.ToString(), (int)Math.Round((r.Time!.Value - start).TotalSeconds))));
        Assert.Null(told[^1].Time);
        Assert.Single(bench.Server.Notifications);
    }

    [Fact]
    public async Task Server_that_registers_the_device_anew_gets_it_when_it_observes_again()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { ConfirmableNotifications = true, Lifetime = 86_400, RetryTimer = 10 };
        await bench.RegisterAsync();
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { HistoricalQueue = 10 }));
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.SenmlJson));
        bench.Network.Lose = _ => true;
        bench[3].Set(9, 54);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(250));
        Assert.Equal(0, bench.Client.ObservationCount);
        bench[3].Set(9, 53);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(10));
        bench.Network.Lose = null;
        await bench.UntilAsync(RegistrationState.Registered);
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.SenmlJson));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["54", "53", "53"], Told(bench, Assert.Single(bench.Server.Notifications).Value).Select(r => r.Value.ToString()));
    }

    [Fact]
    public async Task Who_does_not_observe_again_has_its_values_forgotten()
    {
        await using var bench = await ObservingAsync(hqmax: 10);
        for (var round = 0; round < 2; round++)
        {
            await DisableAsync(bench, seconds: 60);
            await ChangeAsync(bench, 1, 54 - round);
            await bench.UntilAsync(RegistrationState.Registered);
        }
        Assert.Equal(1, bench.Client.DroppedNotifications);   // of the first round; in the second nobody observed
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.SenmlJson));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(bench.Server.Notifications);
    }

    [Fact]
    public async Task Composite_tells_the_past_of_the_paths_that_have_one()
    {
        await using var bench = await RegisteredAsync();
        var observe = new Lwm2mRequest.ObserveComposite([_level, new(3, 0, 14)], ContentFormat.SenmlJson);
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { HistoricalQueue = 10 }));
        await bench.Server.ObserveAsync(observe);
        await DisableAsync(bench, seconds: 60);
        await ChangeAsync(bench, 1, 54, 53);
        bench[3].Set(14, "+02:00");
        await bench.UntilAsync(RegistrationState.Registered);
        await bench.Server.ObserveAsync(observe);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(5));
        var told = Told(bench, Assert.Single(bench.Server.Notifications).Value);
        Assert.Equal(["54", "53", "53", "+02:00"], told.Select(r => r.Value.ToString()));
        Assert.Equal([true, true, false, false], told.Select(r => r.Time is not null));
    }

    [Fact]
    public async Task Client_that_stops_keeps_nothing()
    {
        await using var bench = await ObservingAsync(hqmax: 10);
        await bench.StopAsync();
        bench[3].Set(9, 1);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((0, 0L), (bench.Client.ObservationCount, bench.Client.DroppedNotifications));
    }

    [Fact]
    public async Task Before_1_2_all_that_the_settings_allow_is_kept()
    {
        await using var bench = new TestBench();
        bench.Settings = bench.Settings with { StoredNotifications = 3 };
        bench.Server.Answer = r => r.Options.UriQuery.Contains("lwm2m=1.2", StringComparison.Ordinal) ? CoapMessage.Response(CoapCode.PreconditionFailed) : bench.Server.Accept(r);
        await bench.RegisterAsync();
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.SenmlJson));
        await DisableAsync(bench, seconds: 60);
        await ChangeAsync(bench, 1, 54, 53, 52, 51);
        Assert.Equal(1, bench.Client.DroppedNotifications);
    }

    private static Task<TestBench> RegisteredAsync() => new TestBench().RegisterAsync();

    private static async Task<TestBench> ObservingAsync(long hqmax)
    {
        var bench = await RegisteredAsync();
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { HistoricalQueue = hqmax }));
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.SenmlJson));
        return bench;
    }

    private static async Task DisableAsync(TestBench bench, int seconds)
    {
        bench[1].Set(5, seconds);
        await bench.Server.AskAsync(new Lwm2mRequest.Execute(new(1, 0, 4)));
        await bench.UntilAsync(RegistrationState.Disabled);
    }

    private static async Task ChangeAsync(TestBench bench, int seconds, params int[] values)
    {
        foreach (var value in values)
        {
            bench[3].Set(9, value);
            await bench.Network.RunAsync(TimeSpan.FromSeconds(seconds));
        }
    }

    private static RecordSet Told(TestBench bench, string json)
    {
        var records = new RecordSet();
        var scope = new CodecScope(Lwm2mPath.Root, new CatalogView(TestObjects.Catalog), Now: bench.Time.GetUtcNow());
        var error = ContentCodecs.Find(ContentFormat.SenmlJson)!.Decode(scope, Encoding.UTF8.GetBytes(json), records);
        Assert.True(error.IsNone, $"{error}");
        return records;
    }
}
