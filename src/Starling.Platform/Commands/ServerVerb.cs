using System.CommandLine;

namespace Starling.Platform;

/// <summary>What all verbs that talk to a server share: <c>--url</c>, <c>--json</c>, and the arguments that name a device and a path.</summary>
internal sealed class ServerVerb
{
    /// <summary>Where a server is that was started without options.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    private readonly Option<string> _url = new("--url") { Description = "Where the server's API is.", DefaultValueFactory = _ => DefaultUrl, HelpName = "URL" };
    private readonly Option<bool> _json = new("--json") { Description = "Prints JSON, one line an answer, for programs." };

    private ServerVerb(ExampleCommand command) => Command = command;

    /// <summary>The command, to add arguments and options to.</summary>
    public ExampleCommand Command { get; }

    /// <summary>Makes a verb.</summary>
    public static ServerVerb Create(string name, string description, params string[] examples) => new(new ExampleCommand(name, description, examples));

    /// <summary>The argument that names a device.</summary>
    public static Argument<string> Endpoint() => new("endpoint") { Description = $"The device's endpoint name, as '{CommandName.Typed} devices' lists it." };

    /// <summary>The argument that names a path.</summary>
    public static Argument<string?> Path(string description, bool isOptional = false, bool mayHaveValue = false)
    {
        var path = new Argument<string?>("path") { Description = description, Arity = isOptional ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne };
        path.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0)
            {
                return;
            }
            var text = result.GetValueOrDefault<string>()!;
            if (!Lwm2m.Lwm2mPath.TryParse(mayHaveValue ? text.Split('=')[0] : text, null, out _))
            {
                result.AddError($"'{text}' is no path. Write numbers as in /3/0/0: object, instance, resource, resource instance.");
            }
        });
        return path;
    }

    /// <summary>The argument that names one path or several.</summary>
    public static Argument<string[]> Paths(string description)
    {
        var paths = new Argument<string[]>("path") { Description = description, Arity = ArgumentArity.OneOrMore };
        paths.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => !Lwm2m.Lwm2mPath.TryParse(t.Value, null, out _)))
            {
                result.AddError($"'{token.Value}' is no path. Write numbers as in /3/0/0: object, instance, resource, resource instance.");
            }
        });
        return paths;
    }

    /// <summary>Sets what the verb does, as the last thing.</summary>
    public ExampleCommand Does(Func<ParseResult, ApiClient, Screen, CancellationToken, Task> act)
    {
        Command.Options.Add(_url);
        Command.Options.Add(_json);
        Command.SetAction(async (parsed, cancel) =>
        {
            var text = parsed.GetValue(_url)!;
            if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            {
                throw new VerbException(ExitCode.Usage, $"'{text}' is no URL of a server.", "Write it as in --url http://127.0.0.1:8080");
            }
            using var api = new ApiClient(url);
            var screen = new Screen(parsed.InvocationConfiguration.Output, parsed.GetValue(_json));
            try
            {
                await act(parsed, api, screen, cancel);
            }
            catch (QueuedException queued)
            {
                screen.Answer(queued.Operation, s => Tell(s, queued.Operation));
            }
            return ExitCode.Done;
        });
        return Command;
    }

    private static void Tell(Screen screen, System.Text.Json.Nodes.JsonObject operation)
    {
        screen.Line($"{operation["endpoint"]} does not listen: queued as {operation["id"]}, until {operation["expiresAt"]}.");
        screen.Line($"See what becomes of it with: {CommandName.Typed} queue {operation["endpoint"]}");
    }

    /// <summary>A path as the API wants it, with the slash in front.</summary>
    public static string Normal(string? path) => Lwm2m.Lwm2mPath.Parse(path!).ToString();
}
