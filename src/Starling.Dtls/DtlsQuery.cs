using System.Collections.Immutable;

namespace Starling.Dtls;

/// <summary>What a handshake asks of whoever knows the keys. A closed family.</summary>
/// <param name="ServerName">The name that the client asked for or we asked for (RFC 6066 §3); null when there was none.</param>
public abstract record DtlsQuery(string? ServerName)
{
    /// <summary>Which key belongs to this identity? Answer with <see cref="DtlsAnswer.Key"/> or <see cref="DtlsAnswer.UnknownIdentity"/>.</summary>
    /// <param name="Identity">As it was sent: 0 to 65535 bytes, bounded by the settings.</param>
    /// <param name="ServerName">The name asked for.</param>
    public sealed record PreSharedKey(ReadOnlyMemory<byte> Identity, string? ServerName) : DtlsQuery(ServerName);

    /// <summary>Is this raw public key one that may speak? The engine checks itself that the peer holds the private key.</summary>
    /// <param name="SubjectPublicKeyInfo">The key in DER; it is a P-256 key.</param>
    /// <param name="ServerName">The name asked for.</param>
    public sealed record PublicKey(ReadOnlyMemory<byte> SubjectPublicKeyInfo, string? ServerName) : DtlsQuery(ServerName);

    /// <summary>Is this chain one that is trusted? The engine checks itself that the peer holds the private key of the first.</summary>
    /// <param name="Chain">Certificates in DER, the peer's own first, as they were sent: at least one.</param>
    /// <param name="ServerName">The name asked for.</param>
    public sealed record Certificates(ImmutableArray<ReadOnlyMemory<byte>> Chain, string? ServerName) : DtlsQuery(ServerName);
}
