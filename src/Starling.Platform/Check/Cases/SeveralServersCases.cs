using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>A device with two servers (LwM2M Core 1.2 §6.2.1, §8.2, §7.3): each sees what is its own.</summary>
internal static class SeveralServersCases
{
    public static CheckGroup Group { get; } = new(nameof(SeveralServersCases), "Two servers",
    [
        new("1.1-int-950", "The device registers with two servers, and each has its rights", "Core §6.2.1, §8.2", async run =>
        {
            var other = run.Other;
            foreach (var server in new[] { run, other })
            {
                server.LookBackAtRegister();
                server.SawFromDevice("POST /rd?ep=*&lt=*&lwm2m=1.* ...", "2.01 Location-Path:rd Location-Path:*");
            }
            await AllowsAsync(run, "/1/0", true);
            await AllowsAsync(run, "/1/1", false);
            await AllowsAsync(other, "/1/1", true);
            await AllowsAsync(other, "/1/0", false);
            await AllowsAsync(other, "/3/0", true);
            await AllowsAsync(run, "/3/0", false);
        }),

        new("1.1-int-951", "Attributes are each server's own", "Core §7.3", async run =>
        {
            var other = run.Other;
            await run.AttachAsync("/3", "pmin=10&pmax=60");
            run.Saw("PUT /3?pmin=10&pmax=60", "2.04");
            await other.AttachAsync("/3", "pmin=20");
            other.Saw("PUT /3?pmin=20", "2.04");
            run.Shows(await run.DiscoverAsync("/3"), "/3", "pmin=10 pmax=60");
            run.Saw("GET /3 Accept:40", "2.05 Content-Format:40 ...");
            other.Shows(await other.DiscoverAsync("/3"), "/3", "pmin=20");
            other.Saw("GET /3 Accept:40", "2.05 Content-Format:40 ...");
        }),
    ]);

    private static async Task AllowsAsync(CheckRun run, string path, bool isAllowed)
    {
        await run.ReadAsync(path);
        run.Saw($"GET {path} Accept:*", isAllowed ? "2.05 Content-Format:* ..." : "4.01 ...");
    }
}
