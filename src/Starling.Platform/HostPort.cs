using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Starling.Platform;

/// <summary>Addresses as people write them: <c>127.0.0.1:5683</c>, <c>[::1]:5683</c>, <c>localhost:8080</c>, <c>*:5683</c> for all.</summary>
internal static class HostPort
{
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? address)
    {
        address = null;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return false;
        }
        var host = text[..colon];
        var ip = host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.IPv6Any,
            ['[', .., ']'] => IPAddress.TryParse(host[1..^1], out var six) ? six : null,
            _ => !host.Contains(':', StringComparison.Ordinal) && host.Split('.').Length == 4 && IPAddress.TryParse(host, out var four) ? four : null,
        };
        address = ip is null ? null : new IPEndPoint(ip, port);
        return address is not null;
    }
}
