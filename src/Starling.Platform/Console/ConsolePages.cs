using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>The console's addresses. Pages are rendered whole at the server; a small script fetches them again and changes what is live.</summary>
internal sealed class ConsolePages(Lwm2mServer server, DeviceActions actions, ModelPages models, CheckPages checks, CredentialPages credentials, TimeProvider time)
{
    // Only what is served here, and no inline script or style: what a device says cannot run even if it got into the markup.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public void Map(WebApplication app)
    {
        app.Handle("GET", "/", Devices);
        app.Handle("GET", "/device", Device);
        app.Handle("POST", "/device/do", ActAsync);
        app.Handle("GET", "/device/trace", Trace);
        app.Handle("GET", "/device/trace.txt", TraceText);
        models.Map(app);
        checks.Map(app);
        credentials.Map(app);
        ConsoleAssets.Map(app);
    }

    private RazorComponentResult<DevicesPage> Devices(HttpContext context)
    {
        var query = DeviceQuery.Parse(context.Request.Query);
        return Page<DevicesPage>(context, ("Query", query), ("List", query.Run(server)));
    }

    private RazorComponentResult<DevicePage> Device(HttpContext context)
    {
        var endpoint = context.Request.Query["ep"].ToString();
        Lwm2mPath.TryParse(context.Request.Query["at"].ToString(), null, out var at);
        return DevicePage(context, endpoint, at, null);
    }

    private RazorComponentResult<TracePage> Trace(HttpContext context)
    {
        var endpoint = context.Request.Query["ep"].ToString();
        var query = TraceQuery.Parse(context.Request.Query);
        var messages = server.Find(new DeviceKey(endpoint)) is { } device ? query.Run(server, device, time.GetUtcNow()) : null;
        if (messages is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        return Page<TracePage>(context, ("Endpoint", endpoint), ("Query", query), ("Messages", messages));
    }

    private IResult TraceText(HttpContext context)
    {
        var endpoint = context.Request.Query["ep"].ToString();
        return server.Find(new DeviceKey(endpoint)) is { } device
            ? Results.Text(string.Concat(TraceQuery.Parse(context.Request.Query).Run(server, device, time.GetUtcNow()).Reverse().Select(m => m.ToText())))
            : ApiProblem.UnknownEndpoint(endpoint).ToResult();
    }

    private async Task<IResult> ActAsync(HttpContext context)
    {
        var (read, problem) = await ReadFormAsync(context);
        if (problem is not null)
        {
            return problem.ToResult();
        }
        var form = new ActionForm(read!);
        form.TryGetPath(out var path);
        var report = server.Find(new DeviceKey(form.Endpoint)) is { } device
            ? await actions.RunAsync(device, form, context.RequestAborted)
            : new ActionReport(false, "The device is not registered.", "It has de-registered, or its lifetime has passed.");
        return DevicePage(context, form.Endpoint, path, report);
    }

    private RazorComponentResult<DevicePage> DevicePage(HttpContext context, string endpoint, Lwm2mPath at, ActionReport? report)
    {
        var device = server.Find(new DeviceKey(endpoint));
        if (device is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (at.Depth == 0)
        {
            // What a device measures is more interesting than its server accounts.
            at = device.Registration.Links.Paths.OrderBy(p => p.Depth < 2).ThenBy(p => p.ObjectId < 3300).FirstOrDefault();
        }
        return Page<DevicePage>(context, ("Endpoint", endpoint), ("Device", device), ("At", at.Take(Math.Min(at.Depth, 2))), ("Report", report));
    }

    /// <summary>Reads a form of the console, or says why it cannot be read.</summary>
    public static async Task<(IFormCollection? Form, ApiProblem? Problem)> ReadFormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return (null, new ApiProblem(StatusCodes.Status415UnsupportedMediaType, ProblemSide.Request, "This is a form's address.", "It takes what the console's own pages send."));
        }
        try
        {
            return (await context.Request.ReadFormAsync(context.RequestAborted), null);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or BadHttpRequestException or IOException)
        {
            var status = (unreadable as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
            return (null, new ApiProblem(status, ProblemSide.Request, "The form cannot be read.", unreadable.Message));
        }
    }

    /// <summary>A page with the headers that every page has.</summary>
    public static RazorComponentResult<TPage> Page<TPage>(HttpContext context, params (string Name, object? Value)[] parameters) where TPage : IComponent
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return new RazorComponentResult<TPage>(parameters.ToDictionary(p => p.Name, p => p.Value)) { PreventStreamingRendering = true };
    }
}
