using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Write (LwM2M Core 1.2 §6.3.3): in part and in whole, on every level and in every format.</summary>
internal static class WriteCases
{
    public static CheckGroup Group { get; } = new(nameof(WriteCases), "Write",
    [
        new("1.1-int-205", "Write resources in plain text", "Core §6.3.3, §7.5.1", run => WriteOneByOneAsync(run, ContentFormat.Text, [(2, 101), (3, 1010), (5, 2000)])),
        new("1.1-int-212", "Write resources in CBOR", "Core §6.3.3, §7.5.2", run => WriteOneByOneAsync(run, ContentFormat.Cbor, [(2, 101), (3, 1010), (6, true)]))
        { Since = Lwm2mVersion.V11 },

        new("1.1-int-215", "Write an instance in TLV, in part and in whole", "Core §6.3.3, §7.5.3", run => WriteInstanceAsync(run, ContentFormat.Tlv)),
        new("1.1-int-220", "Write an instance in OMA LwM2M JSON, in part and in whole", "Core 1.0 §6.4.4", run => WriteInstanceAsync(run, new ContentFormat(11543))),

        new("1.1-int-221", "The object Security is out of reach", "Core §6.3, E.1", async run =>
        {
            var uri = new Lwm2mPath(0, 0, 0);
            await run.SendAsync(new Lwm2mRequest.Read(new Lwm2mPath(0)));
            run.Saw("GET /0 Accept:*", "4.01 ...");
            await run.SendAsync(new Lwm2mRequest.Write(uri, [new Lwm2mRecord(uri, "coap://[::1]:1")]));
            run.Saw("PUT /0/0/0 Content-Format:0 ...", "4.01 ...");
            await run.SendAsync(new Lwm2mRequest.WriteAttributes(uri, CheckSteps.Attributes("pmin=10")));
            run.Saw("PUT /0/0/0?pmin=10", "4.01 ...");
        }),

        new("1.1-int-226", "Partial update of an instance", "Core §6.3.3", async run =>
        {
            await run.KeepAsync(run.Account);
            await run.WriteAsync(Partial(run, null, (1, 60), (6, true)));
            run.Saw($"POST {run.Account} Content-Format:* ...", "2.04");
            await run.AwaitFromDeviceAsync("POST /rd/*?lt=60", "2.04");
            await ReadsAsync(run, (1, 60), (6, true));
        }),

        new("1.1-int-227", "Replace a resource", "Core §6.3.3", async run =>
        {
            await run.ChangeAsync(run.Account + "/1", 63);
            run.Saw($"PUT {run.Account}/1 Content-Format:* ...", "2.04");
            await run.AwaitFromDeviceAsync("POST /rd/*?lt=63", "2.04");
            await ReadsAsync(run, (1, 63));
        }),

        new("1.1-int-228", "Write a resource instance", "Core §6.3.3", async run =>
        {
            await run.ChangeAsync("/16/0/0/0", "Host Device ID #1");
            run.Saw("PUT /16/0/0/0 Content-Format:* ...", "2.04");
            run.Expect(await run.ValueAsync("/16/0/0/0") == "Host Device ID #1", "/16/0/0/0 is what was written", "something else");
        })
        { Needs = "/16/0/0", Since = Lwm2mVersion.V11 },

        new("1.1-int-233", "Write in SenML CBOR", "Core §6.3.3, §7.5.5", run => WriteLevelsAsync(run, ContentFormat.SenmlCbor)) { Needs = "/16/0/0", Since = Lwm2mVersion.V11 },
        new("1.1-int-234", "Write in SenML JSON", "Core §6.3.3, §7.5.5", run => WriteLevelsAsync(run, ContentFormat.SenmlJson)) { Needs = "/16/0/0", Since = Lwm2mVersion.V11 },

        new("1.1-int-256", "What is only to be read is not written", "Core §6.3.3", async run =>
        {
            var id = Lwm2mPath.Parse(run.Account + "/0");
            var before = await run.ValueAsync(run.Account + "/0");
            await run.SendAsync(new Lwm2mRequest.Write(id, [new Lwm2mRecord(id, 2)]));
            run.Saw($"PUT {id} Content-Format:* ...", "4.05 ...");
            run.Expect(await run.ValueAsync(run.Account + "/0") == before, $"{id} is as it was", "it has changed");
        }),
    ]);

    private static async Task WriteOneByOneAsync(CheckRun run, ContentFormat format, (int Resource, Lwm2mValue Value)[] values)
    {
        foreach (var (resource, value) in values)
        {
            await run.ChangeAsync($"{run.Account}/{resource}", value, format);
            run.Saw($"PUT {run.Account}/{resource} Content-Format:{format.Value} ...", "2.04");
        }
        await ReadsAsync(run, values);
    }

    private static async Task WriteInstanceAsync(CheckRun run, ContentFormat format)
    {
        (int, Lwm2mValue)[] first = [(2, 101), (3, 1010), (5, 2000), (6, true), (7, "U")];
        (int, Lwm2mValue)[] second = [(1, 7200), (2, 1), (3, 60), (5, 86_400), (6, false), (7, "U")];
        await run.KeepAsync(run.Account);
        await run.WriteAsync(Partial(run, format, first));
        run.Saw($"POST {run.Account} Content-Format:{format.Value} ...", "2.04");
        await ReadsAsync(run, first);
        await run.WriteAsync(Partial(run, format, second) with { Replace = true });
        run.Saw($"PUT {run.Account} Content-Format:{format.Value} ...", "2.04");
        await ReadsAsync(run, second);
    }

    private static async Task WriteLevelsAsync(CheckRun run, ContentFormat format)
    {
        await run.KeepAsync(run.Account);
        await run.WriteAsync(Partial(run, format, (1, 123), (6, true)));
        run.Saw($"POST {run.Account} Content-Format:{format.Value} ...", "2.04");
        await ReadsAsync(run, (1, 123), (6, true));
        await run.ChangeAsync("/16/0/0/0", "Host Device ID #1", format);
        run.Saw($"PUT /16/0/0/0 Content-Format:{format.Value} ...", "2.04");
        run.Expect(await run.ValueAsync("/16/0/0/0") == "Host Device ID #1", "/16/0/0/0 is what was written", "something else");
        await run.ChangeAsync(run.Account + "/1", 124, format);
        run.Saw($"PUT {run.Account}/1 Content-Format:{format.Value} ...", "2.04");
        await ReadsAsync(run, (1, 124));
    }

    private static Lwm2mRequest.Write Partial(CheckRun run, ContentFormat? format, params (int Resource, Lwm2mValue Value)[] values)
    {
        var account = Lwm2mPath.Parse(run.Account);
        return new Lwm2mRequest.Write(account, [.. values.Select(v => new Lwm2mRecord(account.Append(v.Resource), v.Value))], Replace: false, format);
    }

    private static async Task ReadsAsync(CheckRun run, params (int Resource, Lwm2mValue Value)[] values)
    {
        foreach (var (resource, value) in values)
        {
            var now = await run.ValueAsync($"{run.Account}/{resource}");
            run.Expect(now.TryConvert(value.Kind, out var converted) && converted == value, $"{run.Account}/{resource} is {value}", now.ToString());
        }
    }
}
