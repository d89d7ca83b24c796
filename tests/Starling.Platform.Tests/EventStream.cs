using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Starling.Platform.Tests;

/// <summary>The API's event stream as a browser reads it: fields of a frame by their names.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _reader = new StreamReader(stream);
    }

    /// <summary>The first line of the stream.</summary>
    public string Greeting { get; private set; } = "";

    public static async Task<EventStream> OpenAsync(RunningPlatform platform, string query = "", string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events" + query);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }
        var response = await platform.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, RunningPlatform.Patience);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var stream = new EventStream(response, await response.Content.ReadAsStreamAsync());
        stream.Greeting = await stream._reader.ReadLineAsync(RunningPlatform.Patience) ?? "";
        return stream;
    }

    /// <summary>The next event of a type.</summary>
    public async Task<(string Id, JsonObject Body)> NextAsync(string type, Func<JsonObject, bool>? which = null)
    {
        await foreach (var (id, name, body) in FramesAsync(RunningPlatform.Patience))
        {
            if (name == type && (which is null || which(body)))
            {
                return (id, body);
            }
        }
        throw new InvalidOperationException($"The stream ended without '{type}'.");
    }

    public async IAsyncEnumerable<(string Id, string Type, JsonObject Body)> FramesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var (id, type, data) = ("", "", "");
        while (await _reader.ReadLineAsync(cancel) is { } line)
        {
            if (line.Length == 0 && data.Length > 0)
            {
                yield return (id, type, JsonNode.Parse(data)!.AsObject());
                (id, type, data) = ("", "", "");
            }
            (id, type, data) = line.Split(": ", 2) switch
            {
                ["id", var value] => (value, type, data),
                ["event", var value] => (id, value, data),
                ["data", var value] => (id, type, value),
                _ => (id, type, data),
            };
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
