namespace Starling.Coap;

/// <summary>Whom to connect to.</summary>
/// <param name="Uri">Scheme, host and port: <c>coap://host:5683</c>.</param>
public sealed record PeerTarget(Uri Uri);
