using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Observe-Composite (LwM2M Core 1.2 §6.4.4, §6.4.5): one notification brings all that is observed.</summary>
internal static class ObserveCompositeCases
{
    private static readonly Lwm2mPath _portfolio = new(16);

    public static CheckGroup Group { get; } = new(nameof(ObserveCompositeCases), "Observe-Composite",
    [
        new("1.1-int-304", "One notification brings all values", "Core §6.4.4, §7.3", async run =>
        {
            var watch = await ObserveAsync(run, run.Seconds(30, 1), run.Seconds(45, 2));
            var came = await watch.NextAsync(run.Seconds(30, 1), run.Seconds(45, 2));
            HasAll(run, came);
        })
        { Since = Lwm2mVersion.V11 },

        new("1.1-int-305", "Cancel Observation-Composite: with the same list of paths", "Core §6.4.5; RFC 7641 §3.6", async run =>
        {
            var watch = await ObserveAsync(run, 1, 2);
            await watch.NextAsync(1, 2);
            await run.CancelAsync(watch);
            await watch.SilentAsync(run.Seconds(30, 3));
        })
        { Since = Lwm2mVersion.V11 },

        new("1.1-int-310", "Attributes that change while it is observed", "Core §6.4.4, §6.3.4", async run =>
        {
            var watch = await ObserveAsync(run, 1, 60);
            await run.AttachAsync(run.Account + "/1", "pmax=5");
            run.Saw($"PUT {run.Account}/1?pmax=5", "2.04");
            await watch.NextAsync(0, 60);   // when the change counts is the device's to say
            for (var i = 0; i < 3; i++)
            {
                await watch.NextAsync(1, 5);
            }
        })
        { Since = Lwm2mVersion.V11, IsSlow = true },

        new("1.1-int-308", "An instance that is created is told", "Core §6.4.4, §6.3.6", async run =>
        {
            var watch = await run.ObserveAsync([_portfolio, Lwm2mPath.Parse(run.Account + "/1")]);
            var instance = Free(run);
            await CreateAsync(run, instance);
            run.Undo($"{instance}", stop => run.PutBackAsync(new Lwm2mRequest.Delete(instance), stop));
            run.Saw("POST /16 Content-Format:* ...", "2.01 ...");
            await watch.UntilAsync(v => v.Any(r => r.Path.StartsWith(instance)), $"values of {instance}", run.Patience);
            await run.CancelAsync(watch);
        })
        { Needs = "/16", Since = Lwm2mVersion.V11 },

        new("1.1-int-309", "An instance that is deleted is not told any more", "Core §6.4.4, §6.3.7", async run =>
        {
            var instance = Free(run);
            await CreateAsync(run, instance);
            run.Saw("POST /16 Content-Format:* ...", "2.01 ...");
            var watch = await run.ObserveAsync([_portfolio, Lwm2mPath.Parse(run.Account + "/1")]);
            await run.SendAsync(new Lwm2mRequest.Delete(instance));
            run.Saw($"DELETE {instance}", "2.02");
            await watch.UntilAsync(v => v.Count > 0 && !v.Any(r => r.Path.StartsWith(instance)), $"nothing of {instance}", run.Patience);
            await run.CancelAsync(watch);
        })
        { Needs = "/16", Since = Lwm2mVersion.V11 },
    ]);

    private static async Task<Watch> ObserveAsync(CheckRun run, int pmin, int pmax)
    {
        await run.AttachAsync(run.Account + "/1", $"pmin={pmin}&pmax={pmax}");
        run.Saw($"PUT {run.Account}/1?pmin={pmin}&pmax={pmax}", "2.04");
        var watch = await run.ObserveAsync([Lwm2mPath.Parse(run.Account + "/1"), new Lwm2mPath(3, 0, 11, 0), new Lwm2mPath(3, 0, 16)]);
        HasAll(run, watch.First);
        return watch;
    }

    private static void HasAll(CheckRun run, CheckMessage message)
    {
        var values = message.Values(run.Device.Catalog, Lwm2mPath.Root);
        foreach (var path in new[] { run.Account + "/1", "/3/0/11/0", "/3/0/16" })
        {
            run.Expect(values.Any(v => v.Path == Lwm2mPath.Parse(path)), $"a value of {path}", CheckSteps.Paths(values));
        }
    }

    private static Lwm2mPath Free(CheckRun run) =>
        _portfolio.Append(Enumerable.Range(0, 100).First(i => !run.Device.Registration.Links.Paths.Contains(_portfolio.Append(i))));

    private static Task<Lwm2mResponse> CreateAsync(CheckRun run, Lwm2mPath instance) =>
        run.SendAsync(new Lwm2mRequest.Create(_portfolio, instance.InstanceId, [new Lwm2mRecord(instance.Append(0).Append(0), "Host Device ID #2")]));
}
