using System.Text.Json;

namespace Starling.Platform;

/// <summary>A request's body: one JSON object with known members.</summary>
internal sealed class JsonBody : IDisposable
{
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = 16 };
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
            if (Check(document.RootElement, members) is { } problem)
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
