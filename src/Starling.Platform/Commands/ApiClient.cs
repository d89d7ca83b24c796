using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>The API as the verbs use it. Every failure is a <see cref="VerbException"/> with the exit code and words that help.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _url;

    public ApiClient(Uri url)
    {
        _url = url;
        _http = new HttpClient { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The part of a path that names a device and something on it.</summary>
    public static string Device(string endpoint, string rest = "") => $"/api/v1/devices/{Uri.EscapeDataString(endpoint)}{rest}";

    /// <summary>Sends a request and gives the body of a good answer; null when it has none.</summary>
    public async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonAnswer.ToBytes(body).ToArray());
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        using var response = await ReachAsync(request, HttpCompletionOption.ResponseContentRead, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        if (response.StatusCode == HttpStatusCode.Accepted && Parse(text) is JsonObject queued && queued.ContainsKey("expiresAt"))
        {
            throw new QueuedException(queued);
        }
        if (!response.IsSuccessStatusCode)
        {
            throw Refused(response.StatusCode, Parse(text) as JsonObject);
        }
        return response.StatusCode == HttpStatusCode.NoContent ? null : Parse(text) as JsonObject ?? throw NoStarling();
    }

    /// <summary>All items of a list, page by page.</summary>
    /// <param name="list">The list with its query, which says how long a page is.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<JsonArray> ListAsync(string list, CancellationToken cancel)
    {
        var items = new JsonArray();
        for (var page = list; page is not null;)
        {
            var answer = await SendAsync(HttpMethod.Get, page, null, cancel);
            foreach (var item in answer?["items"] as JsonArray ?? throw NoStarling())
            {
                items.Add(item!.DeepClone());
            }
            page = answer!["next"]?.GetValue<string>();
        }
        return items;
    }

    /// <summary>Listens to the server's events. Returns once the server streams, so that nothing that follows is missed. The stream never ends well: it is left.</summary>
    public async Task<IAsyncEnumerable<JsonObject>> ListenAsync(string endpoint, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/events?endpoint={Uri.EscapeDataString(endpoint)}");
        var response = await ReachAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
        {
            throw Refused(response.StatusCode, Parse(await response.Content.ReadAsStringAsync(cancel)) as JsonObject);
        }
        return response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? ReadEventsAsync(response, cancel) : throw NoStarling();
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> ReachAsync(HttpRequestMessage request, HttpCompletionOption until, CancellationToken cancel)
    {
        try
        {
            return await _http.SendAsync(request, until, cancel);
        }
        catch (HttpRequestException unreachable)
        {
            throw new VerbException(ExitCode.Unreachable, $"No Starling server answers at {_url.ToString().TrimEnd('/')} ({unreachable.Message}).",
                $"Start one with: {CommandName.Typed} up\nor say where it is with: --url http://HOST:PORT");
        }
    }

    private VerbException NoStarling() => new(ExitCode.Unreachable, $"What answers at {_url.ToString().TrimEnd('/')} is no Starling server, or one of another version.",
        "Say where the server's API is with: --url http://HOST:PORT");

    private async IAsyncEnumerable<JsonObject> ReadEventsAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var owned = response;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await ReadLineAsync(reader, cancel) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && Parse(line[6..]) is JsonObject happened)
            {
                yield return happened;
            }
        }
    }

    private async Task<string> ReadLineAsync(StreamReader reader, CancellationToken cancel)
    {
        try
        {
            if (await reader.ReadLineAsync(cancel) is { } line)
            {
                return line;
            }
        }
        catch (IOException)
        {
            // It was cut off: for the listener that is an end like the other.
        }
        throw new VerbException(ExitCode.Unreachable, $"The server at {_url.ToString().TrimEnd('/')} has stopped.", "What it tells after a restart needs a new command.");
    }

    private static VerbException Refused(HttpStatusCode status, JsonObject? problem)
    {
        var side = problem?["side"]?.GetValue<string>();
        var exit = status == HttpStatusCode.GatewayTimeout ? ExitCode.NoAnswer : side == "request" ? ExitCode.Usage : ExitCode.Refused;
        var detail = problem?["detail"]?.GetValue<string>() ?? $"The server answered {(int)status}.";
        var hint = (side, problem?["field"]?.GetValue<string>()) switch
        {
            ("server", "endpoint") => $"See who is registered with: {CommandName.Typed} devices",
            ("device", _) when status == HttpStatusCode.NotFound => $"See what the device has with: {CommandName.Typed} discover ENDPOINT",
            ("device", _) when status == HttpStatusCode.GatewayTimeout => "The device may be asleep or gone; its registration stays until its lifetime ends.",
            _ => null,
        };
        return new VerbException(exit, detail, hint) { Problem = problem };
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
