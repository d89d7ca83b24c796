using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Read-Composite and Write-Composite: many paths of a device in one request.</summary>
internal sealed class CompositeApi(DeviceOperations operations)
{
    public void Map(RouteGroupBuilder api)
    {
        api.Handle("POST", "/devices/{endpoint}/composite/read", ReadAsync);
        api.Handle("POST", "/devices/{endpoint}/composite/write", WriteAsync);
    }

    private async Task<IResult> ReadAsync(HttpContext context)
    {
        if (!operations.TryFind(context, out _, out var device, out var problem))
        {
            return problem!.ToResult();
        }
        var (body, wrong) = await JsonBody.ReadAsync(context, "paths");
        using var read = body;
        var paths = new List<Lwm2mPath>();
        if (wrong is not null || !PathsBody.TryRead(body!, isRootAllowed: true, paths, out wrong))
        {
            return wrong!.ToResult();
        }
        return await operations.SendAsync(context, device, new Lwm2mRequest.ReadComposite(paths), r => operations.ValuesOf(device, r));
    }

    private async Task<IResult> WriteAsync(HttpContext context)
    {
        if (!operations.TryFind(context, out _, out var device, out var problem))
        {
            return problem!.ToResult();
        }
        var (body, wrong) = await JsonBody.ReadAsync(context, "values");
        using var read = body;
        var records = new List<Lwm2mRecord>();
        if (wrong is null && !body!.TryGet("values", out _))
        {
            wrong = ApiProblem.BadField("values", "The body must be {\"values\":[{\"path\":\"/3/0/14\",\"value\":…}]}.");
        }
        if (wrong is not null || !(body!.TryGet("values", out var values) && ValuesBody.TryReadList(values, Lwm2mPath.Root, operations.CatalogOf(device), records, out wrong)))
        {
            return wrong!.ToResult();
        }
        return records.Count == 0
            ? ApiProblem.BadField("values", "There is nothing to write.").ToResult()
            : await operations.SendAsync(context, device, new Lwm2mRequest.WriteComposite(records), r => JsonAnswer.Ok(DeviceOperations.StatusOf(r)));
    }
}
