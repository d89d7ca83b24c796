using System.Collections.Immutable;
using System.CommandLine;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Who may register under which name: <c>--admit 'urn:dev:{cn}' --unsecured refuse</c>.</summary>
internal sealed class AdmissionArguments
{
    private static readonly ImmutableDictionary<string, UnsecuredDevices> _unsecuredDevices = ImmutableDictionary.CreateRange(StringComparer.Ordinal,
    [
        KeyValuePair.Create("refuse", UnsecuredDevices.Refused),
        KeyValuePair.Create("unclaimed", UnsecuredDevices.WithoutCredential),
        KeyValuePair.Create("allow", UnsecuredDevices.Allowed),
    ]);

    private readonly Option<string[]> _patterns = new("--admit")
    {
        Description = "Which names a device may take that no credential binds to one, with {identity}, {cn}, {san}, {fingerprint} and * in it; may be repeated. "
            + "Unless given: its PSK identity, common name, one of its alternative names, or fingerprint.",
        HelpName = "PATTERN",
    };

    private readonly Option<string> _unsecured = new("--unsecured")
    {
        Description = "What devices without security may do: register under names that no credential claims (unclaimed), under any (allow), or nothing (refuse): plain CoAP then only answers 4.03.",
        HelpName = "WHICH",
        DefaultValueFactory = _ => "unclaimed",
    };

    private AdmissionArguments() { }

    public static AdmissionArguments AddTo(Command command)
    {
        var arguments = new AdmissionArguments();
        command.Options.Add(arguments._patterns);
        command.Options.Add(arguments._unsecured);
        return arguments;
    }

    /// <summary>What they say.</summary>
    /// <exception cref="VerbException">They cannot be used.</exception>
    public AdmissionSettings Read(ParseResult parsed)
    {
        var said = parsed.GetValue(_unsecured)!;
        if (!_unsecuredDevices.TryGetValue(said, out var unsecured))
        {
            throw new VerbException(ExitCode.Usage, $"--unsecured: there is no '{said}'.", "Write unclaimed, allow or refuse.");
        }
        var settings = new AdmissionSettings { Unsecured = unsecured };
        return parsed.GetValue(_patterns) is { Length: > 0 } patterns ? settings with { Patterns = [.. patterns.Select(Pattern)] } : settings;
    }

    private static EndpointPattern Pattern(string text) => EndpointPattern.TryParse(text, out var pattern, out var why)
        ? pattern
        : throw new VerbException(ExitCode.Usage, $"--admit '{text}': {why}", "Write a name with placeholders, as in --admit 'urn:dev:{cn}'");
}
