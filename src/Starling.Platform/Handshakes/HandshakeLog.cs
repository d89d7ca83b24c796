using Starling.Server;
using Starling.Transports;

namespace Starling.Platform;

/// <summary>
/// The last handshakes, so that somebody sees why a device does not come in: some for each device, and those of strangers by themselves, so that a stranger
/// who tries a thousand times pushes out strangers only. In memory, bounded, told on whatever thread a handshake ended.
/// </summary>
internal sealed class HandshakeLog(Lwm2mServer server, DeviceCredentials credentials, PlatformSettings settings)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HandshakeRing> _devices = new(StringComparer.Ordinal);
    private readonly HandshakeRing _strangers = new(settings.KeptStrangers);
    private long _next = 1;
    private long _dropped;

    /// <summary>How many have been forgotten for want of room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Takes one.</summary>
    public void Add(HandshakeReport report)
    {
        var endpoint = EndpointOf(report);
        lock (_lock)
        {
            var ring = endpoint is null ? _strangers : RingOf(endpoint);
            _dropped += ring.Add(new HandshakeEntry(_next++, endpoint, report)) ? 0 : 1;
        }
    }

    /// <summary>Handshakes, the newest first.</summary>
    /// <param name="endpoint">Of this device; null is of all, and the empty name is of strangers.</param>
    /// <param name="failedOnly">Only those without a session.</param>
    /// <param name="before">Those with a smaller number; null begins at the newest.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<HandshakeEntry> List(string? endpoint, bool failedOnly, long? before, int limit)
    {
        lock (_lock)
        {
            IEnumerable<HandshakeEntry> from = endpoint switch
            {
                null => _devices.Values.SelectMany(r => r.Entries).Concat(_strangers.Entries),
                "" => _strangers.Entries,
                _ => _devices.TryGetValue(endpoint, out var ring) ? ring.Entries : [],
            };
            return [.. from.Where(e => (!failedOnly || !e.Report.IsEstablished) && (before is null || e.Number < before)).OrderByDescending(e => e.Number).Take(limit)];
        }
    }

    // What was proven goes before what was said; a name that was only said is no proof, and is shown to people only.
    private string? EndpointOf(HandshakeReport report)
    {
        if (report.Identity is { } identity)
        {
            return server.Admission.Explain(identity, null).Endpoint;
        }
        var refused = report.RefusedCredential is { } id ? credentials.Find(id) : report.Claimed is { } claimed ? credentials.FindClaim(claimed) : null;
        return refused?.Endpoint;
    }

    private HandshakeRing RingOf(string endpoint)
    {
        if (_devices.TryGetValue(endpoint, out var ring))
        {
            return ring;
        }
        if (_devices.Count >= settings.KeptHandshakeDevices)
        {
            var oldest = _devices.MinBy(d => d.Value.Last);   // a scan, a handshake: nothing beside the handshake itself
            _dropped += oldest.Value.Entries.Count();
            _devices.Remove(oldest.Key);
        }
        return _devices[endpoint] = new HandshakeRing(settings.KeptHandshakes);
    }
}
