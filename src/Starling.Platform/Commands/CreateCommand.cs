using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling create</c></summary>
internal static class CreateCommand
{
    public static Command Create()
    {
        var verb = ServerVerb.Create("create", "Creates an instance of an object.", "create my-device /16 0/0=roof", "create my-device /16 --instance 3 0/0=cellar 0/1=left");
        var endpoint = ServerVerb.Endpoint();
        var path = ServerVerb.Path("The object, as in /3303.");
        var values = new Argument<string[]>("value") { Description = "ID=VALUE for each resource of the new instance.", Arity = ArgumentArity.ZeroOrMore };
        var instance = new Option<int?>("--instance") { Description = "The new instance's number; the device chooses one without it.", HelpName = "NUMBER" };
        verb.Command.Arguments.Add(endpoint);
        verb.Command.Arguments.Add(path);
        verb.Command.Arguments.Add(values);
        verb.Command.Options.Add(instance);
        var queue = QueueArguments.AddTo(verb);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var target = ServerVerb.Normal(parsed.GetValue(path));
            var sender = new ValueSender(api, HttpMethod.Post, queue.On(parsed, ApiClient.Device(parsed.GetValue(endpoint)!, target)));
            var answer = await sender.SendAsync(literal => new JsonObject
            {
                ["instance"] = parsed.GetValue(instance),
                ["values"] = Assignments.Read(parsed.GetValue(values)!, literal),
            }, cancel);
            screen.Answer(answer!, s => s.Line($"{answer!["path"]?.ToString() ?? "The instance"} is created."));
        });
    }
}
