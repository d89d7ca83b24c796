using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary><c>starling observe</c></summary>
internal static class ObserveCommand
{
    public static Command Create()
    {
        var verb = ServerVerb.Create("observe", "Observes paths of a device and prints what it tells, until Ctrl-C or --count.",
            "observe my-device /3303/0/5700", "observe my-device /3303/0/5700 --pmin 1 --count 2 --json", "observe my-device /3/0/9 /3303/0/5700 --composite --count 1");
        var endpoint = ServerVerb.Endpoint();
        var paths = ServerVerb.Paths("What to observe, as in /3303/0/5700.");
        var count = new Option<int?>("--count") { Description = "Ends after so many notifications.", HelpName = "NUMBER" };
        var composite = new Option<bool>("--composite") { Description = "One observation of all paths, with one notification." };
        var attributes = AttributeArguments.Create();
        verb.Command.Arguments.Add(endpoint);
        verb.Command.Arguments.Add(paths);
        verb.Command.Options.Add(count);
        verb.Command.Options.Add(composite);
        attributes.AddTo(verb.Command);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var body = new JsonObject { ["paths"] = new JsonArray([.. parsed.GetValue(paths)!.Select(p => (JsonNode)JsonValue.Create(p))]) };
            if (parsed.GetValue(composite))
            {
                body["composite"] = true;
            }
            if (attributes.Read(parsed) is { } given)
            {
                body["attributes"] = given;
            }
            await ObserveAsync(api, screen, parsed.GetValue(endpoint)!, body, parsed.GetValue(count), cancel);
        });
    }

    private static async Task ObserveAsync(ApiClient api, Screen screen, string endpoint, JsonObject body, int? count, CancellationToken cancel)
    {
        var events = await api.ListenAsync(endpoint, cancel);
        var begun = await api.SendAsync(HttpMethod.Post, ApiClient.Device(endpoint, "/observations"), body, cancel);
        var ids = begun!["items"]!.AsArray().Select(i => i!["id"]!.GetValue<string>()).ToHashSet();
        if (begun["items"]!.AsArray().Any(i => i!["status"] is null))
        {
            await TellSleepAsync(api, screen, endpoint, cancel);
        }
        screen.Line($"Observing {string.Join(", ", begun["items"]!.AsArray().Select(i => i!["path"]))}; Ctrl-C ends it.");
        try
        {
            await foreach (var happened in events)
            {
                if (happened["observation"]?.GetValue<string>() is { } id && ids.Contains(id))
                {
                    screen.Answer(happened, s => Show(s, happened));
                    if (--count <= 0)
                    {
                        return;
                    }
                }
                else if (happened["type"]!.GetValue<string>() is "deregistered" or "expired")
                {
                    throw new VerbException(ExitCode.Refused, $"{endpoint} is not registered any more ({happened["type"]}).");
                }
            }
        }
        catch (OperationCanceledException)
        {
            screen.Line("Ended.");
        }
        finally
        {
            await EndAsync(api, endpoint, ids);
        }
    }

    private static async Task TellSleepAsync(ApiClient api, Screen screen, string endpoint, CancellationToken cancel)
    {
        var device = await api.SendAsync(HttpMethod.Get, ApiClient.Device(endpoint), null, cancel);
        var until = device!["presence"]!["until"] is { } due ? $", until {due} at the latest" : "";
        screen.Line($"{endpoint} sleeps{until}: the observation begins when it wakes.");
    }

    // The device may be gone, or the server: the observation is of no use to us either way.
    private static async Task EndAsync(ApiClient api, string endpoint, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            try
            {
                await api.SendAsync(HttpMethod.Delete, ApiClient.Device(endpoint, $"/observations/{id}?timeout=5"), null, CancellationToken.None);
            }
            catch (VerbException)
            {
                return;
            }
        }
    }

    private static void Show(Screen screen, JsonObject happened)
    {
        foreach (var value in happened["values"]!.AsArray())
        {
            screen.Line($"{happened["at"]}  {value!["path"]}  {ValueTable.Value(value)}");
        }
    }
}
