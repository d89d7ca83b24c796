using System.Text;
using System.Text.Json.Nodes;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>What happens, as server-sent events (HTML standard §9.2). A listener that comes back with Last-Event-ID goes on where it stopped.</summary>
internal sealed class EventsApi(EventLog log, Lwm2mServer server, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(15);

    public void Map(RouteGroupBuilder api) => api.MapGet("/events", StreamAsync);

    private async Task StreamAsync(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        var next = log.Resume(context.Request.Headers["Last-Event-ID"], out var missed);
        try
        {
            // At once, so that the listener knows that from here on it misses nothing.
            await SendAsync(response, ": starling\n\n", end.Token);
            if (missed)
            {
                await SendAsync(response, "event: gap\ndata: {\"type\":\"gap\",\"cause\":\"Events since the last one are not kept any more.\"}\n\n", end.Token);
            }
            await PumpAsync(context, next, end.Token);
        }
        catch (OperationCanceledException)
        {
            // The listener went away, or the program ends.
        }
    }

    private async Task PumpAsync(HttpContext context, long next, CancellationToken cancel)
    {
        var endpoint = context.Request.Query["endpoint"].ToString();
        using var beat = new PeriodicTimer(_heartbeat, time);
        var tick = beat.WaitForNextTickAsync(cancel).AsTask();
        while (true)
        {
            var read = log.ReadAsync(next, cancel).AsTask();
            while (await Task.WhenAny(read, tick) == tick)
            {
                await tick;
                await SendAsync(context.Response, ":\n\n", cancel);   // finds out whether the listener is still there
                tick = beat.WaitForNextTickAsync(cancel).AsTask();
            }
            var (number, happened) = await read;
            if (number > next)
            {
                await SendAsync(context.Response, Frame(null, "gap", new JsonObject { ["type"] = "gap", ["missed"] = number - next }), cancel);
            }
            if (endpoint.Length == 0 || happened is DeviceEvent.Gap || happened.Key.Endpoint == endpoint)
            {
                await SendAsync(context.Response, Frame($"{log.Run}-{number}", EventJson.TypeOf(happened), EventJson.Write(happened, CatalogOf(happened))), cancel);
            }
            next = number + 1;
        }
    }

    private CatalogView CatalogOf(DeviceEvent happened) => server.Find(happened.Key)?.Registration is { } registration
        ? server.Catalog.ViewFor(registration.Links, registration.Version)
        : new CatalogView(server.Catalog);

    private static string Frame(string? id, string type, JsonObject body)
    {
        if (id is not null)
        {
            body.Insert(0, "id", id);
        }
        var data = Encoding.UTF8.GetString(JsonAnswer.ToBytes(body).Span);
        return $"{(id is null ? "" : $"id: {id}\n")}event: {type}\ndata: {data}\n\n";
    }

    private static async Task SendAsync(HttpResponse response, string text, CancellationToken cancel)
    {
        await response.WriteAsync(text, cancel);
        await response.Body.FlushAsync(cancel);
    }
}
