using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Firmware Update (5): the state machine (LwM2M Core 1.2 E.6).</summary>
internal static class FirmwareCases
{
    private const int Idle = 0, Downloading = 1, Downloaded = 2, Updating = 3;
    private static readonly Lwm2mPath _package = new(5, 0, 0), _uri = new(5, 0, 1), _update = new(5, 0, 2);
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(10);

    public static CheckGroup Group { get; } = new(nameof(FirmwareCases), "Firmware Update (5)",
    [
        new("1.1-int-751", "Read Firmware Update", "Core E.6", async run =>
        {
            var answer = await run.ReadAsync("/5/0");
            run.Saw("GET /5/0 Accept:*", "2.05 Content-Format:* ...");
            run.FitDefinition(answer.Records, "/5/0");
            run.Expect(answer.Value("/5/0/3").AsInteger() is >= Idle and <= Updating, "a state (/5/0/3) of 0 to 3", answer.Value("/5/0/3").ToString());
            run.Expect(answer.Value("/5/0/5").AsInteger() is >= 0 and <= 11, "a result (/5/0/5) of 0 to 11", answer.Value("/5/0/5").ToString());
            run.Expect(answer.Value("/5/0/9").AsInteger() is >= 0 and <= 2, "a delivery method (/5/0/9) of 0 to 2", answer.Value("/5/0/9").ToString());
        })
        { Needs = "/5/0" },

        new("1.1-int-772", "Update without a package is refused", "Core E.6", async run =>
        {
            await BeIdleAsync(run);
            await run.SendAsync(new Lwm2mRequest.Execute(_update));
            run.Saw("POST /5/0/2", "4.05 ...");
            await IsAsync(run, Idle, null);
        })
        { Needs = "/5/0" },

        Destructive("1.1-int-755", "Write the package", async run =>
        {
            await WriteAsync(run, new byte[1]);
            run.Saw("PUT /5/0/0 Content-Format:42 x'00'", "2.04");
            await IsAsync(run, Idle, 0);
            await PushAsync(run, run.Image);
            await IsAsync(run, Downloaded, 0);
        }),

        Destructive("1.1-int-756", "Write the URI of the package", async run =>
        {
            await TellUriAsync(run, "");
            await IsAsync(run, Idle, 0);
            await TellUriAsync(run, run.ImageUri);
            await UntilAsync(run, Downloaded, 0);
        }),

        Destructive("1.1-int-760", "Observe the state", async run =>
        {
            var state = await ObserveStateAsync(run);
            await PushAsync(run, run.Image);
            await ComesAsync(state, Downloading);
            await ComesAsync(state, Downloaded);
            await WriteAsync(run, new byte[1]);
            await ComesAsync(state, Idle);
        }),

        Destructive("1.1-int-770", "Update by push", run => UpdateAsync(run, () => PushAsync(run, run.Image))),
        Destructive("1.1-int-771", "Update by pull", run => UpdateAsync(run, () => TellUriAsync(run, run.ImageUri))),

        Destructive("1.1-int-773", "Too little flash memory: result 2", run => FailsAsync(run, DeviceFault.NoSpace, 2)),
        Destructive("1.1-int-774", "Too little memory: result 3", run => FailsAsync(run, DeviceFault.NoMemory, 3)),

        Destructive("1.1-int-775", "The connection is lost while the package comes: result 4", async run =>
        {
            var state = await ObserveStateAsync(run);
            await TellUriAsync(run, run.ImageUri);
            await ComesAsync(state, Downloading);
            await run.AtDeviceAsync(new DeviceAct.Connect(false));
            await run.WaitAsync(TimeSpan.FromHours(1));
            await run.AtDeviceAsync(new DeviceAct.Connect(true));
            await UntilAsync(run, Idle, 4);
        })
        with
        { IsSlow = true },

        Destructive("1.1-int-776", "A damaged package: result 5", async run =>
        {
            var damaged = run.Image.ToArray();
            damaged[^1] ^= 0xff;
            await WriteAsync(run, damaged);
            run.Saw("PUT /5/0/0 Content-Format:42 ...", "2.04");
            await UntilAsync(run, Idle, 5);
        }),

        Destructive("1.1-int-777", "No package at all: result 6", async run =>
        {
            await WriteAsync(run, "This is no package of any device."u8.ToArray());
            run.Saw("PUT /5/0/0 Content-Format:42 ...", "* ...");
            await UntilAsync(run, Idle, 6);
        }),

        Destructive("1.1-int-778", "A URI that leads nowhere: result 7", async run =>
        {
            await TellUriAsync(run, "coap:nowhere");
            await UntilAsync(run, Idle, 7);
        }),

        Destructive("1.1-int-779", "The installation fails: result 8", async run =>
        {
            await run.AtDeviceAsync(new DeviceAct.Fault(DeviceFault.InstallFails));
            await PushAsync(run, run.Image);
            await UntilAsync(run, Downloaded, 0);
            await run.SendAsync(new Lwm2mRequest.Execute(_update));
            run.Saw("POST /5/0/2", "2.04");
            await UntilAsync(run, Downloaded, 8);
        }),
    ]);

    // Each begins without a package and ends so.
    private static CheckCase Destructive(string id, string title, Func<CheckRun, Task> procedure) => new(id, title, "Core E.6", async run =>
    {
        await BeIdleAsync(run);
        run.Undo("/5/0", stop => run.PutBackAsync(new Lwm2mRequest.Write(_package, [new Lwm2mRecord(_package, new byte[1])]), stop));
        await procedure(run);
    })
    { Needs = "/5/0", IsDestructive = true };

    private static async Task UpdateAsync(CheckRun run, Func<Task> deliver)
    {
        var before = await run.ValueAsync("/3/0/3");
        var state = await ObserveStateAsync(run);
        await deliver();
        await ComesAsync(state, Downloading);
        await ComesAsync(state, Downloaded);
        await IsAsync(run, Downloaded, 0);
        await run.SendAsync(new Lwm2mRequest.Execute(_update));
        run.Saw("POST /5/0/2", "2.04");
        await ComesAsync(state, Updating);
        await ComesAsync(state, Idle);
        await IsAsync(run, Idle, 1);
        var after = await run.ValueAsync("/3/0/3");
        run.Expect(after != before, "another firmware version in /3/0/3", $"{after} as before");
    }

    private static async Task FailsAsync(CheckRun run, DeviceFault fault, int result)
    {
        await run.AtDeviceAsync(new DeviceAct.Fault(fault));
        await WriteAsync(run, run.Image);
        run.Saw("PUT /5/0/0 Content-Format:42 ...", "* ...");
        await UntilAsync(run, Idle, result);
    }

    private static async Task BeIdleAsync(CheckRun run)
    {
        if ((await run.ValueAsync("/5/0/3")).AsInteger() != Idle)
        {
            throw CheckException.Skipped("A firmware update is under way (/5/0/3).");
        }
    }

    private static Task<Watch> ObserveStateAsync(CheckRun run) => run.ObserveAsync("/5/0/3", "pmin=0");

    private static async Task PushAsync(CheckRun run, byte[] image)
    {
        await WriteAsync(run, image);
        run.Saw("PUT /5/0/0 Content-Format:42 ...", "2.04");
    }

    private static Task<Lwm2mResponse> WriteAsync(CheckRun run, byte[] image) =>
        run.SendAsync(new Lwm2mRequest.Write(_package, [new Lwm2mRecord(_package, image)], Replace: true, ContentFormat.OctetStream), _long);

    private static async Task TellUriAsync(CheckRun run, string uri)
    {
        await run.SendAsync(new Lwm2mRequest.Write(_uri, [new Lwm2mRecord(_uri, uri)], Replace: true, ContentFormat.Text));
        run.Saw(uri.Length > 0 ? $"PUT /5/0/1 Content-Format:0 \"{uri}\"" : "PUT /5/0/1 Content-Format:0", "2.04");
    }

    private static Task<RecordSet> ComesAsync(Watch state, int value) =>
        state.UntilAsync(v => v is [var only] && only.Value.AsInteger() == value, $"the state {value}", _long);

    private static async Task IsAsync(CheckRun run, int state, int? result)
    {
        var now = await run.ReadAsync("/5/0");
        run.Expect(now.Value("/5/0/3").AsInteger() == state, $"the state (/5/0/3) {state}", now.Value("/5/0/3").ToString());
        run.Expect(result is null || now.Value("/5/0/5").AsInteger() == result, $"the result (/5/0/5) {result}", now.Value("/5/0/5").ToString());
    }

    // The package is looked at in the background.
    private static async Task UntilAsync(CheckRun run, int state, int result)
    {
        for (var i = 0; i < 60; i++)
        {
            var now = await run.ReadAsync("/5/0");
            if (now.Value("/5/0/3").AsInteger() == state && now.Value("/5/0/5").AsInteger() == result)
            {
                return;
            }
            await run.WaitAsync(TimeSpan.FromSeconds(1));
        }
        await IsAsync(run, state, result);
    }
}
