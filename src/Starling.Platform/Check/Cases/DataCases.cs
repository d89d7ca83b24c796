using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>BinaryAppDataContainer (19) and Event Log (20).</summary>
internal static class DataCases
{
    private static readonly Lwm2mPath _data = new(19, 0, 0, 0), _start = new(20, 0, 4011), _stop = new(20, 0, 4012);

    public static CheckGroup Group { get; } = new(nameof(DataCases), "Application data (19) and Event Log (20)",
    [
        new("1.1-int-1900", "Observe application data", "object 19, Core §6.4.1", async run =>
        {
            var watch = await run.ObserveAsync("/19/0/0", "pmin=1&pmax=60");
            byte[] fresh = [1, 2, 3, 4, 5];
            await run.AtDeviceAsync(new DeviceAct.Change(_data, fresh));
            var came = await watch.UntilAsync(v => !run.HasHands || v is [var only] && only.Value == fresh, "the data of the device", run.PatienceAtDevice);
            run.FitDefinition(came, "/19/0/0");
            await run.CancelAsync(watch);
        })
        { Needs = "/19/0/0" },

        new("1.1-int-1901", "Write application data", "object 19, Core §6.3.3", async run =>
        {
            var data = new Lwm2mPath(19, 1, 0);
            await run.KeepAsync(data.ToString());
            byte[] fresh = [9, 8, 7];
            await run.SendAsync(new Lwm2mRequest.Write(data, [new Lwm2mRecord(data.Append(0), fresh)]));
            run.Saw("PUT /19/1/0 Content-Format:* ...", "2.04");
            run.Expect(await run.ValueAsync("/19/1/0/0") == fresh, "the data that was written", "other data");
        })
        { Needs = "/19/1/0" },

        new("1.1-int-2000", "Start and stop the log", "object 20", async run =>
        {
            var wasStopped = ((await run.ValueAsync("/20/0/4013")).AsInteger() & 1) != 0;
            run.Undo("the log", stop => run.PutBackAsync(new Lwm2mRequest.Execute(wasStopped ? _stop : _start, wasStopped ? null : "0='1'"), stop));
            await run.SendAsync(new Lwm2mRequest.Execute(_start, "0='1'"));
            run.Saw("POST /20/0/4011 ...", "2.04");
            await IsStoppedAsync(run, false);
            await run.SendAsync(new Lwm2mRequest.Execute(_stop));
            run.Saw("POST /20/0/4012", "2.04");
            await IsStoppedAsync(run, true);
        })
        { Needs = "/20/0/4011 /20/0/4012 /20/0/4013" },

        new("1.1-int-2001", "Read the log", "object 20, Core §6.3.1", async run =>
        {
            var answer = await run.ReadAsync("/20/0");
            run.Saw("GET /20/0 Accept:*", "2.05 Content-Format:* ...");
            run.FitDefinition(answer.Records, "/20/0");
            answer.Value("/20/0/4014");
        })
        { Needs = "/20/0" },
    ]);

    private static async Task IsStoppedAsync(CheckRun run, bool isStopped)
    {
        var status = (await run.ValueAsync("/20/0/4013")).AsInteger();
        run.Expect((status & 1) != 0 == isStopped, $"bit 0 of /20/0/4013 is {(isStopped ? 1 : 0)}: the log {(isStopped ? "is stopped" : "runs")}", $"{status}");
    }
}
