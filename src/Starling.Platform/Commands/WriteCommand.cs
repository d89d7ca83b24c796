using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling write</c></summary>
internal static class WriteCommand
{
    public static Command Create()
    {
        var verb = ServerVerb.Create("write", "Writes a resource, several of an instance, or several anywhere in one composite.",
            "write my-device /3311/0/5850 true", "write my-device /3/0 14=+01:00 15=Europe/Berlin --update",
            "write my-device /3/0/14=+01:00 /3/0/15=Europe/Berlin");
        var endpoint = ServerVerb.Endpoint();
        var path = ServerVerb.Path("What to write, as in /3/0/14; or PATH=VALUE, and more of them, for a composite.", mayHaveValue: true);
        var values = new Argument<string[]>("value")
        {
            Description = "The value, or ID=VALUE for each resource of an instance. Opaque as base64, time as 2026-01-31T12:00:00Z, a link as 3:0.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var update = new Option<bool>("--update") { Description = "Leaves alone what is not named, instead of replacing the whole instance." };
        verb.Command.Arguments.Add(endpoint);
        verb.Command.Arguments.Add(path);
        verb.Command.Arguments.Add(values);
        verb.Command.Options.Add(update);
        var queue = QueueArguments.AddTo(verb);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var (first, given, device) = (parsed.GetValue(path)!, parsed.GetValue(values)!, parsed.GetValue(endpoint)!);
            if (first.Contains('=', StringComparison.Ordinal))
            {
                await WriteManyAsync(new ValueSender(api, HttpMethod.Post, queue.On(parsed, ApiClient.Device(device, "/composite/write"))), screen, [first, .. given], cancel);
                return;
            }
            if (given.Length == 0)
            {
                throw new VerbException(ExitCode.Usage, "There is no value to write.", "Write it behind the path, as in: starling write demo-3 /3311/0/5850 true");
            }
            var target = ServerVerb.Normal(first);
            var method = parsed.GetValue(update) ? HttpMethod.Patch : HttpMethod.Put;
            var sender = new ValueSender(api, method, queue.On(parsed, ApiClient.Device(device, target)));
            var isOne = Lwm2m.Lwm2mPath.Parse(target).Depth >= 3 && given.Length == 1;
            var answer = isOne
                ? await sender.SendAsync(literal => new JsonObject { ["value"] = literal(given[0]) }, cancel)
                : await sender.SendAsync(literal => new JsonObject { ["values"] = Assignments.Read(given, literal) }, cancel);
            screen.Answer(answer!, s => s.Line($"{target} is written."));
        });
    }

    private static async Task WriteManyAsync(ValueSender sender, Screen screen, string[] assignments, CancellationToken cancel)
    {
        var answer = await sender.SendAsync(literal => new JsonObject { ["values"] = Assignments.Read(assignments, literal) }, cancel);
        screen.Answer(answer!, s => s.Line($"{string.Join(", ", assignments.Select(a => a.Split('=')[0]))} are written."));
    }
}
