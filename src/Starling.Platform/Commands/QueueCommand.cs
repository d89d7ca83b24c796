using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling queue</c></summary>
internal static class QueueCommand
{
    public static Command Create()
    {
        var verb = ServerVerb.Create("queue", "Shows what waits for a device that sleeps, and what became of it; takes one back with --cancel.",
            "queue demo-1", "queue demo-1 --cancel ixKczbZq20-zk2mg", "queue demo-1 --json");
        var endpoint = ServerVerb.Endpoint();
        var cancelled = new Option<string?>("--cancel") { Description = "Takes the operation with this id back, if it has not been sent.", HelpName = "ID" };
        verb.Command.Arguments.Add(endpoint);
        verb.Command.Options.Add(cancelled);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            if (parsed.GetValue(cancelled) is { } id)
            {
                var taken = await api.SendAsync(HttpMethod.Delete, $"/api/v1/operations/{Uri.EscapeDataString(id)}", null, cancel);
                screen.Answer(taken!, s => s.Line($"{id} is {taken!["state"]}."));
                return;
            }
            await ShowAsync(api, screen, parsed.GetValue(endpoint)!, cancel);
        });
    }

    private static async Task ShowAsync(ApiClient api, Screen screen, string endpoint, CancellationToken cancel)
    {
        var items = new JsonArray();
        for (var page = $"/api/v1/operations?limit=1000&endpoint={Uri.EscapeDataString(endpoint)}"; page is not null;)
        {
            var answer = await api.SendAsync(HttpMethod.Get, page, null, cancel);
            foreach (var item in answer!["items"]!.AsArray())
            {
                items.Add(item!.DeepClone());
            }
            page = answer["next"]?.GetValue<string>();
        }
        screen.Answer(new JsonObject { ["items"] = items }, s => Show(s, endpoint, items));
    }

    private static void Show(Screen screen, string endpoint, JsonArray items)
    {
        if (items.Count == 0)
        {
            screen.Line($"Nothing waits for {endpoint}.");
            return;
        }
        screen.Table(["ID", "OPERATION", "PATH", "STATE", "UNTIL", ""], items.Select(i => new[]
        {
            Text(i, "id"), Text(i, "operation"), Text(i, "path"), Text(i, "state"), Text(i, i!["endedAt"] is null ? "expiresAt" : "endedAt"),
            Text(i, i["status"] is null ? "reason" : "status"),
        }));
    }

    private static string Text(JsonNode? item, string name) => item![name]?.ToString() ?? "";
}
