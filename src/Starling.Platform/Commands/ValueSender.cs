using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>
/// Sends values that were typed as text. Only the server knows the resource's type: what looks like a number or a truth goes as one,
/// and when the server wants something else for one of them, that one goes once more as text.
/// </summary>
internal sealed class ValueSender(ApiClient api, HttpMethod method, string path)
{
    /// <summary>Sends the body that is made with a way to write each value, which it uses in the order of the values.</summary>
    public async Task<JsonNode?> SendAsync(Func<Func<string, JsonNode>, JsonObject> body, CancellationToken cancel)
    {
        Dictionary<int, VerbException> refused = [];
        while (true)
        {
            try
            {
                var index = 0;
                return await api.SendAsync(method, path, body(text => refused.ContainsKey(index++) ? JsonValue.Create(text) : Literal(text)), cancel);
            }
            catch (VerbException wrong) when (IndexOf(wrong.Problem) is { } index)
            {
                if (refused.TryGetValue(index, out var first))
                {
                    throw first;   // neither way is of the resource's type, and the first answer is about what was typed
                }
                refused.Add(index, wrong);
            }
        }
    }

    /// <summary>Which value is not of its resource's type: the field is <c>value</c> or <c>values[3].value</c>. Null when that is not what is wrong.</summary>
    private static int? IndexOf(JsonObject? problem)
    {
        if (problem?["reason"]?.GetValue<string>() != "type" || problem["field"]?.GetValue<string>() is not { } field)
        {
            return null;
        }
        var (open, close) = (field.IndexOf('[', StringComparison.Ordinal), field.IndexOf(']', StringComparison.Ordinal));
        return field == "value" ? 0
            : close > open && int.TryParse(field.AsSpan(open + 1, close - open - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index
            : null;
    }

    private static JsonNode Literal(string text)
    {
        try
        {
            var parsed = JsonNode.Parse(text);
            return parsed is JsonValue value && value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.String
                ? parsed
                : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
