using Microsoft.AspNetCore.Http.HttpResults;
using Starling.Server;

namespace Starling.Platform;

/// <summary>The page of the credentials, and what its forms do.</summary>
internal sealed class CredentialPages(DeviceCredentials credentials, CredentialActions actions)
{
    private const int PageSize = 50;

    public void Map(WebApplication app)
    {
        app.Handle("GET", "/credentials", context => Show(context, null));
        app.Handle("POST", "/credentials/do", ActAsync);
    }

    private RazorComponentResult<CredentialsPage> Show(HttpContext context, ActionReport? report)
    {
        CredentialQuery.TryRead(context.Request.Query, out var query, out _);   // what makes no sense is what it is without
        query = query with { Limit = PageSize };
        var (rows, next) = query.Find(credentials);
        return ConsolePages.Page<CredentialsPage>(context,
            ("Query", query), ("Rows", rows), ("Next", next is null ? null : $"/credentials?after={Uri.EscapeDataString(next)}{query.Filter}"), ("Report", report));
    }

    private async Task<IResult> ActAsync(HttpContext context)
    {
        var (form, problem) = await ConsolePages.ReadFormAsync(context);
        return problem is not null ? problem.ToResult() : Show(context, await actions.RunAsync(form!, context.RequestAborted));
    }
}
