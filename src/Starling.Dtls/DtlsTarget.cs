namespace Starling.Dtls;

/// <summary>What a client connects with.</summary>
/// <param name="Own">Our keys.</param>
/// <param name="ServerName">The name to ask for (RFC 6066 §3); null: none. An address is not a name.</param>
/// <param name="Resume">An earlier session with the same server under the same keys; null: a whole handshake.</param>
public sealed record DtlsTarget(DtlsOwnKeys Own, string? ServerName = null, DtlsResumption? Resume = null);
