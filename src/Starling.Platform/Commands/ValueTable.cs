using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>Values for people: one as it is, several as a table.</summary>
internal static class ValueTable
{
    /// <summary>Shows the values of an answer to an operation on a path.</summary>
    public static void Show(Screen screen, JsonArray values, string target)
    {
        if (values is [JsonObject only] && only["path"]!.GetValue<string>() == target)
        {
            screen.Line(Value(only));
        }
        else if (values.Count == 0)
        {
            screen.Line($"{target} has no values.");
        }
        else
        {
            screen.Table(["PATH", "NAME", "VALUE", "TYPE"], values.Select(v => new[] { Text(v, "path"), Text(v, "name"), Value(v!), Text(v, "type") }));
        }
    }

    /// <summary>A value with its unit.</summary>
    public static string Value(JsonNode item) => item["units"] is { } units ? $"{Text(item, "value")} {units}" : Text(item, "value");

    private static string Text(JsonNode? item, string name) => item![name]?.ToString() ?? "";
}
