using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Queue mode and profile ids (LwM2M Core 1.2 §6.2.1, §6.5): ways to register that save a device its energy.</summary>
internal static class QueueCases
{
    private static readonly TimeSpan _boot = TimeSpan.FromMinutes(2);

    public static CheckGroup Group { get; } = new(nameof(QueueCases), "Queue mode and profile ids",
    [
        new("1.1-int-108", "Queue mode is told by Q", "Core §6.2.1, §6.5", run =>
        {
            MustSleep(run);
            run.LookBackAtRegister();
            run.SawFromDevice("POST /rd?ep=*&lt=*&lwm2m=1.*&Q ...", "2.01 Location-Path:rd Location-Path:*");
            return Task.CompletedTask;
        })
        { Since = Lwm2mVersion.V11 },

        new("1.1-int-109", "A device that sleeps gets what waits for it after its next Update", "Core §6.5; Transport §6.5", async run =>
        {
            MustSleep(run);
            await run.ChangeAsync(run.Account + "/1", 300);
            await run.AwaitFromDeviceAsync("POST /rd/*?lt=300", "2.04");
            while (run.Device.Presence is { IsAwake: true } presence)
            {
                await run.WaitAsync((presence.Until ?? run.Now) - run.Now + TimeSpan.FromSeconds(1));
            }
            var asleep = run.Mark();
            await run.Device.QueueAsync(new Lwm2mRequest.Read(Lwm2mPath.Parse(run.Account + "/1")));
            run.Forget();
            await run.AwaitFromDeviceAsync("POST /rd/*", "2.04", TimeSpan.FromSeconds(300));
            var asked = await run.NextAsync(m => !m.IsFromDevice && m.Code == CoapCode.Get, asleep, run.Patience);
            run.Expect(asked is not null, $"GET {run.Account}/1 behind the Update", "nothing");
            run.Expect(run.Messages.Any(m => m.Index >= asleep && m.Index < asked!.Index && m.IsFromDevice && m.Code == CoapCode.Post), "no request while the device sleeps", asked!.ToString());
            await run.NextAsync(m => m.IsFromDevice && m.Token == asked.Token, asked.Index, run.Patience);
            run.Saw($"GET {run.Account}/1 Accept:*", "2.05 Content-Format:* ...");
        })
        { Since = Lwm2mVersion.V11, IsSlow = true },

        new("1.2-int-110", "A profile id stands for the list of objects", "Core §6.2.1", async run =>
        {
            MustHaveProfile(run);
            await run.SendAsync(new Lwm2mRequest.Execute(new Lwm2mPath(3, 0, 4)));
            run.Saw("POST /3/0/4", "2.04");
            await run.AwaitFromDeviceAsync("POST /rd?ep=*&lt=*&lwm2m=1.2&pid=*&b=*", "2.01 Location-Path:rd Location-Path:*", _boot);
            run.Expect(run.Device.Registration.Links.Paths.Contains(new Lwm2mPath(3, 0)), "/3/0 among the objects that the id stands for", $"{run.Device.Registration.Links}");
            await run.ReadAsync("/3/0/16");
            run.Saw("GET /3/0/16 Accept:*", "2.05 Content-Format:* ...");
        })
        { Since = Lwm2mVersion.V12, IsDestructive = true },

        new("1.2-int-111", "A profile id and a list: the device has what both say", "Core §6.2.1", run =>
        {
            MustHaveProfile(run);
            run.LookBackAtRegister();
            run.SawFromDevice("POST /rd?ep=*&lt=*&lwm2m=1.2&pid=* Content-Format:40 \"*</4/0>*\" ...", "2.01 Location-Path:rd Location-Path:*");
            var paths = run.Device.Registration.Links.Paths;
            foreach (var path in new[] { new Lwm2mPath(3, 0), new Lwm2mPath(4, 0) })
            {
                run.Expect(paths.Contains(path), $"{path} in the registration", run.Device.Registration.Links.ToString());
            }
            return Task.CompletedTask;
        })
        { Needs = "/4/0", Since = Lwm2mVersion.V12 },
    ]);

    private static void MustSleep(CheckRun run)
    {
        if (!run.Device.Registration.QueueMode)
        {
            throw CheckException.Skipped("The device does not use queue mode.");
        }
    }

    private static void MustHaveProfile(CheckRun run)
    {
        if (run.Device.Registration.ProfileIds.Count == 0)
        {
            throw CheckException.Skipped("The device registered without a profile id.");
        }
    }
}
