using Microsoft.AspNetCore.Http.Features;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>
/// What a request below <c>/api/v1/devices/</c> is about: a device, a path on it, an action behind the path (<c>discover</c>, <c>attributes</c>),
/// the device's observations and one of them, its check, its awake window, or a composite.
/// </summary>
internal readonly record struct ApiTarget(string Endpoint, Lwm2mPath Path, string Action = "", string Item = "")
{
    private const string Prefix = "/api/v1/devices/";
    private const string Observations = "observations", Check = "check", Composite = "composite", AwakeWindow = "awake-window";

    /// <summary>
    /// Reads the request's target as it was sent: the framework's own decoding leaves %2F alone and decodes %25, so that it cannot tell
    /// an endpoint <c>a/b</c> from one called <c>a%2Fb</c>.
    /// </summary>
    public static bool TryParse(HttpContext context, out ApiTarget target, out ApiProblem? problem)
    {
        target = default;
        var raw = RawPath(context);
        if (!raw.StartsWith(Prefix, StringComparison.Ordinal))
        {
            problem = ApiProblem.BadField("path", $"The path must be written as in {Prefix}my-device/3/0/0.");
            return false;
        }
        var segments = raw[Prefix.Length..].TrimEnd('/').Split('/');
        var endpoint = Uri.UnescapeDataString(segments[0]);
        problem = null;
        if (segments.Length is 2 or 3 && segments[1] == Observations)
        {
            target = new ApiTarget(endpoint, default, Observations, segments.Length == 3 ? segments[2] : "");
            return true;
        }
        if (segments is [_, Check or AwakeWindow])
        {
            target = new ApiTarget(endpoint, default, segments[1]);
            return true;
        }
        if (segments is [_, Composite, "read" or "write"])
        {
            target = new ApiTarget(endpoint, default, Composite, segments[2]);
            return true;
        }
        var action = segments.Length > 1 && segments[^1] is "discover" or "attributes" ? segments[^1] : "";
        var numbers = segments[1..^(action.Length > 0 ? 1 : 0)];
        if (!TryParseNumbers(numbers, out var path, out var wrong))
        {
            problem = ApiProblem.BadField("path", $"/{string.Join('/', numbers)} is no path: {wrong}.");
            return false;
        }
        target = new ApiTarget(endpoint, path, action);
        return true;
    }

    private static bool TryParseNumbers(ReadOnlySpan<string> segments, out Lwm2mPath path, out string wrong)
    {
        string[] levels = ["object", "instance", "resource", "resource instance"];
        path = default;
        wrong = "it has at most four numbers, object/instance/resource/resourceInstance";
        if (segments.Length > levels.Length)
        {
            return false;
        }
        for (var i = 0; i < segments.Length; i++)
        {
            if (!Lwm2mPath.TryParseId(segments[i], out var id))
            {
                wrong = $"'{segments[i]}' is no number of an {levels[i]} (0 to {Lwm2mPath.MaxId})".Replace("an r", "a r", StringComparison.Ordinal);
                return false;
            }
            path = path.Append(id);
        }
        return true;
    }

    private static string RawPath(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (!raw.StartsWith('/') && raw.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
        {
            var slash = raw.IndexOf('/', scheme + 3);   // the absolute form, as proxies send it (RFC 9112 §3.2.2)
            raw = slash < 0 ? "/" : raw[slash..];
        }
        var end = raw.AsSpan().IndexOfAny('?', '#');
        return end < 0 ? raw : raw[..end];
    }
}
