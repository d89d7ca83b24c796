using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling execute</c></summary>
internal static class ExecuteCommand
{
    public static Command Create()
    {
        var verb = ServerVerb.Create("execute", "Executes a resource.", "execute my-device /3303/0/5605", "execute my-device /3303/0/5605 \"0='a',1\"");
        var endpoint = ServerVerb.Endpoint();
        var path = ServerVerb.Path("The resource, as in /3/0/4.");
        var arguments = new Argument<string?>("arguments") { Description = "The arguments as the standard writes them: 0='text',1", Arity = ArgumentArity.ZeroOrOne };
        verb.Command.Arguments.Add(endpoint);
        verb.Command.Arguments.Add(path);
        verb.Command.Arguments.Add(arguments);
        var queue = QueueArguments.AddTo(verb);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var target = ServerVerb.Normal(parsed.GetValue(path));
            var body = parsed.GetValue(arguments) is { } given ? new JsonObject { ["arguments"] = given } : null;
            var answer = await api.SendAsync(HttpMethod.Post, queue.On(parsed, ApiClient.Device(parsed.GetValue(endpoint)!, target)), body, cancel);
            screen.Answer(answer!, s => s.Line($"{target} is executed."));
        });
    }
}
