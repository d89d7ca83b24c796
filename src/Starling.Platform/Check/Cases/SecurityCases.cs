using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Sessions, and who has proven what in them (LwM2M Transport 1.2 §5.2).</summary>
internal static class SecurityCases
{
    private static readonly TimeSpan _boot = TimeSpan.FromMinutes(2);

    public static CheckGroup Group { get; } = new(nameof(SecurityCases), "Security",
    [
        new("1.1-int-401", "DTLS with a pre-shared key: Register and Read", "Transport §5.2.8", run => RegisterAndReadAsync<PeerIdentity.PreSharedKey>(run, "a pre-shared key")),
        new("1.1-int-402", "DTLS with certificates: Register and Read", "Transport §5.2.8", run => RegisterAndReadAsync<PeerIdentity.Certificate>(run, "a certificate")),

        new("1.1-int-403", "A server of another name than its certificate's is left", "Transport §5.2.8", async run =>
        {
            Proven<PeerIdentity.Certificate>(run, "a certificate");
            var host = CheckRun.HostOf(run.Device.Registration.Address);
            var (from, since) = (run.Mark(), run.Now);
            await run.AtDeviceAsync(new DeviceAct.Name(false));
            var came = await run.NextAsync(m => m.IsFromDevice && m.Path == "/rd", from, run.PatienceAtDevice);
            run.Expect(came is null, "no Register from a device that looks for a server of another name", came?.ToString() ?? "");
            var failed = run.FailedHandshakes(host, since);
            if (failed.Count == 0 && !run.HasHands)
            {
                throw CheckException.Skipped($"The device has not tried within {run.PatienceAtDevice.TotalSeconds:0} s.");
            }
            run.Expect(failed.Any(h => h.Alert is not null && !h.AlertIsOurs), "a handshake that the device ends with an alert", failed is [var last, ..] ? $"one of which the server says: {last.Problem}" : "no handshake");
            await run.AtDeviceAsync(new DeviceAct.Name(true));
            await run.AwaitFromDeviceAsync("POST /rd?ep=* ...", "2.01 Location-Path:rd Location-Path:*", _boot);
        })
        { IsSlow = true, IsDestructive = true },
    ]);

    private static async Task RegisterAndReadAsync<T>(CheckRun run, string with) where T : PeerIdentity
    {
        Proven<T>(run, with);
        run.LookBackAtRegister();
        run.SawFromDevice("POST /rd?ep=* ...", "2.01 Location-Path:rd Location-Path:*");
        var answer = await run.ReadAsync("/3/0");
        run.Saw("GET /3/0 ...", "2.05 Content-Format:* ...");
        run.FitDefinition(answer.Records, "/3/0");
    }

    private static void Proven<T>(CheckRun run, string with) where T : PeerIdentity
    {
        if (run.Device.Identity is not T)
        {
            throw CheckException.Skipped($"The device has not come with {with}.");
        }
    }
}
