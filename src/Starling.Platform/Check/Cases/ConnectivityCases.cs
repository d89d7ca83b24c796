using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Connectivity Monitoring (4), Location (6) and Connectivity Statistics (7).</summary>
internal static class ConnectivityCases
{
    public static CheckGroup Group { get; } = new(nameof(ConnectivityCases), "Connectivity (4, 7) and Location (6)",
    [
        new("1.1-int-701", "Read Connectivity Monitoring", "Core E.5", run => ReadAsync(run, "/4/0")) { Needs = "/4/0" },
        new("1.1-int-710", "Observe Connectivity Monitoring", "Core E.5, §6.4.1", run => ObserveAsync(run, "/4/0", 2, 10)) { Needs = "/4/0" },
        new("1.1-int-801", "Read Location", "Core E.7", run => ReadAsync(run, "/6/0")) { Needs = "/6/0" },
        new("1.1-int-810", "Observe Location", "Core E.7, §6.4.1", run => ObserveAsync(run, "/6/0", 5, 10)) { Needs = "/6/0" },

        new("1.1-int-901", "Start, read and stop Connectivity Statistics", "Core E.8", async run =>
        {
            await ExecuteAsync(run, 6);
            run.Undo("the statistics", stop => run.PutBackAsync(new Lwm2mRequest.Execute(new Lwm2mPath(7, 0, 7)), stop));
            await ReadAsync(run, "/7/0");
            await ExecuteAsync(run, 7);
            await ReadAsync(run, "/7/0");
        })
        { Needs = "/7/0" },

        new("1.1-int-905", "Set the collection period", "Core E.8", async run =>
        {
            await run.ChangeAsync("/7/0/8", 20);
            run.Saw("PUT /7/0/8 Content-Format:* ...", "2.04");
            run.Expect((await run.ValueAsync("/7/0/8")).AsInteger() == 20, "/7/0/8 is 20", "something else");
        })
        { Needs = "/7/0/8" },

        new("1.1-int-910", "Observe Connectivity Statistics", "Core E.8, §6.4.1", async run =>
        {
            await ExecuteAsync(run, 6);
            run.Undo("the statistics", stop => run.PutBackAsync(new Lwm2mRequest.Execute(new Lwm2mPath(7, 0, 7)), stop));
            await ObserveAsync(run, "/7/0", 5, 15);
        })
        { Needs = "/7/0" },
    ]);

    private static async Task ReadAsync(CheckRun run, string path)
    {
        var answer = await run.ReadAsync(path);
        run.Saw($"GET {path} Accept:*", "2.05 Content-Format:* ...");
        run.FitDefinition(answer.Records, path);
        MandatoryAreThere(run, answer.Records, path);
    }

    private static async Task ObserveAsync(CheckRun run, string path, int pmin, int pmax)
    {
        var (least, most) = (run.Seconds(pmin, 1), run.Seconds(pmax, 1));
        var watch = await run.ObserveAsync(path, $"pmin={least}&pmax={most}");
        for (var i = 0; i < run.Seconds(2, 1); i++)
        {
            var came = await watch.NextAsync(least, most);
            MandatoryAreThere(run, came.Values(run.Device.Catalog, watch.Observation.Path), path);
        }
        await run.CancelAsync(watch);
        if (run.IsSlow)
        {
            await watch.SilentAsync(pmax + 1);   // a person who is short of time has seen the answer
        }
    }

    private static async Task ExecuteAsync(CheckRun run, int resource)
    {
        await run.SendAsync(new Lwm2mRequest.Execute(new Lwm2mPath(7, 0, resource)));
        run.Saw($"POST /7/0/{resource}", "2.04");
    }

    private static void MandatoryAreThere(CheckRun run, RecordSet values, string path)
    {
        var instance = Lwm2mPath.Parse(path);
        var mandatory = run.Device.Catalog.FindObject(instance.ObjectId)?.Resources.Where(r => r.IsMandatory && r.Operations.HasFlag(ResourceOperations.Read)) ?? [];
        foreach (var resource in mandatory)
        {
            run.Expect(values.Any(v => v.Path.StartsWith(instance.Append(resource.Id))), $"{path}/{resource.Id} ({resource.Name}), which is mandatory", CheckSteps.Paths(values));
        }
    }
}
