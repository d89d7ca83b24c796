using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Starling.Server;

namespace Starling.Platform;

/// <summary>The console's addresses. Pages are rendered whole at the server; a small script fetches them again and changes what is live.</summary>
internal sealed class ConsolePages(Lwm2mServer server)
{
    // Only what is served here, and no inline script or style: what a device says cannot run even if it got into the markup.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public void Map(WebApplication app)
    {
        app.Handle("GET", "/", Devices);
        ConsoleAssets.Map(app);
    }

    private RazorComponentResult<DevicesPage> Devices(HttpContext context)
    {
        var query = DeviceQuery.Parse(context.Request.Query);
        return Page<DevicesPage>(context, ("Query", query), ("List", query.Run(server)));
    }

    private static RazorComponentResult<TPage> Page<TPage>(HttpContext context, params (string Name, object? Value)[] parameters) where TPage : IComponent
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return new RazorComponentResult<TPage>(parameters.ToDictionary(p => p.Name, p => p.Value)) { PreventStreamingRendering = true };
    }
}
