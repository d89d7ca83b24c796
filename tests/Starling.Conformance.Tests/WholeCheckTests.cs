using Starling.Lwm2m;
using Starling.Platform;

namespace Starling.Conformance.Tests;

/// <summary>A check as <c>starling check ENDPOINT</c> makes it, of a device that has every object that a case is about.</summary>
public sealed class WholeCheckTests
{
    [Fact]
    public async Task Check_ends_within_40_s_fails_nothing_and_leaves_the_device_as_it_was()
    {
        await using var bench = await Bench.StartAsync(Configurations.Everything);
        var before = await bench.ReadAllAsync();
        var (results, took) = await bench.CheckAsync();
        Assert.Empty(results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Case.Id} {r.Reason}"));
        Assert.DoesNotContain(results, r => r.Reason.Contains("Attention", StringComparison.Ordinal) || r.Reason.Contains("are over", StringComparison.Ordinal));
        Assert.InRange(took, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(40));
        Assert.InRange(results.Count(r => r.Outcome == CheckOutcome.Passed), 55, results.Count);
        Assert.Equal(Lasting(before), Lasting(await bench.ReadAllAsync()));
        Assert.Empty(bench.Server.Find(Bench.Key)!.Observations);
        var attached = await bench.Network.UntilAsync(bench.Server.Find(Bench.Key)!.SendAsync(new Lwm2mRequest.Discover(new Lwm2mPath(3), 3), default).AsTask());
        Assert.DoesNotContain(attached.Links.Skip(1), l => l.Attributes.Any(a => a.Key is not "dim"));
    }

    [Fact]
    public async Task Device_that_has_gone_is_not_asked_for_the_whole_time()
    {
        await using var bench = await Bench.StartAsync(Configurations.C1);
        bench.Network.Lose = _ => true;
        var (results, took) = await bench.CheckAsync();
        Assert.Equal(2, results.Count(r => r.Outcome == CheckOutcome.Failed));
        Assert.All(results.Where(r => r.Outcome == CheckOutcome.Failed), r => Assert.StartsWith("Expected: an answer. Came: none: ", r.Reason, StringComparison.Ordinal));
        Assert.Contains(results, r => r.Reason == "The device does not answer any more.");
        Assert.InRange(took, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40));
        bench.Network.Lose = null;
    }

    // What clocks and counters tell is another value each time.
    private static IEnumerable<string> Lasting(IEnumerable<Lwm2mRecord> records) =>
        records.Where(r => r.Path != new Lwm2mPath(3, 0, 13) && r.Path.ObjectId != 7 && r.Path != new Lwm2mPath(5, 0, 12)).Select(r => $"{r.Path} = {r.Value}");
}
