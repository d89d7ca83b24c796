using System.Net;

namespace Starling.Platform;

/// <summary>
/// Refuses requests that a web page elsewhere made the browser send. A foreign Host means that a name of the page's own was made to lead here
/// (DNS rebinding); a foreign Origin means that the page asked directly. Numbers cannot be rebound, so on a public address every number is fine.
/// </summary>
internal sealed class HostGuard(IPAddress bound)
{
    /// <summary>Why the request is refused; null when it is not.</summary>
    public ApiProblem? Check(HttpRequest request)
    {
        if (!IsOurs(request.Host.Host))
        {
            return Refuse("Host", $"This server does not answer to the name '{request.Host.Host}'. Use the address that it listens at.");
        }
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !IsSame(origin, request)
            ? Refuse("Origin", $"Pages from '{origin}' may not use this API.")
            : null;
    }

    private bool IsOurs(string host)
    {
        var isNumber = IPAddress.TryParse(host.Trim('[', ']'), out var address);
        if (IPAddress.IsLoopback(bound))
        {
            return isNumber ? IPAddress.IsLoopback(address!) : IsLocalName(host);
        }
        return isNumber || IsLocalName(host) || string.Equals(host, Dns.GetHostName(), StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsLocalName(string host) => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsSame(string origin, HttpRequest request) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);

    private static ApiProblem Refuse(string field, string detail) =>
        new(StatusCodes.Status403Forbidden, ProblemSide.Server, "The request comes from elsewhere.", detail) { Field = field };
}
