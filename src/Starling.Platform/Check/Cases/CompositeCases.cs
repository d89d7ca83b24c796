using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Read-Composite and Write-Composite (LwM2M Core 1.2 §6.3.8, §6.3.9). A device need not have them; one that has not answers 4.05.</summary>
internal static class CompositeCases
{
    public static CheckGroup Group { get; } = new(nameof(CompositeCases), "Composites",
    [
        new("1.1-int-235", "Read-Composite of everything", "Core §6.3.8", async run =>
        {
            var answer = await ReadAsync(run, "/");
            var secret = answer.Records.FirstOrDefault(r => r.Path.ObjectId is 0 or 21 or 23);
            run.Expect(secret.Path.Depth == 0, "nothing of the objects 0, 21 and 23", secret.Path.ToString());
            foreach (var path in new[] { run.Account + "/1", "/3/0/16" })
            {
                answer.Value(path);
            }
        })
        { Since = Lwm2mVersion.V11 },

        new("1.1-int-236", "Read-Composite leaves out what is not there", "Core §6.3.8", async run =>
        {
            var answer = await ReadAsync(run, "/3/0/16", "/3/0/11/0", "/3/0/11/65000", "/65000", run.Account + "/1");
            HasExactly(run, answer.Records, "/3/0/16", "/3/0/11/0", run.Account + "/1");
        })
        { Since = Lwm2mVersion.V11 },

        new("1.1-int-280", "Read-Composite of resources and instances", "Core §6.3.8", async run =>
        {
            var answer = await ReadAsync(run, "/3/0/16", run.Account + "/0", run.Account + "/1", "/3/0/11/0");
            HasExactly(run, answer.Records, "/3/0/16", run.Account + "/0", run.Account + "/1", "/3/0/11/0");
            run.Expect(answer.Value(run.Account + "/1") == await run.ValueAsync(run.Account + "/1"), "the value that Read gives", "another");
        })
        { Since = Lwm2mVersion.V11 },

        new("1.1-int-281", "Read-Composite leaves out what cannot be read", "Core §6.3.8", async run =>
        {
            var answer = await ReadAsync(run, run.Account + "/1", run.Account + "/8", "/3/0/4", "/3/0/16");
            HasExactly(run, answer.Records, run.Account + "/1", "/3/0/16");
        })
        { Since = Lwm2mVersion.V11 },

        new("1.1-int-230", "Write-Composite on two objects", "Core §6.3.9", async run =>
        {
            await WriteAsync(run, (run.Account + "/1", 60), (run.Account + "/6", false), ("/16/0/0/0", "Host Device ID #1"));
            await run.AwaitFromDeviceAsync("POST /rd/*?lt=60", "2.04");
        })
        { Needs = "/16/0/0", Since = Lwm2mVersion.V11 },

        new("1.1-int-257", "Write-Composite on Server and Device", "Core §6.3.9", async run =>
        {
            await WriteAsync(run, (run.Account + "/2", 101), (run.Account + "/6", true), ("/3/0/14", "+03:00"));
            var account = Lwm2mPath.Parse(run.Account);
            await run.SendAsync(new Lwm2mRequest.WriteComposite([new(account.Append(2), 102), new(account.Append(0), 2)]));
            run.Saw("iPATCH / Content-Format:* ...", "4.05 ...");
            run.Expect((await run.ValueAsync(run.Account + "/2")).AsInteger() == 101, "all or nothing: 101 stays where one value is refused", "a part of it was written");
        })
        { Needs = "/1/0/2 /3/0/14", Since = Lwm2mVersion.V11 },
    ]);

    private static async Task<Lwm2mResponse> ReadAsync(CheckRun run, params string[] paths)
    {
        var answer = await run.SendAsync(new Lwm2mRequest.ReadComposite([.. paths.Select(p => Lwm2mPath.Parse(p))]));
        SkipIfUnknown(answer);
        run.Saw("FETCH / Content-Format:* Accept:* ...", "2.05 Content-Format:* ...");
        run.Expect(answer.Diagnostic.Length == 0, "values that can be read", answer.Diagnostic);
        return answer;
    }

    private static async Task WriteAsync(CheckRun run, params (string Path, Lwm2mValue Value)[] values)
    {
        foreach (var (path, _) in values)
        {
            await run.KeepAsync(path);
        }
        SkipIfUnknown(await run.SendAsync(new Lwm2mRequest.WriteComposite([.. values.Select(v => new Lwm2mRecord(Lwm2mPath.Parse(v.Path), v.Value))])));
        run.Saw("iPATCH / Content-Format:* ...", "2.04");
        foreach (var (path, value) in values)
        {
            var now = await run.ValueAsync(path);
            run.Expect(now.TryConvert(value.Kind, out var converted) && converted == value, $"{path} is {value}", now.ToString());
        }
    }

    private static void SkipIfUnknown(Lwm2mResponse answer)
    {
        if (answer.Code == CoapCode.MethodNotAllowed || answer.Code == CoapCode.NotImplemented)
        {
            throw CheckException.Skipped("The device has no composite operations, which it need not have.");
        }
    }

    private static void HasExactly(CheckRun run, RecordSet records, params string[] paths)
    {
        var wanted = paths.Select(p => Lwm2mPath.Parse(p)).Order();
        run.Expect(records.Select(r => r.Path).Order().SequenceEqual(wanted), $"values of {string.Join(' ', wanted)} and no others", CheckSteps.Paths(records));
    }
}
