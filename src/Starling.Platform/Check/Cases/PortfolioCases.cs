using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Portfolio (16), and with it Create and Delete (LwM2M Core 1.2 §6.3.6, §6.3.7).</summary>
internal static class PortfolioCases
{
    private static readonly Lwm2mPath _object = new(16);
    private static readonly string[] _identities = ["Host Device ID #1", "Host Device Manufacturer #1", "Host Device Model #1", "Host Device Software Version #1"];

    public static CheckGroup Group { get; } = new(nameof(PortfolioCases), "Portfolio (16): Create and Delete",
    [
        new("1.1-int-1630", "Create an instance", "Core §6.3.6", async run =>
        {
            var free = Enumerable.Range(0, 100).First(i => !run.Device.Registration.Links.Paths.Contains(_object.Append(i)));
            var instance = _object.Append(free);
            await CreateAsync(run, instance);
            run.Undo($"{instance}", stop => run.PutBackAsync(new Lwm2mRequest.Delete(instance), stop));
            run.Saw("POST /16 Content-Format:11542 ...", "2.01 ...");
            await run.AwaitFromDeviceAsync($"POST /rd/* Content-Format:40 \"*<{instance}>*\"", "2.04");
            var discovered = await run.DiscoverAsync(instance.ToString());
            run.Saw($"GET {instance} Accept:40", "2.05 Content-Format:40 ...");
            run.Shows(discovered, $"{instance}/0", "dim=4");
            var answer = await run.ReadAsync($"{instance}/0");
            run.Saw($"GET {instance}/0 Accept:*", "2.05 Content-Format:* ...");
            for (var i = 0; i < _identities.Length; i++)
            {
                run.Expect(answer.Value($"{instance}/0/{i}") == _identities[i], $"{instance}/0/{i} is {_identities[i]}", answer.Value($"{instance}/0/{i}").ToString());
            }
        })
        { Needs = "/16" },

        new("1.1-int-1635", "Delete all instances: the object stays", "Core §6.3.7", async run =>
        {
            var root = run.Device.Registration.Links.Root;
            var there = (await run.DiscoverAsync("/16")).Links.Select(l => l.TryGetPath(root, out var path) ? path : default).Where(p => p.IsInstance);
            foreach (var instance in there)
            {
                var kept = await run.ReadAsync(instance.ToString());
                await run.SendAsync(new Lwm2mRequest.Delete(instance));
                run.Undo($"{instance}", stop => run.PutBackAsync(new Lwm2mRequest.Create(_object, instance.InstanceId, [.. kept.Records]), stop));
                run.Saw($"DELETE {instance}", "2.02");
            }
            await run.AwaitFromDeviceAsync("POST /rd/* Content-Format:40 \"*</16>*\"", "2.04");
            await run.DiscoverAsync("/16");
            var links = run.Saw("GET /16 Accept:40", "2.05 Content-Format:40 \"</16>*\"");
            run.Expect(!links.Text!.Contains("</16/", StringComparison.Ordinal), "</16> alone", links.Text);
        })
        { Needs = "/16/0" },
    ]);

    private static async Task CreateAsync(CheckRun run, Lwm2mPath instance)
    {
        var records = _identities.Select((text, i) => new Lwm2mRecord(instance.Append(0).Append(i), text));
        var answer = await run.SendAsync(new Lwm2mRequest.Create(_object, instance.InstanceId, [.. records], ContentFormat.Tlv));
        if (answer.Code == CoapCode.UnsupportedContentFormat)
        {
            throw CheckException.Skipped("The device does not speak TLV, which it need not.");
        }
    }
}
