using Microsoft.AspNetCore.Http.HttpResults;
using Starling.Server;

namespace Starling.Platform;

/// <summary>The page of a device's check, and its buttons.</summary>
internal sealed class CheckPages(Lwm2mServer server, CheckStore checks)
{
    public void Map(WebApplication app)
    {
        app.Handle("GET", "/device/check", context => Show(context, context.Request.Query["ep"].ToString(), null));
        app.Handle("POST", "/device/check", ActAsync);
    }

    private RazorComponentResult<CheckPage> Show(HttpContext context, string endpoint, ActionReport? report)
    {
        var key = new DeviceKey(endpoint);
        var (isThere, check) = (server.Find(key) is not null, checks.Find(key));
        if (!isThere && check is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        return ConsolePages.Page<CheckPage>(context, ("Endpoint", endpoint), ("IsThere", isThere), ("Check", CheckView.Of(check)), ("Report", report));
    }

    private async Task<IResult> ActAsync(HttpContext context)
    {
        var (form, problem) = await ConsolePages.ReadFormAsync(context);
        if (problem is not null)
        {
            return problem.ToResult();
        }
        var endpoint = form!["ep"].ToString();
        var key = new DeviceKey(endpoint);
        if (form["op"] == "stop")
        {
            checks.Find(key)?.Cancel();
            return Show(context, endpoint, null);
        }
        if (server.Find(key) is null)
        {
            return Show(context, endpoint, new ActionReport(false, "Nothing was begun.", "The device is not registered."));
        }
        var settings = new CheckSettings { Destructive = form.ContainsKey("destructive"), Slow = form.ContainsKey("slow") };
        var busy = CheckApi.Busy();
        return Show(context, endpoint, checks.Start(key, settings) is null ? new ActionReport(false, busy.Title, "One runs on this device, or four on others.") : null);
    }
}
