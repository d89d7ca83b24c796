namespace Starling.Coap;

/// <summary>Whom to connect to.</summary>
/// <param name="Uri">Scheme, host and port: <c>coap://host:5683</c>.</param>
/// <param name="Credentials">With what; null where nothing secures the transport.</param>
/// <param name="Tls">How it is secured where it is not as usual.</param>
public sealed record PeerTarget(Uri Uri, OwnCredentials? Credentials = null, TlsPreferences? Tls = null);
