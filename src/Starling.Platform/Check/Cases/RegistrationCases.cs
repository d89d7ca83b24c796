using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Register, Update and De-register (LwM2M Core 1.2 §6.2).</summary>
internal static class RegistrationCases
{
    private static readonly TimeSpan _boot = TimeSpan.FromMinutes(2);

    public static CheckGroup Group { get; } = new(nameof(RegistrationCases), "Registration",
    [
        new("1.1-int-101", "Initial registration", "Core §6.2.1", run =>
        {
            run.LookBackAtRegister();
            var register = run.SawFromDevice("POST /rd?ep=*&lt=*&lwm2m=1.* Content-Format:40 ...", "2.01 Location-Path:rd Location-Path:*");
            var list = register.Text ?? "";
            run.Expect(list.Contains("</3/0>", StringComparison.Ordinal), "a list of objects and instances with </3/0>", list);
            run.Expect(!list.Contains("</0", StringComparison.Ordinal) && !list.Contains("</21", StringComparison.Ordinal), "a list without the objects 0 and 21", list);
            return Task.CompletedTask;
        }),

        new("1.1-int-102", "A new lifetime is told by Update, and counts", "Core §6.2.2, E.2", async run =>
        {
            await WriteLifetimeAsync(run, 20);
            await run.AwaitFromDeviceAsync("POST /rd/*", "2.04", TimeSpan.FromSeconds(20));   // in time, by itself
            if (!run.HasHands)
            {
                return;
            }
            await run.AtDeviceAsync(new DeviceAct.Connect(false));
            await run.WaitAsync(TimeSpan.FromSeconds(30));
            run.Expect(run.Server.Find(run.Key) is null, "no registration 20 s after the last Update", "it is registered still");
            await run.AtDeviceAsync(new DeviceAct.Connect(true));
            await run.AwaitFromDeviceAsync("POST /rd?ep=*&lt=20 ...", "2.01 Location-Path:rd Location-Path:*", _boot);
        })
        { IsSlow = true },

        new("1.1-int-103", "Disable: the device de-registers", "Core §6.2.3, E.2", async run =>
        {
            await run.ChangeAsync(run.Account + "/5", 5);
            var account = run.Account;
            await run.SendAsync(new Lwm2mRequest.Execute(Lwm2mPath.Parse(account + "/4")));
            run.Saw($"POST {account}/4", "2.04");
            await run.AwaitFromDeviceAsync("DELETE /rd/*", "2.02");
            run.Expect(run.Server.Find(run.Key) is null, "the registration is gone", "it is there still");
            await run.AwaitFromDeviceAsync("POST /rd?ep=* ...", "2.01 Location-Path:rd Location-Path:*", _boot);
        })
        { Needs = "/1/0/4", IsDestructive = true },

        new("1.1-int-104", "Registration Update Trigger", "Core §6.2.2, E.2", async run =>
        {
            await run.SendAsync(new Lwm2mRequest.Execute(Lwm2mPath.Parse(run.Account + "/8")));
            run.Saw($"POST {run.Account}/8", "2.04");
            await run.AwaitFromDeviceAsync("POST /rd/*", "2.04");
        }),

        new("1.1-int-105", "An Update that is refused with 4.04 is followed by Register", "Core §6.2.2", async run =>
        {
            await WriteLifetimeAsync(run, 20);
            await run.Server.RemoveAsync(run.Key, run.Cancel);
            run.Forget();
            await run.AwaitFromDeviceAsync("POST /rd/* ...", "4.04 ...", TimeSpan.FromSeconds(25));
            await run.AwaitFromDeviceAsync("POST /rd?ep=*&lt=20 ...", "2.01 Location-Path:rd Location-Path:*");
        })
        { IsSlow = true, IsDestructive = true },

        new("1.1-int-107", "A longer lifetime is told by Update", "Core §6.2.2, E.2", run => WriteLifetimeAsync(run, 120)),
    ]);

    private static async Task WriteLifetimeAsync(CheckRun run, int seconds)
    {
        await run.ChangeAsync(run.Account + "/1", seconds);
        run.Saw($"PUT {run.Account}/1 Content-Format:* ...", "2.04");
        await run.AwaitFromDeviceAsync($"POST /rd/*?lt={seconds}", "2.04");
    }
}
