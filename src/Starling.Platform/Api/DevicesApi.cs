using System.Globalization;
using System.Text.Json.Nodes;
using Starling.Server;

namespace Starling.Platform;

/// <summary>The devices: a list in pages, one of them, and its removal.</summary>
internal sealed class DevicesApi(Lwm2mServer server, DeviceOperations operations)
{
    private const int DefaultPage = 100;
    private const int MaxPage = 1000;

    public void Map(RouteGroupBuilder api)
    {
        api.Handle("GET", "/devices", List);
        api.Handle("GET", "/devices/{endpoint}", Get);
        api.Handle("DELETE", "/devices/{endpoint}", RemoveAsync);
    }

    private IResult List(HttpContext context)
    {
        var limit = DefaultPage;
        if (context.Request.Query["limit"] is [{ } text]
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxPage))
        {
            return ApiProblem.BadField("limit", $"limit is the number of devices in a page, 1 to {MaxPage}.").ToResult();
        }
        DeviceKey? after = context.Request.Query["after"] is [{ } endpoint] ? new DeviceKey(endpoint) : null;
        var devices = server.List(after, limit + 1);
        var page = devices.Take(limit).ToArray();
        var next = devices.Count > limit
            ? $"/api/v1/devices?limit={limit.ToString(CultureInfo.InvariantCulture)}&after={Uri.EscapeDataString(page[^1].Key.Endpoint)}"
            : null;
        return JsonAnswer.Ok(new JsonObject
        {
            ["items"] = new JsonArray([.. page.Select(d => DeviceJson.Summary(d.Registration))]),
            ["next"] = next,
        });
    }

    private IResult Get(HttpContext context) =>
        operations.TryFind(context, out _, out var device, out var problem)
            ? JsonAnswer.Ok(DeviceJson.Whole(device, operations.CatalogOf(device), server.Settings))
            : problem!.ToResult();

    private async Task<IResult> RemoveAsync(HttpContext context)
    {
        if (!operations.TryFind(context, out var target, out var device, out var problem))
        {
            return problem!.ToResult();
        }
        return await server.RemoveAsync(device.Key, context.RequestAborted)
            ? Results.NoContent()
            : ApiProblem.UnknownEndpoint(target.Endpoint).ToResult();
    }
}
