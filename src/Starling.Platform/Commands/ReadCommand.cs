using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling read</c></summary>
internal static class ReadCommand
{
    public static Command Create()
    {
        var verb = ServerVerb.Create("read", "Reads an object, an instance, a resource or a resource instance of a device; several paths at once as one composite.",
            "read my-device /3/0/0", "read my-device /3/0/0 /3303/0/5700", "read my-device /3303/0 --json", "read my-device /3/0/9 --wait 600");
        var endpoint = ServerVerb.Endpoint();
        var paths = ServerVerb.Paths("What to read, as in /3/0/0.");
        verb.Command.Arguments.Add(endpoint);
        verb.Command.Arguments.Add(paths);
        var queue = QueueArguments.AddTo(verb);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            string[] targets = [.. parsed.GetValue(paths)!.Select(ServerVerb.Normal)];
            var device = parsed.GetValue(endpoint)!;
            var isOne = targets.Length == 1;
            var body = isOne ? null : new JsonObject { ["paths"] = new JsonArray([.. targets.Select(t => (JsonNode)JsonValue.Create(t))]) };
            var address = queue.On(parsed, ApiClient.Device(device, isOne ? targets[0] : "/composite/read"));
            var answer = await api.SendAsync(isOne ? HttpMethod.Get : HttpMethod.Post, address, body, cancel);
            screen.Answer(answer!, s => ValueTable.Show(s, answer!["values"]!.AsArray(), isOne ? targets[0] : "/"));
        });
    }
}
