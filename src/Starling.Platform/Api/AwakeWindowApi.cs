using System.Text.Json;
using System.Text.Json.Nodes;
using Starling.Server;

namespace Starling.Platform;

/// <summary>How long a device in queue mode listens after it was heard from, which is the server's to know and no part of LwM2M.</summary>
internal sealed class AwakeWindowApi(DeviceOperations operations, Lwm2mServer server)
{
    /// <summary>The longest awake window, in seconds: a day.</summary>
    public const int MaxSeconds = 24 * 3600;

    public void Map(RouteGroupBuilder api) => api.Handle("PUT", "/devices/{endpoint}/awake-window", SetAsync);

    /// <summary>An awake window as the API shows it.</summary>
    public static JsonObject Write(DeviceSession device, ServerSettings settings) => new()
    {
        ["seconds"] = (long)(device.AwakeWindow ?? device.LearnedWindow ?? settings.AwakeWindow).TotalSeconds,
        ["own"] = device.AwakeWindow is not null,
        ["learned"] = device is { AwakeWindow: null, LearnedWindow: not null },
    };

    private async Task<IResult> SetAsync(HttpContext context)
    {
        if (!operations.TryFind(context, out _, out var device, out var problem))
        {
            return problem!.ToResult();
        }
        var (body, wrong) = await JsonBody.ReadAsync(context, "seconds");
        using var read = body;
        if (wrong is not null || !TryRead(body!.Root, out var window, out wrong))
        {
            return wrong!.ToResult();
        }
        await device.SetAwakeWindowAsync(window);
        return JsonAnswer.Ok(Write(device, server.Settings));
    }

    private static bool TryRead(JsonElement body, out TimeSpan? window, out ApiProblem? problem)
    {
        (window, problem) = (null, null);
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("seconds", out var given)
            || (given.ValueKind != JsonValueKind.Null && (given.ValueKind != JsonValueKind.Number || !given.TryGetInt32(out _))))
        {
            problem = ApiProblem.BadField("seconds", $"\"seconds\" is a whole number, 0 to {MaxSeconds}, or null for what counts for all devices.");
            return false;
        }
        if (given.ValueKind == JsonValueKind.Null)
        {
            return true;
        }
        var seconds = given.GetInt32();
        if (seconds is < 0 or > MaxSeconds)
        {
            problem = ApiProblem.BadField("seconds", $"seconds is {seconds}, outside 0..{MaxSeconds}.") with { Reason = "range" };
            return false;
        }
        window = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
