using System.Text.Json;
using System.Text.Unicode;

namespace Starling.Platform;

/// <summary>A request's body: one JSON object with known members.</summary>
internal sealed class JsonBody : IDisposable
{
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = 16 };
    private static readonly ApiProblem _noText = ApiProblem.BadField("body", "The body has bytes that are no UTF-8, or an escape that is half a character.");
    private readonly JsonDocument? _document;

    private JsonBody(JsonDocument? document) => _document = document;

    /// <summary>Whether there was no body at all.</summary>
    public bool IsEmpty => _document is null;

    /// <summary>The body; <see cref="JsonValueKind.Undefined"/> when there is none.</summary>
    public JsonElement Root => _document?.RootElement ?? default;

    /// <summary>Reads the body. Members that are not known are refused by name: a misspelt one must not be lost in silence.</summary>
    public static async Task<(JsonBody? Body, ApiProblem? Problem)> ReadAsync(HttpContext context, params string[] members)
    {
        try
        {
            using var buffer = new MemoryStream();
            await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
            if (buffer.Length == 0)
            {
                return (new JsonBody(null), null);
            }
            var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), _options);
            if ((IsText(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)) ? Check(document.RootElement, members) : _noText) is { } problem)
            {
                document.Dispose();
                return (null, problem);
            }
            return (new JsonBody(document), null);
        }
        catch (JsonException bad)
        {
            return (null, ApiProblem.BadField("body", $"The body is not JSON: {bad.Message}"));
        }
        catch (BadHttpRequestException bad)
        {
            return (null, ApiProblem.BadField("body", bad.Message) with { Status = bad.StatusCode });
        }
    }

    /// <summary>A member; false when it is absent or null.</summary>
    public bool TryGet(string name, out JsonElement member)
    {
        member = default;
        return Root.ValueKind == JsonValueKind.Object && Root.TryGetProperty(name, out member) && member.ValueKind != JsonValueKind.Null;
    }

    public void Dispose() => _document?.Dispose();

    // JSON can spell what is no text, and whoever asked for such a member would fail: here, so that nobody further on has to think of it.
    private static bool IsText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                _ = reader.ValueIsEscaped ? reader.GetString() : null;
            }
            return Utf8.IsValid(json);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static ApiProblem? Check(JsonElement root, string[] members)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return ApiProblem.BadField("body", $"The body must be a JSON object with {string.Join(", ", members.Select(m => $"\"{m}\""))}.");
        }
        foreach (var member in root.EnumerateObject())
        {
            if (!members.Contains(member.Name))
            {
                return ApiProblem.BadField(member.Name, $"There is no field \"{member.Name}\" here; there is {string.Join(", ", members.Select(m => $"\"{m}\""))}.");
            }
        }
        return null;
    }
}
