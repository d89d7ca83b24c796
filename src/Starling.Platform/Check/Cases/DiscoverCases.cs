using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Discover and Write-Attributes (LwM2M Core 1.2 §6.3.2, §6.3.4).</summary>
internal static class DiscoverCases
{
    public static CheckGroup Group { get; } = new(nameof(DiscoverCases), "Discover and Write-Attributes",
    [
        new("1.1-int-260", "Discover shows what there is, and attributes where they are attached", "Core §6.3.2, §7.3", async run =>
        {
            var dim = (await run.ReadAsync("/3/0/7")).Records.Count;
            await run.DiscoverAsync("/3");
            run.Saw("GET /3 Accept:40", "2.05 Content-Format:40 \"</3>*,</3/0>*,</3/0/*\"");
            await run.AttachAsync("/3", "pmin=10&pmax=200");
            run.Saw("PUT /3?pmin=10&pmax=200", "2.04");
            await run.AttachAsync("/3/0/7", "gt=6&lt=1&st=1");
            run.Saw("PUT /3/0/7?gt=6&lt=1&st=1", "2.04");
            var instance = await run.DiscoverAsync("/3/0");
            run.Saw("GET /3/0 Accept:40", "2.05 Content-Format:40 ...");
            run.Shows(instance, "/3/0", "pmin=10 pmax=200");
            run.Shows(instance, "/3/0/7", $"dim={dim} gt=6 lt=1 st=1");
            var resource = await run.DiscoverAsync("/3/0/7");
            run.Saw("GET /3/0/7 Accept:40", "2.05 Content-Format:40 ...");
            run.Shows(resource, "/3/0/7", $"dim={dim} pmin=10 pmax=200 gt=6 lt=1 st=1");
        })
        { Needs = "/3/0/7" },

        new("1.1-int-261", "Attributes on several levels", "Core §6.3.4, §7.3", async run =>
        {
            var dim = (await run.ReadAsync("/3/0/11")).Records.Count;
            await run.AttachAsync("/3/0", "pmin=10");
            run.Saw("PUT /3/0?pmin=10", "2.04");
            await run.AttachAsync("/3/0/11", "pmax=320");
            run.Saw("PUT /3/0/11?pmax=320", "2.04");
            await run.AttachAsync("/3/0/11/0", "pmax=100&epmin=1&epmax=20");
            run.Saw("PUT /3/0/11/0?pmax=100&epmin=1&epmax=20", "2.04");
            var discovered = await run.DiscoverAsync("/3/0/11");
            run.Saw("GET /3/0/11 Accept:40", "2.05 Content-Format:40 ...");
            run.Shows(discovered, "/3/0/11", $"dim={dim} pmin=10 pmax=320");
            run.Shows(discovered, "/3/0/11/0", "pmax=100 epmin=1 epmax=20");
        })
        { Since = Lwm2mVersion.V11 },

        new("1.2-int-264", "Discover with depth 1", "Core §6.3.2", async run =>
        {
            await run.ChangeAsync(run.Account + "/2", 1);
            await run.ChangeAsync(run.Account + "/3", 10);
            var discovered = await DiscoverAsync(run, "/3", 1);
            run.Saw("GET /3?depth=1 Accept:40", "2.05 Content-Format:40 ...");
            run.Shows(discovered, "/3", "pmin=1 pmax=10");
            run.Shows(discovered, "/3/0", "");
            run.Expect(discovered.Links.Count == 2, "links to /3 and /3/0 alone", CheckSteps.Links(discovered));
        })
        { Needs = "/1/0/2 /1/0/3", Since = Lwm2mVersion.V12 },

        new("1.2-int-266", "Discover with depth 3", "Core §6.3.2", async run =>
        {
            await run.AttachAsync("/3/0/11", "pmin=20");
            run.Saw("PUT /3/0/11?pmin=20", "2.04");
            var discovered = await DiscoverAsync(run, "/3", 3);
            run.Saw("GET /3?depth=3 Accept:40", "2.05 Content-Format:40 ...");
            run.Shows(discovered, "/3/0/11", "dim=1 pmin=20");
            run.Shows(discovered, "/3/0/11/0", "");
            run.Shows(discovered, "/3/0/16", "");
        })
        { Since = Lwm2mVersion.V12 },
    ]);

    private static Task<Lwm2mResponse> DiscoverAsync(CheckRun run, string path, int depth) => run.SendAsync(new Lwm2mRequest.Discover(Lwm2mPath.Parse(path), depth));
}
