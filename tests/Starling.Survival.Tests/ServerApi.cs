using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Starling.Survival.Tests;

/// <summary>What is asked of the server's REST API. One object a process: connections to the one before are dead.</summary>
internal sealed partial class ServerApi(Uri url) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(url, "/api/v1/") };

    /// <summary>The device as the server knows it; null when it does not.</summary>
    public async Task<JsonObject?> FindAsync(string device, CancellationToken cancel)
    {
        using var response = await _http.GetAsync($"devices/{device}", cancel);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await BodyAsync(response, cancel);
    }

    /// <summary>The value that the console shows for what the device has sent; null when it knows none.</summary>
    public async Task<long?> SentAsync(string device, CancellationToken cancel)
    {
        var page = await _http.GetStringAsync($"/device?ep={device}&at=/3/0", cancel);
        return SentValue().Match(page) is { Success: true } match ? long.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Begins an observation and gives its id.</summary>
    public async Task<string> ObserveAsync(string device, string path, CancellationToken cancel)
    {
        using var response = await _http.PostAsJsonAsync($"devices/{device}/observations", new { paths = new[] { path } }, cancel);
        return (string)(await BodyAsync(response, cancel))["id"]!;
    }

    /// <summary>Ends an observation.</summary>
    public async Task CancelAsync(string device, string id, CancellationToken cancel)
    {
        using var response = await _http.DeleteAsync($"devices/{device}/observations/{id}", cancel);
        await BodyAsync(response, cancel);
    }

    /// <summary>Queues a read and waits for its answer.</summary>
    public async Task QueueReadAsync(string device, string path, CancellationToken cancel)
    {
        using var response = await _http.GetAsync($"devices/{device}/{path}?queue=true", cancel);
        await BodyAsync(response, cancel);
    }

    /// <summary>Queues a write and waits for its answer.</summary>
    public async Task QueueWriteAsync(string device, string path, string value, CancellationToken cancel)
    {
        using var response = await _http.PutAsJsonAsync($"devices/{device}/{path}?queue=true", new { value }, cancel);
        await BodyAsync(response, cancel);
    }

    /// <summary>Queues an Execute and waits for its answer.</summary>
    public async Task QueueExecuteAsync(string device, string path, string arguments, CancellationToken cancel)
    {
        using var response = await _http.PostAsJsonAsync($"devices/{device}/{path}?queue=true", new { arguments }, cancel);
        await BodyAsync(response, cancel);
    }

    /// <summary>A queued operation, or what it is after so many seconds if it has no result before; null when the server does not know it.</summary>
    public async Task<JsonObject?> OperationAsync(string id, int wait, CancellationToken cancel)
    {
        using var response = await _http.GetAsync($"operations/{id}{(wait > 0 ? $"?wait={wait}" : "")}", cancel);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await BodyAsync(response, cancel);
    }

    /// <summary>The queued operations of a device, in order.</summary>
    public async Task<List<JsonObject>> OperationsAsync(string device, CancellationToken cancel)
    {
        using var response = await _http.GetAsync($"operations?endpoint={device}&limit=1000", cancel);
        return [.. (await BodyAsync(response, cancel))["items"]!.AsArray().Select(o => o!.AsObject())];
    }

    public void Dispose() => _http.Dispose();

    // What devices send is large enough to be nothing else.
    [GeneratedRegex(@"\b(1[0-9]{9})\b")]
    private static partial Regex SentValue();

    private static async Task<JsonObject> BodyAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)!.AsObject() : throw new InvalidOperationException($"{(int)response.StatusCode} {text}");
    }
}
