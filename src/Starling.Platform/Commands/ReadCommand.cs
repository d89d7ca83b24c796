using System.CommandLine;

namespace Starling.Platform;

/// <summary><c>starling read</c></summary>
internal static class ReadCommand
{
    public static Command Create()
    {
        var verb = ServerVerb.Create("read", "Reads an object, an instance, a resource or a resource instance of a device.",
            "read demo-1 /3/0/0", "read demo-1 /3303/0 --json");
        var endpoint = ServerVerb.Endpoint();
        var path = ServerVerb.Path("What to read, as in /3/0/0.");
        verb.Command.Arguments.Add(endpoint);
        verb.Command.Arguments.Add(path);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var target = ServerVerb.Normal(parsed.GetValue(path));
            var answer = await api.SendAsync(HttpMethod.Get, ApiClient.Device(parsed.GetValue(endpoint)!, target), null, cancel);
            screen.Answer(answer!, s => ValueTable.Show(s, answer!["values"]!.AsArray(), target));
        });
    }
}
