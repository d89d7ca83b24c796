using System.CommandLine;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>The notification attributes as options: <c>--pmin 5 --gt 30</c>.</summary>
internal sealed class AttributeArguments
{
    private readonly Option<double?>[] _options;

    private AttributeArguments(params Option<double?>[] options) => _options = options;

    public static AttributeArguments Create() => new(
        Make("--pmin", "Seconds at least between notifications."),
        Make("--pmax", "Seconds at most between notifications."),
        Make("--gt", "Tells when the value rises above this."),
        Make("--lt", "Tells when the value falls below this."),
        Make("--st", "Tells when the value has changed by this."),
        Make("--epmin", "Seconds at least between looks at the value (1.1)."),
        Make("--epmax", "Seconds at most between looks at the value (1.1)."),
        Make("--edge", "Tells a truth when it becomes 1 or 0 only (1.2)."),
        Make("--con", "1 has notifications confirmed (1.2)."),
        Make("--hqmax", "How many values are kept while the server is away (1.2)."));

    public void AddTo(Command command)
    {
        foreach (var option in _options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The attributes that were given; null when there are none.</summary>
    public JsonObject? Read(ParseResult parsed)
    {
        var given = new JsonObject();
        foreach (var option in _options)
        {
            if (parsed.GetValue(option) is { } number)
            {
                given[option.Name.TrimStart('-')] = double.IsInteger(number) ? (long)number : number;
            }
        }
        return given.Count > 0 ? given : null;
    }

    private static Option<double?> Make(string name, string description) => new(name) { Description = description, HelpName = "NUMBER" };
}
