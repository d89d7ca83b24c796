using System.Text.Json;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Checks of devices: begin, look at, stop. One runs by itself; who wants to know asks again.</summary>
internal sealed class CheckApi(DeviceOperations operations, CheckStore checks)
{
    private const int MaxOnly = 200;

    public void Map(RouteGroupBuilder api)
    {
        api.Handle("POST", "/devices/{endpoint}/check", BeginAsync);
        api.Handle("GET", "/devices/{endpoint}/check", Show);
        api.Handle("DELETE", "/devices/{endpoint}/check", StopAsync);
    }

    private async Task<IResult> BeginAsync(HttpContext context)
    {
        if (!operations.TryFind(context, out _, out var device, out var problem))
        {
            return problem!.ToResult();
        }
        var (body, wrong) = await JsonBody.ReadAsync(context, "destructive", "slow", "only", "firmware", "firmwareUri");
        using var read = body;
        if (wrong is not null || !TryRead(body!, out var settings, out wrong))
        {
            return wrong!.ToResult();
        }
        return checks.Start(device.Key, settings) is { } check
            ? new JsonAnswer(StatusCodes.Status202Accepted, CheckJson.Write(device.Key.Endpoint, check)) { Location = $"/api/v1/devices/{Uri.EscapeDataString(device.Key.Endpoint)}/check" }
            : Busy().ToResult();
    }

    /// <summary>Why no check was begun.</summary>
    public static ApiProblem Busy() =>
        new(StatusCodes.Status409Conflict, ProblemSide.Server, "A check runs already.", "One runs on this device, or four on others: wait for it, or stop it with DELETE.");

    private IResult Show(HttpContext context) =>
        TryFind(context, out var endpoint, out var check, out var problem) ? JsonAnswer.Ok(CheckJson.Write(endpoint, check)) : problem!.ToResult();

    private async Task<IResult> StopAsync(HttpContext context)
    {
        if (!TryFind(context, out var endpoint, out var check, out var problem))
        {
            return problem!.ToResult();
        }
        if (check is not null)
        {
            check.Cancel();
            await check.Run.WaitAsync(context.RequestAborted);
        }
        return JsonAnswer.Ok(CheckJson.Write(endpoint, check));
    }

    // A device that is away, as one that reboots is, keeps its check.
    private bool TryFind(HttpContext context, out string endpoint, out DeviceCheck? check, out ApiProblem? problem)
    {
        (endpoint, check) = ("", null);
        if (!ApiTarget.TryParse(context, out var target, out problem))
        {
            return false;
        }
        endpoint = target.Endpoint;
        check = checks.Find(new DeviceKey(endpoint));
        return check is not null || operations.TryFind(context, out _, out _, out problem);
    }

    private static bool TryRead(JsonBody body, out CheckSettings settings, out ApiProblem? problem)
    {
        settings = new CheckSettings();
        if (!TryReadFlag(body, "destructive", out var destructive, out problem) || !TryReadFlag(body, "slow", out var slow, out problem))
        {
            return false;
        }
        List<string> only = [];
        if (body.TryGet("only", out var given))
        {
            if (given.ValueKind != JsonValueKind.Array || given.GetArrayLength() > MaxOnly || given.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
            {
                problem = ApiProblem.BadField("only", $"\"only\" must be a list of at most {MaxOnly} ids or ends of ids, as in [\"int-201\"].");
                return false;
            }
            only.AddRange(given.EnumerateArray().Select(e => e.GetString()!));
            if (only.FirstOrDefault(o => !CheckCatalog.All.Any(new CheckSettings { Only = [o] }.IsWanted)) is { } unknown)
            {
                problem = ApiProblem.BadField("only", $"There is no case '{unknown}'; ids are written as in 1.1-int-201, or only their end.");
                return false;
            }
        }
        settings = settings with { Destructive = destructive, Slow = slow, Only = only };
        return TryReadFirmware(body, ref settings, out problem);
    }

    private static bool TryReadFirmware(JsonBody body, ref CheckSettings settings, out ApiProblem? problem)
    {
        problem = null;
        byte[]? image = null;
        if (body.TryGet("firmware", out var given) && (given.ValueKind != JsonValueKind.String || !given.TryGetBytesFromBase64(out image) || image.Length == 0))
        {
            problem = ApiProblem.BadField("firmware", "\"firmware\" must be a package for the device, in base64.");
            return false;
        }
        if (body.TryGet("firmwareUri", out var uri) && (uri.ValueKind != JsonValueKind.String || !Uri.TryCreate(uri.GetString(), UriKind.Absolute, out _)))
        {
            problem = ApiProblem.BadField("firmwareUri", "\"firmwareUri\" must say where the device finds a package, as in \"coap://10.0.0.7/fw\".");
            return false;
        }
        settings = settings with { Image = image, ImageUri = uri.ValueKind == JsonValueKind.String ? uri.GetString() : null };
        return true;
    }

    private static bool TryReadFlag(JsonBody body, string name, out bool flag, out ApiProblem? problem)
    {
        problem = null;
        flag = false;
        if (!body.TryGet(name, out var given))
        {
            return true;
        }
        if (given.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            flag = given.ValueKind == JsonValueKind.True;
            return true;
        }
        problem = ApiProblem.BadField(name, $"\"{name}\" must be true or false.");
        return false;
    }
}
