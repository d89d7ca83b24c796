using System.Security.Cryptography;

namespace Starling.Platform;

/// <summary>The console's style and script, which are parts of the program: found wherever it is started from.</summary>
internal static class ConsoleAssets
{
    private static readonly Asset[] _all =
    [
        Load("console.css", "text/css; charset=utf-8"),
        Load("console.js", "text/javascript; charset=utf-8"),
        Load("starling.svg", "image/svg+xml"),
    ];

    /// <summary>Where a page finds an asset; the address changes with the content, so that a browser may keep it.</summary>
    public static string Url(string name) => _all.Single(a => a.Name == name).Url;

    public static void Map(WebApplication app)
    {
        foreach (var asset in _all)
        {
            app.Handle("GET", "/console/" + asset.Name, context => Send(context, asset));
        }
    }

    private static IResult Send(HttpContext context, Asset asset)
    {
        context.Response.Headers.CacheControl = context.Request.QueryString.HasValue ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(asset.Content, asset.Type);
    }

    private static Asset Load(string name, string type)
    {
        using var from = typeof(ConsoleAssets).Assembly.GetManifestResourceStream(name)!;
        using var to = new MemoryStream();
        from.CopyTo(to);
        var content = to.ToArray();
        return new Asset(name, type, content, $"/console/{name}?v={Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6))}");
    }

    private sealed record Asset(string Name, string Type, byte[] Content, string Url);
}
