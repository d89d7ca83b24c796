using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

/// <summary>Whatever the network does: with hqmax, a server that observes again learns every value there was.</summary>
public class NothingLostTests
{
    private static readonly Lwm2mPath _level = new(3, 0, 9);
    private static readonly Lwm2mRequest.Observe _observe = new(_level, ContentFormat.SenmlJson);

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(5, false)]
    public async Task Every_value_is_told_in_the_end(int seed, bool restarts)
    {
        var random = new Random(seed);
        await using var bench = new TestBench(seed);
        bench.Account = bench.Account with { ConfirmableNotifications = true, RetryTimer = 5, Lifetime = restarts ? 120 : 86_400 };
        bench.Settings = bench.Settings with { StoredNotifications = 1000 };
        await bench.RegisterAsync();
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { HistoricalQueue = 1000 }));
        var (told, value) = (new HashSet<long>(), 100);
        for (var round = 0; round < 6; round++)
        {
            bench.Network.Lose = null;
            await ObserveAsync(bench, told);
            var outage = bench.Time.Elapsed + TimeSpan.FromSeconds(random.Next(1, 20));
            var end = outage + TimeSpan.FromSeconds(random.Next(5, 400));
            bench.Network.Lose = _ => bench.Time.Elapsed > outage && bench.Time.Elapsed < end;
            while (bench.Time.Elapsed < end)
            {
                bench[3].Set(9, ++value);
                await bench.Network.RunAsync(TimeSpan.FromSeconds(random.Next(1, 8)));
            }
        }
        await ObserveAsync(bench, told);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(300));
        told.UnionWith(bench.Server.Notifications.SelectMany(n => Values(n.Value)));
        Assert.Empty(Enumerable.Range(101, value - 100).Select(v => (long)v).Except(told));
        Assert.Equal(0, bench.Client.DroppedNotifications);
    }

    private static async Task ObserveAsync(TestBench bench, HashSet<long> told)
    {
        await bench.Network.UntilAsync(() => bench.Client.Registrations[0].State == RegistrationState.Registered, TimeSpan.FromDays(1));
        while (bench.Client.ObservationCount == 0)
        {
            var (_, answer) = await bench.Server.ObserveAsync(_observe);
            told.UnionWith(Values(System.Text.Encoding.UTF8.GetString(answer.Payload.Span)));
        }
        await bench.Network.RunAsync(TimeSpan.FromSeconds(2));
    }

    private static IEnumerable<long> Values(string json)
    {
        var records = new RecordSet();
        ContentCodecs.Find(ContentFormat.SenmlJson)!.Decode(
            new CodecScope(Lwm2mPath.Root, new CatalogView(TestObjects.Catalog)), System.Text.Encoding.UTF8.GetBytes(json), records);
        return records.Select(r => r.Value.AsInteger());
    }
}
