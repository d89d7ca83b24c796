using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Read (LwM2M Core 1.2 §6.3.1) on every level and in every format.</summary>
internal static class ReadCases
{
    public static CheckGroup Group { get; } = new(nameof(ReadCases), "Read",
    [
        new("1.1-int-201", "Read resources in plain text", "Core §6.3.1, §7.5.1", async run =>
        {
            foreach (var path in new[] { "/3/0/0", "/3/0/1", "/3/0/2" })
            {
                var answer = await run.ReadAsync(path, ContentFormat.Text);
                run.Saw($"GET {path} Accept:0", "2.05 Content-Format:0 ...");
                run.FitDefinition(answer.Records, path);
            }
        })
        { Needs = "/3/0/0 /3/0/1 /3/0/2" },

        new("1.1-int-203", "Read an instance in TLV", "Core §6.3.1, §7.5.3", run => ReadDeviceAsync(run, ContentFormat.Tlv)),
        new("1.1-int-204", "Read an instance in OMA LwM2M JSON", "Core 1.0 §6.4.4", run => ReadDeviceAsync(run, new ContentFormat(11543))),

        new("1.1-int-211", "Read resources in CBOR", "Core §6.3.1, §7.5.2", async run =>
        {
            foreach (var resource in new[] { "/0", "/6", "/7" })
            {
                var answer = await run.ReadAsync(run.Account + resource, ContentFormat.Cbor);
                run.Saw($"GET {run.Account}{resource} Accept:60", "2.05 Content-Format:60 ...");
                run.FitDefinition(answer.Records, run.Account + resource);
            }
        })
        { Since = Lwm2mVersion.V11 },

        new("1.1-int-222", "Read an object", "Core §6.3.1", run => ReadPathAsync(run, "/1")),
        new("1.1-int-223", "Read an instance", "Core §6.3.1", run => ReadPathAsync(run, run.Account)),
        new("1.1-int-224", "Read a resource", "Core §6.3.1", run => ReadPathAsync(run, run.Account + "/1")),
        new("1.1-int-225", "Read a resource instance", "Core §6.3.1", run => ReadPathAsync(run, "/3/0/11/0")) { Since = Lwm2mVersion.V11 },

        new("1.1-int-231", "Read in SenML JSON", "Core §6.3.1, §7.5.5", run => ReadLevelsAsync(run, ContentFormat.SenmlJson)) { Since = Lwm2mVersion.V11 },
        new("1.1-int-232", "Read in SenML CBOR", "Core §6.3.1, §7.5.5", run => ReadLevelsAsync(run, ContentFormat.SenmlCbor)) { Since = Lwm2mVersion.V11 },

        new("1.1-int-237", "Read without Accept: the device chooses the format", "Core §6.3.1, §7.5", async run =>
        {
            foreach (var path in new[] { "/3/0/11", run.Account, "/3/0" })
            {
                await run.RequestAsync(CoapCode.Get, path);
                var answer = run.Saw($"GET {path}", "2.05 Content-Format:* ...");
                run.FitDefinition(answer.Values(run.Device.Catalog, Lwm2mPath.Parse(path)), path);
            }
        }),
    ]);

    private static async Task ReadDeviceAsync(CheckRun run, ContentFormat format)
    {
        var answer = await run.ReadAsync("/3/0", format);
        run.Saw($"GET /3/0 Accept:{format.Value}", $"2.05 Content-Format:{format.Value} ...");
        run.FitDefinition(answer.Records, "/3/0");
        answer.Value("/3/0/11/0");
        answer.Value("/3/0/16");
    }

    private static async Task ReadPathAsync(CheckRun run, string path)
    {
        var answer = await run.ReadAsync(path);
        run.Saw($"GET {path} Accept:*", "2.05 Content-Format:* ...");
        run.FitDefinition(answer.Records, path);
    }

    private static async Task ReadLevelsAsync(CheckRun run, ContentFormat format)
    {
        foreach (var path in new[] { "/1", run.Account, run.Account + "/1", "/3/0/11/0" })
        {
            var answer = await run.ReadAsync(path, format);
            run.Saw($"GET {path} Accept:{format.Value}", $"2.05 Content-Format:{format.Value} ...");
            run.FitDefinition(answer.Records, path);
        }
    }
}
