using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling credentials</c></summary>
internal static class CredentialsCommand
{
    private const string Url = "/api/v1/credentials";
    private const int IdLength = 16;

    public static Command Create() =>
        new ExampleCommand("credentials", "Says who may speak to the server and as whom: pre-shared keys, raw public keys, certificates.",
            "credentials add --endpoint my-meter", "credentials list", "credentials explain my-meter")
        {
            CredentialsAddCommand.Add(),
            List(),
            CredentialsAddCommand.Rotate(),
            Switch("disable", "Switches a credential off: its device is refused, and its session closed.", false),
            Switch("enable", "Switches a credential on again.", true),
            Remove(),
            CredentialsAddCommand.Explain(),
            Import(),
        };

    /// <summary>The argument that names a credential.</summary>
    public static Argument<string> Which() => new("credential") { Description = "Its id, or the endpoint name where that has one credential that does not end." };

    /// <summary>The id of a credential that was named by its id or by its endpoint.</summary>
    public static async Task<string> FindAsync(ApiClient api, string named, CancellationToken cancel)
    {
        var answer = await api.SendAsync(HttpMethod.Get, $"{Url}?endpoint={Uri.EscapeDataString(named)}&limit=1000", null, cancel);
        var all = answer!["items"]!.AsArray();
        var lasting = all.Where(i => i!["notAfter"] is null).ToArray();
        return all.Count == 0 && named.Length == IdLength ? named
            : all.Count == 0 ? throw new VerbException(ExitCode.Refused, $"There is no credential for '{named}'.", $"See what there is with: {CommandName.Typed} credentials list")
            : (lasting.Length == 1 ? lasting : all.Count == 1 ? [.. all] : []) is [var only] ? only!["id"]!.GetValue<string>()
            : throw new VerbException(ExitCode.Usage, $"{named} has {all.Count} credentials.", $"Name one by its id: {string.Join(", ", all.Select(i => i!["id"]))}");
    }

    /// <summary>The address of a credential.</summary>
    public static string Address(string id, string rest = "") => $"{Url}/{Uri.EscapeDataString(id)}{rest}";

    private static ExampleCommand List()
    {
        var verb = ServerVerb.Create("list", "Lists credentials; never their keys.", "credentials list", "credentials list --find meter", "credentials list --kind psk --json");
        var find = new Option<string?>("--find") { Description = "With this text in the endpoint name, the identity, the subject or the fingerprint.", HelpName = "TEXT" };
        var kind = new Option<string?>("--kind") { Description = "Of this kind only: psk, rpk, certificate, subject or authority.", HelpName = "KIND" };
        verb.Command.Options.Add(find);
        verb.Command.Options.Add(kind);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var filter = (parsed.GetValue(find) is { } text ? $"&q={Uri.EscapeDataString(text)}" : "") + (parsed.GetValue(kind) is { } word ? $"&kind={Uri.EscapeDataString(word)}" : "");
            var items = await api.ListAsync($"{Url}?limit=1000{filter}", cancel);
            screen.Answer(new JsonObject { ["items"] = items }, s => Show(s, items));
        });
    }

    private static void Show(Screen screen, JsonArray items)
    {
        if (items.Count == 0)
        {
            screen.Line($"There are none. Add one with: {CommandName.Typed} credentials add --endpoint NAME");
            return;
        }
        screen.Table(["ID", "ENDPOINT", "KIND", "KNOWN BY", "STATE", "UNTIL"], items.Select(i => new[]
        {
            Text(i, "id"), Text(i, i!["endpoint"] is null ? "endpointPattern" : "endpoint"), Text(i, "kind"),
            Text(i, i["pskIdentity"] is not null ? "pskIdentity" : i["subject"] is not null ? "subject" : "fingerprint"), Text(i, "state"), Text(i, "notAfter"),
        }));
    }

    private static ExampleCommand Switch(string name, string description, bool isEnabled)
    {
        var verb = ServerVerb.Create(name, description, $"credentials {name} my-meter");
        var which = Which();
        verb.Command.Arguments.Add(which);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var id = await FindAsync(api, parsed.GetValue(which)!, cancel);
            var changed = await api.SendAsync(HttpMethod.Patch, Address(id), new JsonObject { ["enabled"] = isEnabled }, cancel);
            screen.Answer(changed!, s => s.Line($"{id} is {changed!["state"]}."));
        });
    }

    private static ExampleCommand Remove()
    {
        var verb = ServerVerb.Create("remove", "Forgets a credential: its device is refused, and its session closed.", "credentials remove my-meter");
        var which = Which();
        verb.Command.Arguments.Add(which);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var id = await FindAsync(api, parsed.GetValue(which)!, cancel);
            await api.SendAsync(HttpMethod.Delete, Address(id), null, cancel);
            screen.Answer(new JsonObject { ["removed"] = id }, s => s.Line($"{id} is gone."));
        });
    }

    private static ExampleCommand Import()
    {
        var verb = ServerVerb.Create("import",
            $"Adds many credentials: a table (CSV) whose first line names its columns, of {string.Join(", ", CredentialCsv.Columns)}. All of it is taken, or none.",
            "credentials import meters.csv", "credentials import meters.csv --dry-run");
        var file = new Argument<FileInfo>("file") { Description = "The table." };
        file.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<FileInfo>() is { Exists: false } none)
            {
                result.AddError($"There is no file {none}.");
            }
        });
        var dry = new Option<bool>("--dry-run") { Description = "Only looks what is wrong." };
        verb.Command.Arguments.Add(file);
        verb.Command.Options.Add(dry);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var body = new JsonObject { ["csv"] = CredentialArguments.TextOf(parsed.GetValue(file)!.FullName), ["dryRun"] = parsed.GetValue(dry) };
            var answer = await api.SendAsync(HttpMethod.Post, $"{Url}/import", body, cancel);
            screen.Answer(answer!, s => Tell(s, answer!));
            if (answer!["problems"]!.AsArray().Count > 0)
            {
                throw new VerbException(ExitCode.Refused, "Nothing was added.");
            }
        });
    }

    private static void Tell(Screen screen, JsonNode answer)
    {
        foreach (var problem in answer["problems"]!.AsArray())
        {
            screen.Line($"{Where(problem!)}: {problem!["problem"]}");
        }
        foreach (var warning in answer["warnings"]!.AsArray())
        {
            screen.Line($"{Where(warning!)}: warning: {warning!["warning"]}");
        }
        if (answer["problems"]!.AsArray().Count == 0)
        {
            var counted = Counted.Of(answer["credentials"]!.GetValue<int>(), "credential", "credentials");
            screen.Line(answer["added"]!.GetValue<bool>() ? $"{counted} added." : $"{counted} can be added.");
        }
    }

    private static string Where(JsonNode said) => said["line"]!.GetValue<int>() is > 0 and var line ? $"line {line}" : "the table";

    private static string Text(JsonNode? item, string name) => item![name]?.ToString() ?? "";
}
