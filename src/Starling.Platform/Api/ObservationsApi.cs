using System.Text.Json.Nodes;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>A device's observations: list, begin, end. What they bring comes by <see cref="EventsApi"/>.</summary>
internal sealed class ObservationsApi(DeviceOperations operations)
{
    public void Map(RouteGroupBuilder api)
    {
        api.Handle("GET", "/devices/{endpoint}/observations", List);
        api.Handle("POST", "/devices/{endpoint}/observations", BeginAsync);
        api.Handle("DELETE", "/devices/{endpoint}/observations/{id}", EndAsync);
    }

    private IResult List(HttpContext context) =>
        operations.TryFind(context, out _, out var device, out var problem)
            ? JsonAnswer.Ok(new JsonObject { ["items"] = new JsonArray([.. device.Observations.Select(DeviceJson.Observation)]) })
            : problem!.ToResult();

    private async Task<IResult> BeginAsync(HttpContext context)
    {
        if (!operations.TryFind(context, out _, out var device, out var problem))
        {
            return problem!.ToResult();
        }
        var (body, wrong) = await JsonBody.ReadAsync(context, "paths", "attributes", "composite");
        using var read = body;
        var paths = new List<Lwm2mPath>();
        if (wrong is not null || !TryReadComposite(body!, out var isComposite, out wrong) || !PathsBody.TryRead(body!, isComposite, paths, out wrong))
        {
            return wrong!.ToResult();
        }
        NotificationAttributes? attributes = null;
        if (body!.TryGet("attributes", out var given) && !AttributesBody.TryRead(given, "attributes.", out attributes, out wrong))
        {
            return wrong!.ToResult();
        }
        ObserveOrder[] orders = isComposite
            ? [new ObserveOrder(paths) { IsComposite = true, Attributes = attributes }]
            : [.. paths.Select(path => new ObserveOrder(path) { Attributes = attributes })];
        return await BeginAsync(context, device, orders);
    }

    // All or nothing: when one path is refused, those begun before it are ended again.
    private async Task<IResult> BeginAsync(HttpContext context, DeviceSession device, IReadOnlyList<ObserveOrder> orders)
    {
        var before = device.Observations.Select(o => o.Id).ToHashSet();
        var begun = new List<Observation>();
        var items = new JsonArray();
        foreach (var order in orders)
        {
            var (answer, problem) = await operations.BoundAsync(context, cancel => device.ObserveAsync(order, cancel));
            problem ??= Refusal(answer!);
            if (problem is not null)
            {
                await TakeBackAsync(device, begun.Where(o => !before.Contains(o.Id)));
                return (problem with { Field = problem.Field ?? order.Paths[0].ToString() }).ToResult();
            }
            begun.Add(answer!.Observation!);
            items.Add((JsonNode)Describe(device, answer));
        }
        var first = begun[0];
        var location = $"/api/v1/devices/{Uri.EscapeDataString(device.Key.Endpoint)}/observations/{first.Id}";
        var answered = new JsonObject { ["id"] = first.Id, ["path"] = first.Path.ToString(), ["items"] = items };
        var sleeps = items.Any(i => i!["status"] is null);
        return new JsonAnswer(sleeps ? StatusCodes.Status202Accepted : StatusCodes.Status201Created, answered) { Location = location };
    }

    private static bool TryReadComposite(JsonBody body, out bool isComposite, out ApiProblem? problem)
    {
        isComposite = body.TryGet("composite", out var given) && given.ValueKind == System.Text.Json.JsonValueKind.True;
        problem = given.ValueKind is System.Text.Json.JsonValueKind.Undefined or System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False
            ? null
            : ApiProblem.BadField("composite", "\"composite\" is true or false.");
        return problem is null;
    }

    private JsonObject Describe(DeviceSession device, ObserveAnswer answer) => new()
    {
        ["id"] = answer.Observation!.Id,
        ["path"] = answer.Observation.Path.ToString(),
        ["status"] = answer.Response.Code.IsEmpty ? null : answer.Response.Code.ToString(),
        ["values"] = RecordJson.Write(answer.Response.Records, operations.CatalogOf(device)),
    };

    private static ApiProblem? Refusal(ObserveAnswer answer) => answer switch
    {
        { Response.Code.IsEmpty: true, Observation: not null } => null,   // it sleeps, and is asked when it wakes
        { Response.Code.IsSuccess: false } => ApiProblem.Refused(answer.Response),
        { Observation: null } => new ApiProblem(StatusCodes.Status502BadGateway, ProblemSide.Device, "The device does not observe.",
            "It answered with the value once and without an Observe option: it will not notify.")
        { Code = answer.Response.Code, Operation = answer.Response.Operation },
        _ => null,
    };

    private static async Task TakeBackAsync(DeviceSession device, IEnumerable<Observation> begun)
    {
        foreach (var observation in begun)
        {
            await device.CancelAsync(observation.Id, CancellationToken.None);
        }
    }

    private async Task<IResult> EndAsync(HttpContext context)
    {
        if (!operations.TryFind(context, out var target, out var device, out var problem))
        {
            return problem!.ToResult();
        }
        var id = target.Item;
        var (response, failure) = await operations.BoundAsync(context, cancel => device.CancelAsync(id, cancel));
        if (failure is not null)
        {
            return failure.ToResult();
        }
        return response is null
            ? new ApiProblem(StatusCodes.Status404NotFound, ProblemSide.Server, "No such observation.", $"The device has no observation '{id}'.") { Field = "id" }.ToResult()
            : JsonAnswer.Ok(new JsonObject { ["id"] = id, ["status"] = response.Code.IsEmpty ? null : response.Code.ToString() });
    }
}
