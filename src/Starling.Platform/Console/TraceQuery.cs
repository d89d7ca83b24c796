using Starling.Coap;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Which messages the protocol view shows, as its address says it.</summary>
/// <param name="Search">A part of the message as text; empty for all.</param>
/// <param name="Show">all, in, out or odd.</param>
public sealed record TraceQuery(string Search, string Show)
{
    /// <summary>Reads the address.</summary>
    public static TraceQuery Parse(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var search = query["q"].ToString().Trim();
        return new TraceQuery(search.Length > 100 ? search[..100] : search, query["show"].ToString() is "in" or "out" or "odd" ? query["show"].ToString() : "all");
    }

    /// <summary>The messages of a device, newest first.</summary>
    public IReadOnlyList<TracedMessage> Run(Lwm2mServer server, DeviceSession device, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(device);
        if (server.Trace is null || device.Peer is not { } peer)
        {
            return [];
        }
        var reader = new TraceReader(device.Catalog, now);
        foreach (var observation in device.Observations)
        {
            reader.Know(observation.Token, observation.Path);
        }
        return [.. server.Trace.For(peer).Select(reader.Read).ToArray().Where(IsWanted).Reverse()];
    }

    private bool IsWanted(TracedMessage message) => Show switch
    {
        "in" => message.IsReceived,
        "out" => !message.IsReceived,
        "odd" => message.IsError || message.Entry.Kind is TraceKind.Retransmission or TraceKind.Duplicate or TraceKind.Dropped || message.Type == "RST",
        _ => true,
    } && (Search.Length == 0 || message.ToText().Contains(Search, StringComparison.OrdinalIgnoreCase));
}
