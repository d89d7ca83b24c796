using Microsoft.AspNetCore.Http.HttpResults;
using Starling.Server;

namespace Starling.Platform;

/// <summary>The page of the credentials and what its forms do, and the page of the handshakes.</summary>
internal sealed class CredentialPages(DeviceCredentials credentials, CredentialActions actions, HandshakeLog handshakes)
{
    private const int PageSize = 50;

    public void Map(WebApplication app)
    {
        app.Handle("GET", "/credentials", context => Show(context, null));
        app.Handle("POST", "/credentials/do", ActAsync);
        app.Handle("GET", "/handshakes", Handshakes);
    }

    private RazorComponentResult<CredentialsPage> Show(HttpContext context, ActionReport? report)
    {
        CredentialQuery.TryRead(context.Request.Query, out var query, out _);   // what makes no sense is what it is without
        query = query with { Limit = PageSize };
        var (rows, next) = query.Find(credentials);
        return ConsolePages.Page<CredentialsPage>(context,
            ("Query", query), ("Rows", rows), ("Next", next is null ? null : $"/credentials?after={Uri.EscapeDataString(next)}{query.Filter}"), ("Report", report));
    }

    private RazorComponentResult<HandshakesPage> Handshakes(HttpContext context)
    {
        var query = context.Request.Query;
        var (endpoint, isStrangers, failedOnly) = (query["ep"].ToString(), query["who"] == "strangers", query["failed"] == "true");
        var found = handshakes.List(isStrangers ? "" : endpoint.Length > 0 ? endpoint : null, failedOnly, null, PageSize);
        return ConsolePages.Page<HandshakesPage>(context, ("Endpoint", endpoint), ("Strangers", isStrangers), ("FailedOnly", failedOnly), ("Items", found));
    }

    private async Task<IResult> ActAsync(HttpContext context)
    {
        var (form, problem) = await ConsolePages.ReadFormAsync(context);
        return problem is not null ? problem.ToResult() : Show(context, await actions.RunAsync(form!, context.RequestAborted));
    }
}
