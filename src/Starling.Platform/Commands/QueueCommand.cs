using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling queue</c></summary>
internal static class QueueCommand
{
    private const string Preset = "default";

    public static Command Create()
    {
        var verb = ServerVerb.Create("queue", "Shows what waits for a device that sleeps, and what became of it; takes one back with --cancel; says with --awake-window how long the device listens.",
            "queue demo-1", "queue demo-1 --cancel ixKczbZq20-zk2mg", "queue demo-1 --awake-window 20", "queue demo-1 --json");
        var endpoint = ServerVerb.Endpoint();
        var cancelled = new Option<string?>("--cancel") { Description = "Takes the operation with this id back, if it has not been sent.", HelpName = "ID" };
        var window = Window();
        verb.Command.Arguments.Add(endpoint);
        verb.Command.Options.Add(cancelled);
        verb.Command.Options.Add(window);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            if (parsed.GetValue(cancelled) is { } id)
            {
                var taken = await api.SendAsync(HttpMethod.Delete, $"/api/v1/operations/{Uri.EscapeDataString(id)}", null, cancel);
                screen.Answer(taken!, s => s.Line($"{id} is {taken!["state"]}."));
                return;
            }
            if (parsed.GetValue(window) is { } length)
            {
                await SetWindowAsync(api, screen, parsed.GetValue(endpoint)!, length, cancel);
                return;
            }
            await ShowAsync(api, screen, parsed.GetValue(endpoint)!, cancel);
        });
    }

    private static Option<string?> Window()
    {
        var window = new Option<string?>("--awake-window") { Description = "How long the device listens after it was heard from; 'default' is what counts for all.", HelpName = "SECONDS" };
        window.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is not Preset and var text && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                result.AddError($"'{text}' is no awake window: write a number of seconds, or '{Preset}'.");
            }
        });
        return window;
    }

    private static async Task SetWindowAsync(ApiClient api, Screen screen, string endpoint, string length, CancellationToken cancel)
    {
        var body = new JsonObject { ["seconds"] = length == Preset ? null : int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture) };
        var set = await api.SendAsync(HttpMethod.Put, ApiClient.Device(endpoint, "/awake-window"), body, cancel);
        screen.Answer(set!, s => s.Line($"{endpoint} is taken to listen for {set!["seconds"]} s after it was heard from."));
    }

    private static async Task ShowAsync(ApiClient api, Screen screen, string endpoint, CancellationToken cancel)
    {
        var items = await api.ListAsync($"/api/v1/operations?limit=1000&endpoint={Uri.EscapeDataString(endpoint)}", cancel);
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
