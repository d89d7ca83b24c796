using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Observe, Notify and Cancel Observation (LwM2M Core 1.2 §6.4.1 to §6.4.3; RFC 7641).</summary>
internal static class ObserveCases
{
    public static CheckGroup Group { get; } = new(nameof(ObserveCases), "Observe",
    [
        new("1.1-int-301", "Notifications come between pmin and pmax", "Core §6.4.1, §6.4.3, §7.3", async run =>
        {
            var (voltage, current) = await ObserveBothAsync(run);
            for (var i = 0; i < run.Seconds(2, 1); i++)
            {
                var came = await voltage.NextAsync(run.Seconds(5, 1), run.Seconds(15, 2));
                run.FitDefinition(came.Values(run.Device.Catalog, voltage.Observation.Path), "/3/0/7");
            }
            await current.NextAsync(run.Seconds(10, 1), run.Seconds(20, 2));
        })
        { Needs = "/3/0/7 /3/0/8" },

        new("1.1-int-303", "Cancel Observation with Observe 1", "Core §6.4.2; RFC 7641 §3.6", async run =>
        {
            var (voltage, current) = await ObserveBothAsync(run);
            await voltage.NextAsync(run.Seconds(5, 1), run.Seconds(15, 2));
            await run.CancelAsync(voltage);
            await run.CancelAsync(current);
            await Task.WhenAll(voltage.SilentAsync(run.Seconds(25, 3)), current.SilentAsync(run.Seconds(25, 3)));
        })
        { Needs = "/3/0/7 /3/0/8" },

        new("1.1-int-302", "Cancel Observation with Reset", "Core §6.4.2; RFC 7641 §3.6", async run =>
        {
            var (voltage, current) = await ObserveBothAsync(run);
            foreach (var watch in new[] { voltage, current })
            {
                await ForgetAsync(run, watch);
                var came = await watch.NextAsync(0, 20);
                var reset = await run.NextAsync(m => !m.IsFromDevice && m.Verb == "RST", came.Index, run.Patience);
                run.Expect(reset is not null, "RST from the server to a notification that it does not want", "none");
            }
            await Task.WhenAll(voltage.SilentAsync(25), current.SilentAsync(25));
        })
        { Needs = "/3/0/7 /3/0/8", IsSlow = true },

        new("1.2-int-312", "Attributes in Observe count for that observation alone", "Core §6.4.1, §7.3", async run =>
        {
            var (pmin, pmax) = (run.Seconds(5, 1), run.Seconds(15, 2));
            var watch = await ObserveWithAsync(run, $"pmin={pmin}&pmax={pmax}");
            await watch.NextAsync(pmin, pmax);
            var discovered = await run.DiscoverAsync("/3/0/7");
            run.Saw("GET /3/0/7 Accept:40", "2.05 Content-Format:40 ...");
            run.Expect(!CheckSteps.Text(discovered).Contains($"pmin={pmin};pmax={pmax}", StringComparison.Ordinal), "no attributes of an observation in Discover", CheckSteps.Text(discovered));
        })
        { Needs = "/3/0/7", Since = Lwm2mVersion.V12 },

        new("1.2-int-313", "Attributes in Observe come before those that are attached", "Core §6.4.1, §7.3", async run =>
        {
            var (attached, asked) = (run.Seconds(60, 30), run.Seconds(10, 2));
            await run.AttachAsync("/3/0/7", $"pmax={attached}");
            run.Saw($"PUT /3/0/7?pmax={attached}", "2.04");
            var watch = await ObserveWithAsync(run, $"pmax={asked}");
            await watch.NextAsync(0, asked);
        })
        { Needs = "/3/0/7", Since = Lwm2mVersion.V12 },
    ]);

    private static Task<Watch> ObserveWithAsync(CheckRun run, string attributes) => run.ObserveAsync(
        new ObserveOrder(new Lwm2mPath(3, 0, 7)) { Attributes = CheckSteps.Attributes(attributes), Placement = AttributePlacement.InRequest },
        $"GET /3/0/7?{attributes} Observe:0 Accept:*");

    // The server forgets it without a word: it does not wait for an answer, so that nothing is asked.
    private static async Task ForgetAsync(CheckRun run, Watch watch)
    {
        try
        {
            await run.Device.CancelAsync(watch.Observation.Id, new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            watch.Forget();
        }
    }

    private static async Task<(Watch Voltage, Watch Current)> ObserveBothAsync(CheckRun run) =>
        (await run.ObserveAsync("/3/0/7", $"pmin={run.Seconds(5, 1)}&pmax={run.Seconds(15, 2)}"),
         await run.ObserveAsync("/3/0/8", $"pmin={run.Seconds(10, 1)}&pmax={run.Seconds(20, 2)}"));
}
