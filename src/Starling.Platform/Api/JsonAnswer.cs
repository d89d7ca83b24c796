using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>An answer with a JSON body.</summary>
internal sealed class JsonAnswer(int status, JsonNode body) : IResult
{
    // Never a part of a page, so only JSON's own characters are escaped: people read these answers.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string ContentType { get; init; } = "application/json";
    public string? Location { get; init; }
    public string? Allow { get; init; }

    public static JsonAnswer Ok(JsonNode body) => new(StatusCodes.Status200OK, body);

    public static JsonAnswer Created(string location, JsonNode body) => new(StatusCodes.Status201Created, body) { Location = location };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";   // keys that are shown once, and values that are old at once
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }
        if (Allow is not null)
        {
            response.Headers.Allow = Allow;
        }
        byte[] line = [.. ToBytes(body).Span, (byte)'\n'];   // so that a prompt stands on a line of its own
        response.ContentLength = line.Length;
        await response.Body.WriteAsync(line, httpContext.RequestAborted);
    }

    /// <summary>The JSON text in one line.</summary>
    public static ReadOnlyMemory<byte> ToBytes(JsonNode body)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, _options))
        {
            body.WriteTo(writer);
        }
        return buffer.WrittenMemory;
    }
}
