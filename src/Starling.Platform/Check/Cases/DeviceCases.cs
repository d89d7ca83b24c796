using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>The object Device (3), and what Execute, Create and Delete may do with it (LwM2M Core 1.2 §6.3.5 to §6.3.7, E.4).</summary>
internal static class DeviceCases
{
    public static CheckGroup Group { get; } = new(nameof(DeviceCases), "Device (3)",
    [
        new("1.1-int-652", "Read the firmware version", "Core E.4", async run =>
        {
            var answer = await run.ReadAsync("/3/0/3");
            run.Saw("GET /3/0/3 Accept:*", "2.05 Content-Format:* ...");
            run.FitDefinition(answer.Records, "/3/0/3");
        })
        { Needs = "/3/0/3" },

        new("1.1-int-651", "Set clock, offset and time zone in TLV", "Core E.4, §7.5.3", async run =>
        {
            (int Resource, Lwm2mValue Value)[] values = [(13, Lwm2mValue.Time(1367491215)), (14, "+02:00"), (15, "Europe/Paris")];
            var device = new Lwm2mPath(3, 0);
            foreach (var resource in new[] { "/3/0/13", "/3/0/14", "/3/0/15" })
            {
                await run.KeepAsync(resource);
            }
            await run.WriteAsync(new Lwm2mRequest.Write(device, [.. values.Select(v => new Lwm2mRecord(device.Append(v.Resource), v.Value))], Replace: false, ContentFormat.Tlv));
            run.Saw("POST /3/0 Content-Format:11542 ...", "2.04");
            var clock = (await run.ValueAsync("/3/0/13")).AsInteger();
            run.Expect(clock is >= 1367491215 and < 1367491235, "/3/0/13 goes on from 1367491215", $"{clock}");
            run.Expect(await run.ValueAsync("/3/0/14") == "+02:00", "/3/0/14 is +02:00", "something else");
            run.Expect(await run.ValueAsync("/3/0/15") == "Europe/Paris", "/3/0/15 is Europe/Paris", "something else");
        })
        { Needs = "/3/0/13 /3/0/14 /3/0/15" },

        new("1.1-int-680", "No second Device is created", "Core §6.3.6, E.4", async run =>
        {
            var second = new Lwm2mPath(3, 1, 14);
            await run.SendAsync(new Lwm2mRequest.Create(new Lwm2mPath(3), 1, [new Lwm2mRecord(second, "+00:00")]));
            run.Saw("POST /3 Content-Format:* ...", "4.05 ...");
        }),

        new("1.1-int-685", "The Device is not deleted", "Core §6.3.7, E.4", async run =>
        {
            await run.SendAsync(new Lwm2mRequest.Delete(new Lwm2mPath(3, 0)));
            run.Saw("DELETE /3/0", "4.05 ...");
        })
        { IsDestructive = true },

        new("1.1-int-241", "Reboot: the device registers again", "Core §6.3.5, E.4", async run =>
        {
            await run.SendAsync(new Lwm2mRequest.Execute(new Lwm2mPath(3, 0, 4)));
            run.Saw("POST /3/0/4", "2.04");
            await run.AwaitFromDeviceAsync("POST /rd?ep=* ...", "2.01 Location-Path:rd Location-Path:*", TimeSpan.FromMinutes(2));
        })
        { IsDestructive = true },
    ]);
}
