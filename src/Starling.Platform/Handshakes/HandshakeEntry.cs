using Starling.Transports;

namespace Starling.Platform;

/// <summary>One handshake that ended.</summary>
/// <param name="Number">Grows by one a handshake.</param>
/// <param name="Endpoint">The endpoint name of the device, as far as what it proved or said leads to one; null for a stranger.</param>
/// <param name="Report">How it went.</param>
public sealed record HandshakeEntry(long Number, string? Endpoint, HandshakeReport Report);
