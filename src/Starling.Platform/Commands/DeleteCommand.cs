using System.CommandLine;

namespace Starling.Platform;

/// <summary><c>starling delete</c></summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var verb = ServerVerb.Create("delete", "Deletes an instance of an object, or a resource instance.", "delete my-device /16/3");
        var endpoint = ServerVerb.Endpoint();
        var path = ServerVerb.Path("What to delete, as in /3303/1.");
        verb.Command.Arguments.Add(endpoint);
        verb.Command.Arguments.Add(path);
        var queue = QueueArguments.AddTo(verb);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var target = ServerVerb.Normal(parsed.GetValue(path));
            var answer = await api.SendAsync(HttpMethod.Delete, queue.On(parsed, ApiClient.Device(parsed.GetValue(endpoint)!, target)), null, cancel);
            screen.Answer(answer!, s => s.Line($"{target} is deleted."));
        });
    }
}
