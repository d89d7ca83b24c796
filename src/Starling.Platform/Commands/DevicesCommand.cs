using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling devices</c></summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var verb = ServerVerb.Create("devices", "Lists the devices that are registered.", "devices", "devices --json");
        return verb.Does(async (_, api, screen, cancel) =>
        {
            var items = await api.ListAsync("/api/v1/devices?limit=1000", cancel);
            screen.Answer(new JsonObject { ["items"] = items }, s => Show(s, items));
        });
    }

    private static void Show(Screen screen, JsonArray items)
    {
        if (items.Count == 0)
        {
            screen.Line($"No device is registered. Start one with: {CommandName.Typed} device");
            return;
        }
        screen.Table(["ENDPOINT", "LWM2M", "ADDRESS", "LIFETIME", "UPDATED"], items.Select(i => new[]
        {
            Text(i, "endpoint"), Text(i, "version"), Text(i, "address"), Text(i, "lifetime") + " s", Text(i, "updatedAt"),
        }));
    }

    private static string Text(JsonNode? item, string name) => item![name]?.ToString() ?? "";
}
