using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>Values as they are typed: <c>5700=21.5</c>, <c>11/0=1</c>.</summary>
internal static class Assignments
{
    public static JsonArray Read(IEnumerable<string> texts, Func<string, JsonNode> literal)
    {
        var values = new JsonArray();
        foreach (var text in texts)
        {
            var sign = text.IndexOf('=', StringComparison.Ordinal);
            if (sign < 1)
            {
                throw new VerbException(ExitCode.Usage, $"'{text}' names no resource.", "Write ID=VALUE, as in 5700=21.5");
            }
            values.Add((JsonNode)new JsonObject { ["path"] = text[..sign], ["value"] = literal(text[(sign + 1)..]) });
        }
        return values;
    }
}
