using System.Globalization;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>The last handshakes: who came in, who did not, and why.</summary>
internal sealed class HandshakesApi(HandshakeLog log)
{
    private const int MaxPage = 1000;

    public void Map(RouteGroupBuilder api) => api.Handle("GET", "/handshakes", List);

    private IResult List(HttpContext context)
    {
        var query = context.Request.Query;
        var (limit, before) = (100, (long?)null);
        if (query["limit"] is [{ } text] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxPage))
        {
            return ApiProblem.BadField("limit", $"limit is the number of handshakes in a page, 1 to {MaxPage}.").ToResult();
        }
        if (query["before"] is [{ } place])
        {
            if (!long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return ApiProblem.BadField("before", "before is a number, as next has it.").ToResult();
            }
            before = number;
        }
        if (query["failed"] is [{ } failed] && failed is not ("true" or "false"))
        {
            return ApiProblem.BadField("failed", "failed is true or false.").ToResult();
        }
        var endpoint = query["endpoint"] is [{ } name] ? name : null;
        var failedOnly = query["failed"] == "true";
        var found = log.List(endpoint, failedOnly, before, limit + 1);
        var page = found.Take(limit).ToArray();
        var filter = (endpoint is null ? "" : $"&endpoint={Uri.EscapeDataString(endpoint)}") + (failedOnly ? "&failed=true" : "");
        var next = found.Count > limit ? string.Create(CultureInfo.InvariantCulture, $"/api/v1/handshakes?limit={limit}&before={page[^1].Number}{filter}") : null;
        return JsonAnswer.Ok(new JsonObject { ["items"] = new JsonArray([.. page.Select(HandshakeJson.Write)]), ["next"] = next });
    }
}
