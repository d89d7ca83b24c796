using System.Collections.Immutable;

namespace Starling.Coap;

/// <summary>What the other party claims to be while a session is made. A closed family.</summary>
/// <param name="ServerName">Which of our names it asked for (SNI, RFC 6066 §3); null when it named none.</param>
public abstract record PeerClaim(string? ServerName)
{
    /// <summary>It names a pre-shared key. That it holds the key shows only afterwards.</summary>
    /// <param name="Identity">The PSK identity as it was sent: 0 to 65535 bytes.</param>
    /// <param name="ServerName">The name it asked for.</param>
    public sealed record PreSharedKey(ReadOnlyMemory<byte> Identity, string? ServerName = null) : PeerClaim(ServerName);

    /// <summary>It shows a raw public key.</summary>
    /// <param name="SubjectPublicKeyInfo">The key in DER (RFC 5280 §4.1.2.7).</param>
    /// <param name="ServerName">The name it asked for.</param>
    public sealed record PublicKey(ReadOnlyMemory<byte> SubjectPublicKeyInfo, string? ServerName = null) : PeerClaim(ServerName);

    /// <summary>It shows a chain of certificates.</summary>
    /// <param name="Chain">Certificates in DER, its own first, as it sent them.</param>
    /// <param name="ServerName">The name it asked for.</param>
    public sealed record Certificates(ImmutableArray<ReadOnlyMemory<byte>> Chain, string? ServerName = null) : PeerClaim(ServerName);
}
