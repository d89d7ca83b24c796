using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling handshakes</c></summary>
internal static class HandshakesCommand
{
    public static Command Create()
    {
        var verb = ServerVerb.Create("handshakes", "Shows the last handshakes, the newest first: who came in, who did not, where it stopped and why.",
            "handshakes", "handshakes my-meter", "handshakes --strangers", "handshakes --failed --json");
        var endpoint = new Argument<string?>("endpoint") { Description = "Of this device only.", Arity = ArgumentArity.ZeroOrOne };
        var strangers = new Option<bool>("--strangers") { Description = "Only of those whom no credential leads to a name." };
        var failed = new Option<bool>("--failed") { Description = "Only those that failed." };
        verb.Command.Arguments.Add(endpoint);
        verb.Command.Options.Add(strangers);
        verb.Command.Options.Add(failed);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var name = parsed.GetValue(strangers) ? "" : parsed.GetValue(endpoint);
            var url = "/api/v1/handshakes?limit=100" + (name is null ? "" : $"&endpoint={Uri.EscapeDataString(name)}") + (parsed.GetValue(failed) ? "&failed=true" : "");
            var answer = await api.SendAsync(HttpMethod.Get, url, null, cancel);
            screen.Answer(answer!, s => Show(s, answer!["items"]!.AsArray()));
        });
    }

    private static void Show(Screen screen, JsonArray items)
    {
        if (items.Count == 0)
        {
            screen.Line("There was none that is remembered.");
            return;
        }
        screen.Table(["AT", "ENDPOINT", "ADDRESS", "SAID TO BE", "RESULT", "WHERE", "WHY"], items.Select(i => new[]
        {
            Text(i, "at"), Text(i, "endpoint"), Text(i, "address"), Text(i, "claimed"), i!["established"]!.GetValue<bool>() ? "session" : "failed", Text(i, "step"), WhyOf(i),
        }));
    }

    private static string WhyOf(JsonNode item)
    {
        var alert = item["alert"] is null ? "" : $"alert {item["alert"]} of the {item["alertBy"]}: {item["alertMeaning"]}";
        return string.Join("; ", new[] { Text(item, "problem"), alert, Text(item, "cipherSuite") }.Where(t => t.Length > 0));
    }

    private static string Text(JsonNode? item, string name) => item![name]?.ToString() ?? "";
}
