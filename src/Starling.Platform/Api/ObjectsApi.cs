using System.Text.Json;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Read, Write, Execute, Create, Delete, Discover and Write-Attributes: the paths below a device.</summary>
internal sealed class ObjectsApi(DeviceOperations operations)
{
    public void Map(RouteGroupBuilder api)
    {
        const string route = "/devices/{endpoint}/{**path}";
        api.Handle("GET", route, ReadAsync);
        api.Handle("PUT", route, ReplaceAsync);
        api.Handle("PATCH", route, UpdateAsync);
        api.Handle("POST", route, PostAsync);
        api.Handle("DELETE", route, DeleteAsync);
    }

    private async Task<IResult> ReadAsync(HttpContext context)
    {
        if (!operations.TryFind(context, out var target, out var device, out var problem))
        {
            return problem!.ToResult();
        }
        return target.Action switch
        {
            "" => await operations.SendAsync(context, device, new Lwm2mRequest.Read(target.Path), r => operations.ValuesOf(device, r)),
            "discover" when target.Path.Depth is 1 or 2 or 3 =>
                await operations.SendAsync(context, device, new Lwm2mRequest.Discover(target.Path), r => LinksOf(device, r)),
            "discover" => ApiProblem.BadField("path", "Discover takes an object, an instance or a resource.").ToResult(),
            _ => NoSuchMethod(target).ToResult(),
        };
    }

    private async Task<IResult> ReplaceAsync(HttpContext context)
    {
        if (!operations.TryFind(context, out var target, out var device, out var problem))
        {
            return problem!.ToResult();
        }
        return target.Action switch
        {
            "" => await WriteAsync(context, target, device, replace: true),
            "attributes" => await WriteAttributesAsync(context, target, device),
            _ => NoSuchMethod(target).ToResult(),
        };
    }

    private async Task<IResult> UpdateAsync(HttpContext context)
    {
        if (!operations.TryFind(context, out var target, out var device, out var problem))
        {
            return problem!.ToResult();
        }
        return target.Action.Length > 0
            ? NoSuchMethod(target).ToResult()
            : await WriteAsync(context, target, device, replace: false);
    }

    private async Task<IResult> WriteAsync(HttpContext context, ApiTarget target, DeviceSession device, bool replace)
    {
        if (target.Path.Depth < 2)
        {
            return NoSuchMethod(target).ToResult();
        }
        var (body, problem) = await JsonBody.ReadAsync(context, "value", "values");
        using var read = body;
        var records = new List<Lwm2mRecord>();
        if (problem is not null || !ValuesBody.TryReadWrite(body!, target.Path, operations.CatalogOf(device), records, out problem))
        {
            return problem!.ToResult();
        }
        // One value has no part that could stay: to update it is to replace it.
        var isOne = records is [var only] && only.Path == target.Path;
        var write = new Lwm2mRequest.Write(target.Path, records, replace || isOne);
        return await operations.SendAsync(context, device, write, r => JsonAnswer.Ok(DeviceOperations.StatusOf(r)));
    }

    private async Task<IResult> WriteAttributesAsync(HttpContext context, ApiTarget target, DeviceSession device)
    {
        var (body, problem) = await JsonBody.ReadAsync(context, AttributesBody.Names);
        using var read = body;
        if (problem is not null || !AttributesBody.TryRead(body!.Root, "", out var attributes, out problem))
        {
            return problem!.ToResult();
        }
        return target.Path.IsRoot
            ? ApiProblem.BadField("path", "Attributes belong to an object, an instance, a resource or a resource instance.").ToResult()
            : await operations.SendAsync(context, device, new Lwm2mRequest.WriteAttributes(target.Path, attributes), r => JsonAnswer.Ok(DeviceOperations.StatusOf(r)));
    }

    private async Task<IResult> PostAsync(HttpContext context)
    {
        if (!operations.TryFind(context, out var target, out var device, out var problem))
        {
            return problem!.ToResult();
        }
        return target switch
        {
            { Action.Length: > 0 } => NoSuchMethod(target).ToResult(),
            { Path.IsObject: true } => await CreateAsync(context, target, device),
            { Path.IsResource: true } => await ExecuteAsync(context, target, device),
            _ => NoSuchMethod(target).ToResult(),
        };
    }

    private async Task<IResult> CreateAsync(HttpContext context, ApiTarget target, DeviceSession device)
    {
        var (body, problem) = await JsonBody.ReadAsync(context, "instance", "values");
        using var read = body;
        if (problem is not null || !CreateBody.TryRead(body!, target.Path, operations.CatalogOf(device), out var create, out problem))
        {
            return problem!.ToResult();
        }
        return await operations.SendAsync(context, device, create, response =>
        {
            var answer = DeviceOperations.StatusOf(response);
            var created = response.Created ?? (create.Instance is { } id ? target.Path.Append(id) : null);
            answer["path"] = created?.ToString();
            return JsonAnswer.Created($"/api/v1/devices/{Uri.EscapeDataString(target.Endpoint)}{created}", answer);
        });
    }

    private async Task<IResult> ExecuteAsync(HttpContext context, ApiTarget target, DeviceSession device)
    {
        var (body, problem) = await JsonBody.ReadAsync(context, "arguments");
        using var read = body;
        if (problem is not null)
        {
            return problem.ToResult();
        }
        string? arguments = null;
        if (body!.TryGet("arguments", out var given))
        {
            if (given.ValueKind != JsonValueKind.String || !ExecuteArguments.TryParse(given.GetString(), out _))
            {
                return ApiProblem.BadField("arguments", "\"arguments\" must be a string as in \"0='a',1\" (LwM2M Core 1.2 §6.3.5).").ToResult();
            }
            arguments = given.GetString();
        }
        return await operations.SendAsync(context, device, new Lwm2mRequest.Execute(target.Path, arguments), r => JsonAnswer.Ok(DeviceOperations.StatusOf(r)));
    }

    private async Task<IResult> DeleteAsync(HttpContext context)
    {
        if (!operations.TryFind(context, out var target, out var device, out var problem))
        {
            return problem!.ToResult();
        }
        return target is { Action: "", Path.Depth: 2 or 4 }
            ? await operations.SendAsync(context, device, new Lwm2mRequest.Delete(target.Path), r => JsonAnswer.Ok(DeviceOperations.StatusOf(r)))
            : NoSuchMethod(target).ToResult();
    }

    private static JsonAnswer LinksOf(DeviceSession device, Lwm2mResponse response)
    {
        var body = DeviceOperations.StatusOf(response);
        body["links"] = RecordJson.Write(response.Links, device.Registration.Links.Root);
        return JsonAnswer.Ok(body);
    }

    private static ApiProblem NoSuchMethod(ApiTarget target) => target switch
    {
        { Action: "discover" } => ApiProblem.NoSuchMethod("Discover is GET.", "GET"),
        { Action: "observations", Item: "" } => ApiProblem.NoSuchMethod("Observations are listed (GET) or begun (POST).", "GET, POST"),
        { Action: "composite" } => ApiProblem.NoSuchMethod("Composites are asked for with POST.", "POST"),
        { Action: "awake-window" } => ApiProblem.NoSuchMethod("An awake window is set with PUT; the device shows it.", "PUT"),
        { Action: "check" } => ApiProblem.NoSuchMethod("A check is begun (POST), looked at (GET) and stopped (DELETE).", "GET, POST, DELETE"),
        { Action: "observations" } => ApiProblem.NoSuchMethod("An observation is ended (DELETE).", "DELETE"),
        { Action: "attributes" } => ApiProblem.NoSuchMethod("Attributes are written with PUT; discover shows them.", "PUT"),
        { Path.Depth: 0 } => ApiProblem.NoSuchMethod("A device is looked at (GET) or removed (DELETE).", "GET, DELETE"),
        { Path.Depth: 1 } => ApiProblem.NoSuchMethod("An object is read (GET), or an instance of it created (POST).", "GET, POST"),
        { Path.Depth: 2 } => ApiProblem.NoSuchMethod("An instance is read, replaced (PUT), updated (PATCH) or deleted.", "GET, PUT, PATCH, DELETE"),
        { Path.Depth: 3 } => ApiProblem.NoSuchMethod("A resource is read, written (PUT, PATCH) or executed (POST).", "GET, PUT, PATCH, POST"),
        _ => ApiProblem.NoSuchMethod("A resource instance is read, written (PUT, PATCH) or deleted.", "GET, PUT, PATCH, DELETE"),
    };
}
