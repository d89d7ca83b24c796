using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling discover</c></summary>
internal static class DiscoverCommand
{
    public static Command Create()
    {
        var verb = ServerVerb.Create("discover", "Lists what a device has below a path, with attributes; without a path, the objects that it registered.",
            "discover my-device", "discover my-device /3", "discover my-device /3303/0");
        var endpoint = ServerVerb.Endpoint();
        var path = ServerVerb.Path("Object, instance or resource, as in /3.", isOptional: true);
        verb.Command.Arguments.Add(endpoint);
        verb.Command.Arguments.Add(path);
        var queue = QueueArguments.AddTo(verb);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            if (parsed.GetValue(path) is not { } below)
            {
                var device = await api.SendAsync(HttpMethod.Get, ApiClient.Device(parsed.GetValue(endpoint)!, ""), null, cancel);
                screen.Answer(device!, s => s.Table(["PATH", "OBJECT"], device!["objects"]!.AsArray().Select(o => new[] { o!["path"]!.ToString(), o["name"]?.ToString() ?? "" })));
                return;
            }
            var target = ServerVerb.Normal(below);
            var answer = await api.SendAsync(HttpMethod.Get, queue.On(parsed, ApiClient.Device(parsed.GetValue(endpoint)!, target + "/discover")), null, cancel);
            screen.Answer(answer!, s => s.Table(["PATH", "ATTRIBUTES"], answer!["links"]!.AsArray().Select(l => new[] { l!["path"]!.ToString(), Attributes(l) })));
        });
    }

    private static string Attributes(JsonNode link) =>
        string.Join(' ', link["attributes"]!.AsObject().Select(a => a.Value is null ? a.Key : $"{a.Key}={a.Value}"));
}
