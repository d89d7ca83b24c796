using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling check</c></summary>
internal static class CheckCommand
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        var verb = ServerVerb.Create("check", "Checks a device against the OMA test specification of LwM2M 1.2. Puts back what it changes.",
            "check demo-1", "check my-device --slow --destructive", "check my-device --only int-201,int-205 --json");
        var endpoint = ServerVerb.Endpoint();
        var destructive = new Option<bool>("--destructive") { Description = "Also reboots, updates and sends the device away." };
        var slow = new Option<bool>("--slow") { Description = "Also what takes minutes, and what waits for somebody at the device. Without it a check ends within 40 s." };
        var only = new Option<string?>("--only") { Description = "Only these cases: ids, or ends of ids, with commas between.", HelpName = "IDS" };
        var firmware = new Option<FileInfo?>("--firmware") { Description = "A package that the device's firmware can be updated with; with --destructive.", HelpName = "FILE" };
        var firmwareUri = new Option<string?>("--firmware-uri") { Description = "Where the device finds such a package; with --destructive.", HelpName = "URI" };
        verb.Command.Arguments.Add(endpoint);
        verb.Command.Options.Add(destructive);
        verb.Command.Options.Add(slow);
        verb.Command.Options.Add(only);
        verb.Command.Options.Add(firmware);
        verb.Command.Options.Add(firmwareUri);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var ids = parsed.GetValue(only)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
            var body = new JsonObject
            {
                ["destructive"] = parsed.GetValue(destructive),
                ["slow"] = parsed.GetValue(slow),
                ["only"] = new JsonArray([.. ids.Select(i => (JsonNode)i)]),
                ["firmware"] = parsed.GetValue(firmware) is { } file ? Read(file) : null,
                ["firmwareUri"] = parsed.GetValue(firmwareUri),
            };
            await CheckAsync(api, screen, ApiClient.Device(parsed.GetValue(endpoint)!, "/check"), body, cancel);
        });
    }

    private static string Read(FileInfo file)
    {
        try
        {
            return Convert.ToBase64String(File.ReadAllBytes(file.FullName));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCode.Usage, $"{file} cannot be read: {unreadable.Message}");
        }
    }

    private static async Task CheckAsync(ApiClient api, Screen screen, string url, JsonObject body, CancellationToken cancel)
    {
        var check = await api.SendAsync(HttpMethod.Post, url, body, cancel);
        var shown = 0;
        string? asked = null;
        try
        {
            while (true)
            {
                foreach (var item in check!["items"]!.AsArray().Skip(shown))
                {
                    shown++;
                    Show(screen, item!);
                }
                if (check["asks"]?.GetValue<string>() is var asks && asks != asked)
                {
                    asked = asks;
                    screen.Line(asks is null ? "" : $"now   {asks}");
                }
                if (check["state"]!.GetValue<string>() != "running")
                {
                    break;
                }
                await Task.Delay(_pause, TimeProvider.System, cancel);
                check = await api.SendAsync(HttpMethod.Get, url, null, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            check = await api.SendAsync(HttpMethod.Delete, url, null, CancellationToken.None);
        }
        Conclude(screen, check!);
    }

    private static void Show(Screen screen, JsonNode item)
    {
        var (outcome, reason) = (item["outcome"]!.GetValue<string>(), item["reason"]!.GetValue<string>());
        screen.Line($"{outcome}  {item["id"],-24}  {item["title"]}");
        if (reason.Length > 0)
        {
            screen.Line($"      {reason}");
        }
        if (outcome == "fail")
        {
            foreach (var message in item["messages"]!.AsArray())
            {
                screen.Line($"      | {message}");
            }
        }
    }

    private static void Conclude(Screen screen, JsonNode check)
    {
        var (passed, failed, skipped) = (check["passed"]!.GetValue<int>(), check["failed"]!.GetValue<int>(), check["skipped"]!.GetValue<int>());
        screen.Answer(check, s =>
        {
            s.Line($"{passed} passed, {failed} failed, {skipped} skipped.");
            s.Line(check["state"]!.GetValue<string>() == "cancelled" ? "Stopped before the end; the device is as it was."
                : failed > 0 ? "The device does not do what LwM2M asks of it in the cases that failed."
                : passed == 0 ? "Nothing could be looked at."
                : "Nothing was found that LwM2M 1.2 forbids.");
        });
        if (failed > 0)
        {
            throw new VerbException(ExitCode.Refused, $"{failed} {(failed == 1 ? "case has" : "cases have")} failed.");
        }
    }
}
