using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling files</c></summary>
internal static class FilesCommand
{
    public static Command Create()
    {
        var verb = ServerVerb.Create("files", "Lists the files that devices may fetch from the server, with the URIs to tell them: for firmware in /5/0/1.", "files", "files --json");
        return verb.Does(async (_, api, screen, cancel) =>
        {
            var answer = await api.SendAsync(HttpMethod.Get, "/api/v1/files", null, cancel);
            screen.Answer(answer!, s => Show(s, answer!));
        });
    }

    private static void Show(Screen screen, JsonNode answer)
    {
        var items = answer["items"]!.AsArray();
        if (items.Count == 0)
        {
            screen.Line(answer["folder"] is { } folder ? $"There is none. Put some into {folder}" : $"There is no folder for them. Start the server with: {CommandName.Typed} up --files DIR");
            return;
        }
        screen.Table(["NAME", "SIZE", "CHANGED", "URI"], items.SelectMany(RowsOf));
    }

    // A line for each way to the file.
    private static IEnumerable<string[]> RowsOf(JsonNode? item)
    {
        string[] uris = item!["uris"] is JsonArray { Count: > 0 } all ? [.. all.Select(u => u!.ToString())] : ["larger than what is offered"];
        return uris.Select((uri, line) => line > 0 ? ["", "", "", uri] : new[] { $"{item["name"]}", $"{item["size"]}", $"{item["changedAt"]}", uri });
    }
}
