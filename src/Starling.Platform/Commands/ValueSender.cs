using System.Text.Json;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>
/// Sends values that were typed as text. Only the server knows the resource's type: what looks like a number or a truth goes as one,
/// and when the server wants something else, everything goes once more as text.
/// </summary>
internal sealed class ValueSender(ApiClient api, HttpMethod method, string path)
{
    /// <summary>Sends the body that is made with a way to write each value.</summary>
    public async Task<JsonNode?> SendAsync(Func<Func<string, JsonNode>, JsonObject> body, CancellationToken cancel)
    {
        try
        {
            return await api.SendAsync(method, path, body(Literal), cancel);
        }
        catch (VerbException wrong) when (wrong.Data["field"] is string field && field.StartsWith("value", StringComparison.Ordinal))
        {
            return await SendAsTextAsync(body, wrong, cancel);
        }
    }

    private async Task<JsonNode?> SendAsTextAsync(Func<Func<string, JsonNode>, JsonObject> body, VerbException wrong, CancellationToken cancel)
    {
        try
        {
            return await api.SendAsync(method, path, body(text => JsonValue.Create(text)), cancel);
        }
        catch (VerbException asText) when (asText.Message.Contains("must be a number", StringComparison.Ordinal) || asText.Message.Contains("must be true", StringComparison.Ordinal))
        {
            throw wrong;   // it was of the right type, and what is wrong with it was said then
        }
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
