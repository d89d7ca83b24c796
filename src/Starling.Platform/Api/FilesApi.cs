using System.Net;
using System.Text.Json.Nodes;
using Starling.Hosting;
using Starling.Server;

namespace Starling.Platform;

/// <summary>The files that devices may fetch, with the URIs that lead there: what stands in /5/0/1, say.</summary>
internal sealed class FilesApi(ServerService server, PlatformSettings settings, OfferedFiles? files)
{
    public void Map(RouteGroupBuilder api) => api.Handle("GET", "/files", _ => List());

    private JsonAnswer List()
    {
        var counters = files?.Counters ?? default;
        string[] places = [.. Places()];
        return JsonAnswer.Ok(new JsonObject
        {
            ["items"] = new JsonArray([.. (files?.List() ?? []).Select(f => Write(f, places))]),
            ["folder"] = files?.Folder,
            ["fetches"] = counters.Fetches,
            ["bytes"] = counters.Bytes,
            ["refusals"] = counters.Refusals,
            ["losses"] = counters.Losses,
        });
    }

    private static JsonObject Write(OfferedFile file, string[] places) => new()
    {
        ["name"] = file.Name,
        ["size"] = file.Length,
        ["changedAt"] = Rfc3339.Write(file.Changed),
        ["uris"] = new JsonArray([.. file.IsTooLarge ? [] : places.Select(p => (JsonNode)$"{p}/{OfferedFiles.Path}/{Uri.EscapeDataString(file.Name)}")]),
    };

    // Plain CoAP only where somebody without security is answered.
    private IEnumerable<string> Places()
    {
        var plain = settings.Admission.Unsecured == UnsecuredDevices.Refused || server.UdpAddress is not { } udp ? [] : Places(udp, "coap");
        return plain.Concat(server.DtlsAddress is { } dtls ? Places(dtls, "coaps") : []);
    }

    private static IEnumerable<string> Places(IPEndPoint listening, string scheme)
    {
        yield return DemoDevices.UriOf(listening, scheme).ToString().TrimEnd('/');
        if (listening.Address.Equals(IPAddress.Any) || listening.Address.Equals(IPAddress.IPv6Any))
        {
            yield return $"{scheme}://{Dns.GetHostName()}:{listening.Port}";
        }
    }
}
