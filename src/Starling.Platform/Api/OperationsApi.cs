using System.Globalization;
using System.Text.Json.Nodes;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Queued operations: a list, one of them, and its cancellation.</summary>
internal sealed class OperationsApi(Lwm2mServer server)
{
    private const int MaxPage = 1000;
    private const int MaxWait = 600;

    public void Map(RouteGroupBuilder api)
    {
        api.Handle("GET", "/operations", List);
        api.Handle("GET", "/operations/{id}", GetAsync);
        api.Handle("DELETE", "/operations/{id}", CancelAsync);
    }

    private IResult List(HttpContext context)
    {
        var query = context.Request.Query;
        var (limit, after) = (100, 0L);
        if (query["limit"] is [{ } text] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxPage))
        {
            return ApiProblem.BadField("limit", $"limit is the number of operations in a page, 1 to {MaxPage}.").ToResult();
        }
        if (query["after"] is [{ } place] && !long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            return ApiProblem.BadField("after", "after is a number, as next has it.").ToResult();
        }
        DeviceKey? device = query["endpoint"] is [{ } endpoint] ? new DeviceKey(endpoint) : null;
        var found = server.Operations.List(device, after, limit + 1);
        var page = found.Take(limit).ToArray();
        var of = device is { } key ? $"&endpoint={Uri.EscapeDataString(key.Endpoint)}" : "";
        var next = found.Count > limit ? string.Create(CultureInfo.InvariantCulture, $"/api/v1/operations?limit={limit}&after={page[^1].Order}{of}") : null;
        return JsonAnswer.Ok(new JsonObject { ["items"] = new JsonArray([.. page.Select(Show)]), ["next"] = next });
    }

    private async Task<IResult> GetAsync(HttpContext context)
    {
        var patience = TimeSpan.Zero;
        if (context.Request.Query["wait"] is [{ } text])
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > MaxWait)
            {
                return ApiProblem.BadField("wait", $"wait is a number of seconds, 1 to {MaxWait}.").ToResult();
            }
            patience = TimeSpan.FromSeconds(seconds);
        }
        var id = IdOf(context);
        return await server.Operations.WaitAsync(id, patience, context.RequestAborted) is { } found ? JsonAnswer.Ok(Show(found)) : Unknown(id);
    }

    private async Task<IResult> CancelAsync(HttpContext context)
    {
        var id = IdOf(context);
        return await server.Operations.CancelAsync(id) is { } found ? JsonAnswer.Ok(Show(found)) : Unknown(id);
    }

    private JsonObject Show(QueuedOperation operation) =>
        OperationJson.Write(operation, server.Find(operation.Device)?.Catalog ?? new Lwm2m.CatalogView(server.Catalog));

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static IResult Unknown(string id) => new ApiProblem(
        StatusCodes.Status404NotFound, ProblemSide.Server, "No such operation.", $"There is no queued operation '{id}', or its result has been forgotten.")
    { Field = "id" }.ToResult();
}
