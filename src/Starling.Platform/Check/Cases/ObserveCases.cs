namespace Starling.Platform;

/// <summary>Observe, Notify and Cancel Observation (LwM2M Core 1.2 §6.4.1 to §6.4.3; RFC 7641).</summary>
internal static class ObserveCases
{
    public static CheckGroup Group { get; } = new(nameof(ObserveCases), "Observe",
    [
        new("1.1-int-301", "Notifications come between pmin and pmax", "Core §6.4.1, §6.4.3, §7.3", async run =>
        {
            var (voltage, current) = await ObserveBothAsync(run);
            for (var i = 0; i < 2; i++)
            {
                var came = await voltage.NextAsync(run.Seconds(5, 1), run.Seconds(15, 3));
                run.FitDefinition(came.Values(run.Device.Catalog, voltage.Observation.Path), "/3/0/7");
            }
            await current.NextAsync(run.Seconds(10, 1), run.Seconds(20, 4));
        })
        { Needs = "/3/0/7 /3/0/8" },

        new("1.1-int-303", "Cancel Observation with Observe 1", "Core §6.4.2; RFC 7641 §3.6", async run =>
        {
            var (voltage, current) = await ObserveBothAsync(run);
            await voltage.NextAsync(run.Seconds(5, 1), run.Seconds(15, 3));
            await run.CancelAsync(voltage);
            await run.CancelAsync(current);
            await voltage.SilentAsync(run.Seconds(25, 4));
            await current.SilentAsync(run.Seconds(5, 1));
        })
        { Needs = "/3/0/7 /3/0/8" },
    ]);

    private static async Task<(Watch Voltage, Watch Current)> ObserveBothAsync(CheckRun run) =>
        (await run.ObserveAsync("/3/0/7", $"pmin={run.Seconds(5, 1)}&pmax={run.Seconds(15, 3)}"),
         await run.ObserveAsync("/3/0/8", $"pmin={run.Seconds(10, 1)}&pmax={run.Seconds(20, 4)}"));
}
