using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>What makes credentials and asks about them: <c>starling credentials add</c>, <c>rotate</c> and <c>explain</c>.</summary>
internal static class CredentialsAddCommand
{
    public static Command Add()
    {
        var verb = ServerVerb.Create("add", "Adds a credential: by what a device is known, and for which endpoint name.",
            "credentials add --endpoint my-meter", "credentials add --endpoint meter-8 --psk-identity meter-8-key --psk-key 8f3a0c55d19be2740196ac4de87b3142",
            "credentials add --endpoint meter-9 --public-key meter-9.pub.pem", "credentials add --ca pki/ca.pem --endpoint-pattern {cn}");
        var endpoint = new Option<string?>("--endpoint") { Description = "The endpoint name that it stands for.", HelpName = "NAME" };
        var generate = new Option<bool>("--generate") { Description = "Makes a pre-shared key and shows it once: what happens without --psk-key." };
        verb.Command.Options.Add(endpoint);
        var options = CredentialArguments.New().WithAuthority().On(verb.Command);
        verb.Command.Options.Add(generate);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var body = options.Read(parsed);
            if (parsed.GetValue(generate) && body.ContainsKey("pskKey"))
            {
                throw new VerbException(ExitCode.Usage, "--generate makes a key; --psk-key gives one.", "Take one of them.");
            }
            if (parsed.GetValue(endpoint) is { } name)
            {
                body["endpoint"] = name;
            }
            var added = await api.SendAsync(HttpMethod.Post, "/api/v1/credentials", body, cancel);
            screen.Answer(added!, s => Show(s, added!));
        });
    }

    public static Command Rotate()
    {
        var verb = ServerVerb.Create("rotate", "Puts a new credential beside one. Both count for a while; then the old one ends.",
            "credentials rotate my-meter", "credentials rotate my-meter --overlap 3600", "credentials rotate my-meter --overlap 0 --psk-identity my-meter-b");
        var which = CredentialsCommand.Which();
        var overlap = new Option<int?>("--overlap") { Description = "How long both count; 86400, a day, unless given. 0 ends the old one at once.", HelpName = "SECONDS" };
        verb.Command.Arguments.Add(which);
        verb.Command.Options.Add(overlap);
        var options = CredentialArguments.New().On(verb.Command);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var body = options.Read(parsed);
            if (parsed.GetValue(overlap) is { } seconds)
            {
                body["overlap"] = seconds;
            }
            var id = await CredentialsCommand.FindAsync(api, parsed.GetValue(which)!, cancel);
            var next = await api.SendAsync(HttpMethod.Post, CredentialsCommand.Address(id, "/rotate"), body, cancel);
            var old = await api.SendAsync(HttpMethod.Get, CredentialsCommand.Address(id), null, cancel);
            screen.Answer(next!, s =>
            {
                Show(s, next!);
                s.Line($"The old one, {id}, ends at {old!["notAfter"]}.");
            });
        });
    }

    public static Command Explain()
    {
        var verb = ServerVerb.Create("explain", "Says what would become of a device: of its handshake, then of its Register. Nothing is changed.",
            "credentials explain my-meter", "credentials explain my-meter --psk-identity my-meter");
        var endpoint = new Argument<string?>("endpoint") { Description = "The endpoint name that the device tells; it may tell none.", Arity = ArgumentArity.ZeroOrOne };
        verb.Command.Arguments.Add(endpoint);
        var options = CredentialArguments.Asked().On(verb.Command);
        return verb.Does(async (parsed, api, screen, cancel) =>
        {
            var body = options.Read(parsed);
            if (parsed.GetValue(endpoint) is { } name)
            {
                body["endpoint"] = name;
            }
            var answer = await api.SendAsync(HttpMethod.Post, "/api/v1/credentials/explain", body, cancel);
            screen.Answer(answer!, s => Tell(s, answer!));
        });
    }

    private static void Tell(Screen screen, JsonNode answer)
    {
        foreach (var step in answer["steps"]!.AsArray())
        {
            screen.Line($"{(step!["allows"]!.GetValue<bool>() ? "yes" : "no ")}  {step["rule"]}: {step["why"]}");
        }
        screen.Line(answer["admitted"]!.GetValue<bool>() ? $"It would be registered as {answer["endpoint"]}."
            : answer["coapCode"] is { } code ? $"Its Register would be answered {code}."
            : "Its handshake would fail.");
    }

    private static void Show(Screen screen, JsonNode added)
    {
        screen.Line($"{added["id"]}: {added["kind"]}{(added["endpoint"] is { } endpoint ? $" for {endpoint}" : added["endpointPattern"] is { } pattern ? $" for {pattern}" : "")}");
        if (added["pskKey"] is { } key)
        {
            screen.Line($"  PSK identity  {added["pskIdentity"]}");
            screen.Line($"  key           {key}");
            screen.Line("The key is shown only now.");
        }
        if (added["warning"] is { } warning)
        {
            screen.Line($"Warning: {warning}");
        }
    }
}
