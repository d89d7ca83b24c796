using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Send (LwM2M Core 1.2 §6.4.6): the device tells values by itself. Only somebody at the device can let it.</summary>
internal static class SendCases
{
    public static CheckGroup Group { get; } = new(nameof(SendCases), "Send",
    [
        new("1.1-int-306", "Send in SenML", "Core §6.4.6, §7.5.5", async run =>
        {
            await MuteAsync(run, false);
            await SendAsync(run, "POST /dp Content-Format:11* ...");
        })
        { Needs = "/1/0/23", Since = Lwm2mVersion.V11 },

        new("1.1-int-311", "Send brings the values that it names", "Core §6.4.6", async run =>
        {
            await MuteAsync(run, false);
            var sent = await SendAsync(run, "POST /dp Content-Format:11* ...");
            var values = sent.Values(run.Device.Catalog, Lwm2mPath.Root);
            foreach (var path in Paths(run))
            {
                run.Expect(values.Any(v => v.Path == path), $"a value of {path}", CheckSteps.Paths(values));
            }
        })
        { Needs = "/1/0/23", Since = Lwm2mVersion.V11 },

        new("1.1-int-307", "Mute Send: nothing is sent to a server that does not want it", "Core §6.4.6, E.2", async run =>
        {
            await MuteAsync(run, true);
            await run.AtDeviceAsync(new DeviceAct.Send(Paths(run)));
            var came = await run.NextAsync(m => m.IsFromDevice && m.Path == "/dp", run.Mark(), TimeSpan.FromSeconds(10));
            run.Expect(came is null, "no Send while /1/x/23 is true", came?.ToString() ?? "");
            await MuteAsync(run, false);
            await SendAsync(run, "POST /dp Content-Format:11* ...");
        })
        { Needs = "/1/0/23", Since = Lwm2mVersion.V11 },
    ]);

    private static async Task MuteAsync(CheckRun run, bool isMuted)
    {
        await run.ChangeAsync(run.Account + "/23", isMuted);
        run.Saw($"PUT {run.Account}/23 Content-Format:* ...", "2.04");
    }

    private static async Task<CheckMessage> SendAsync(CheckRun run, string pattern)
    {
        var from = run.Mark();
        await run.AtDeviceAsync(new DeviceAct.Send(Paths(run)));
        if (await run.NextAsync(m => m.IsFromDevice && m.Path == "/dp", from, run.PatienceAtDevice) is null && !run.HasHands)
        {
            throw CheckException.Skipped($"Nobody has let the device send within {run.PatienceAtDevice.TotalSeconds:0} s.");
        }
        return await run.AwaitFromDeviceAsync(pattern, "2.04");
    }

    private static Lwm2mPath[] Paths(CheckRun run) => [Lwm2mPath.Parse(run.Account + "/1"), new Lwm2mPath(3, 0, 11, 0)];
}
