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
        foreach (var item in items)
        {
            var who = item!["endpoint"] is { } endpoint ? endpoint.ToString() : item["claimed"] is { } claimed ? $"stranger {claimed}" : "stranger";
            screen.Line($"{item["at"]}  {who}  {item["address"]}  {(item["established"]!.GetValue<bool>() ? "session" : $"failed at {item["step"]}")}");
            foreach (var line in WhyOf(item))
            {
                screen.Line($"    {line}");
            }
        }
    }

    private static IEnumerable<string> WhyOf(JsonNode item) => new[]
    {
        Text(item, "problem"),
        item["alert"] is null || Text(item, "problem").Contains(Text(item, "alertMeaning"), StringComparison.Ordinal) ? "" : $"Alert {item["alert"]} of the {item["alertBy"]}: {item["alertMeaning"]}",
        item["cipherSuite"] is null ? "" : $"{item["version"]}, {item["cipherSuite"]}{(item["resumed"]!.GetValue<bool>() ? ", resumed" : "")}",
    }.Where(line => line.Length > 0);

    private static string Text(JsonNode? item, string name) => item![name]?.ToString() ?? "";
}
