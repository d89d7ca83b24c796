using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>The description of the API for programs (OpenAPI 3.1) at <c>/openapi/v1.json</c>, and for people at <c>/openapi</c>.</summary>
internal sealed class OpenApiDocument
{
    public const string Route = "/openapi/v1.json";
    private readonly byte[] _json = Read("openapi.json");
    private readonly byte[] _style = Read("openapi.css");

    public void Map(WebApplication app)
    {
        app.Handle("GET", Route, _ => Results.Bytes(_json, "application/json"));
        app.Handle("GET", "/openapi", ShowPage);
    }

    private IResult ShowPage(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        var page = new OpenApiPage(JsonNode.Parse(_json)!.AsObject(), $"{context.Request.Scheme}://{context.Request.Host}");
        return Results.Text(page.Render(System.Text.Encoding.UTF8.GetString(_style)), "text/html", System.Text.Encoding.UTF8);
    }

    private static byte[] Read(string name)
    {
        using var resource = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(name)!;
        using var copy = new MemoryStream();
        resource.CopyTo(copy);
        return copy.ToArray();
    }
}
