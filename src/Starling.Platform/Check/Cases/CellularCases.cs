using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Cellular Connectivity (10), APN Connection Profile (11) and Bearer Selection (13).</summary>
internal static class CellularCases
{
    private static readonly string[] _read = ["/10/0", "/11/0", "/12/0"];
    private static readonly Lwm2mPath _cellular = new(10, 0), _profiles = new(11);

    public static CheckGroup Group { get; } = new(nameof(CellularCases), "Cellular Connectivity (10), APN (11), bearers (13)",
    [
        new("1.1-int-1200", "Read Cellular Connectivity 1.0", "objects 10 1.0, 11, 12", run => ReadAsync(run, new ObjectVersion(1, 0))) { Needs = "/10/0" },
        new("1.1-int-1201", "Read Cellular Connectivity 1.1", "object 10 1.1", run => ReadAsync(run, new ObjectVersion(1, 1))) { Needs = "/10/0" },

        new("1.1-int-1202", "Write the use of Release Assistance in TLV", "object 10 1.1, Core §7.5.3", async run =>
        {
            var path = _cellular.Append(14);
            await run.KeepAsync(path.ToString());
            await run.WriteAsync(new Lwm2mRequest.Write(_cellular, [new Lwm2mRecord(path, Lwm2mValue.Unsigned(2))], Replace: false, ContentFormat.Tlv));
            run.Saw("POST /10/0 Content-Format:11542 x'c10e02'", "2.04");
            run.Expect((await run.ValueAsync("/10/0/14")).AsUnsigned() == 2, "/10/0/14 is 2", "something else");
        })
        { Needs = "/10/0/14" },

        new("1.1-int-1203", "Observe the active power saving modes", "object 10 1.1, Core §6.4.1", run => ObserveWrittenAsync(run, "/10/0/13", Lwm2mValue.Unsigned(1)))
        { Needs = "/10/0/13" },

        new("1.1-int-1204", "Observe the timers of power saving", "object 10 1.0, Core §6.4.1", async run =>
        {
            await ObserveWrittenAsync(run, "/10/0/4", 7200);
            await ObserveWrittenAsync(run, "/10/0/5", 300);
        })
        { Needs = "/10/0/4 /10/0/5" },

        new("CONMGMT-1.1-int-1250", "Create a connection profile", "object 11, Core §6.3.6, §6.2.2", async run =>
        {
            var free = Enumerable.Range(0, 100).First(i => !run.Device.Registration.Links.Paths.Contains(_profiles.Append(i)));
            var instance = _profiles.Append(free);
            Lwm2mRecord[] values = [new(instance.Append(0), "Check"), new(instance.Append(1), "check.example"), new(instance.Append(3), false), new(instance.Append(4), 3)];
            await run.SendAsync(new Lwm2mRequest.Create(_profiles, free, values));
            run.Undo(instance.ToString(), stop => run.PutBackAsync(new Lwm2mRequest.Delete(instance), stop));
            run.Saw("POST /11 Content-Format:* ...", "2.01 ...");
            await run.AwaitFromDeviceAsync($"POST /rd/* Content-Format:40 \"*<{instance}>*\"", "2.04");
            await run.SendAsync(new Lwm2mRequest.Execute(Lwm2mPath.Parse(run.Account + "/8")));
            run.Saw($"POST {run.Account}/8", "2.04");
            await run.AwaitFromDeviceAsync("POST /rd/*", "2.04");
            run.Expect(run.Device.Registration.Links.Paths.Contains(instance), $"{instance} in the registration", "it is not there");
        })
        { Needs = "/11" },

        new("CONMGMT-1.1-int-1350", "Switch to another bearer", "object 13", async run =>
        {
            var bearers = new Lwm2mPath(13, 0, 0);
            await run.KeepAsync(bearers.ToString());
            await run.SendAsync(new Lwm2mRequest.Write(bearers, [new Lwm2mRecord(bearers.Append(0), 7)]));
            run.Saw("PUT /13/0/0 Content-Format:* ...", "2.04");
            await run.AwaitFromDeviceAsync("POST /rd* ...", "2.* ...", TimeSpan.FromMinutes(2));
            run.Expect((await run.ValueAsync("/13/0/0/0")).AsInteger() == 7, "/13/0/0/0 is 7, WLAN", "something else");
        })
        { Needs = "/13/0/0", IsDestructive = true },
    ]);

    private static async Task ReadAsync(CheckRun run, ObjectVersion version)
    {
        var told = run.Device.Registration.Links.Versions.GetValueOrDefault(10, new ObjectVersion(1, 0));
        if (told != version)
        {
            throw CheckException.Skipped($"The device registered the object in the version {told}.");
        }
        foreach (var path in _read.Where(p => run.Device.Registration.Links.Paths.Contains(Lwm2mPath.Parse(p))))
        {
            var answer = await run.ReadAsync(path);
            run.Saw($"GET {path} Accept:*", "2.05 Content-Format:* ...");
            run.FitDefinition(answer.Records, path);
        }
    }

    private static async Task ObserveWrittenAsync(CheckRun run, string path, Lwm2mValue value)
    {
        var watch = await run.ObserveAsync(path, "pmin=1&pmax=60");
        await run.ChangeAsync(path, value);
        run.Saw($"PUT {path} Content-Format:* ...", "2.04");
        await watch.UntilAsync(v => v is [var only] && only.Value == value, $"the value {value}", TimeSpan.FromSeconds(10));
        await run.CancelAsync(watch);
    }
}
