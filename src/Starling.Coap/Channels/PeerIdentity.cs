using System.Collections.Immutable;

namespace Starling.Coap;

/// <summary>Who the other party has proven to be. A closed family; data that a store can keep.</summary>
public abstract record PeerIdentity
{
    private PeerIdentity() { }

    /// <summary>The id of the stored credential that vouches for it; null where none does.</summary>
    public string? Credential { get; init; }

    /// <summary>Nobody in particular: nothing secures the transport.</summary>
    public static PeerIdentity None { get; } = new Anonymous();

    /// <summary>Nothing was proven.</summary>
    public sealed record Anonymous : PeerIdentity;

    /// <summary>It holds a pre-shared key (RFC 4279).</summary>
    /// <param name="Identity">The PSK identity.</param>
    public sealed record PreSharedKey(string Identity) : PeerIdentity;

    /// <summary>It holds the private key of a raw public key (RFC 7250).</summary>
    /// <param name="Fingerprint">SHA-256 of the SubjectPublicKeyInfo, in lower-case hexadecimal.</param>
    public sealed record PublicKey(string Fingerprint) : PeerIdentity;

    /// <summary>It holds the private key of a certificate that was accepted (RFC 5280).</summary>
    /// <param name="Subject">The subject's distinguished name (RFC 4514).</param>
    /// <param name="CommonName">The subject's common name; null where it has none.</param>
    /// <param name="Names">The subject's alternative names: DNS names, URIs and addresses, as text.</param>
    /// <param name="Fingerprint">SHA-256 of the certificate, in lower-case hexadecimal.</param>
    public sealed record Certificate(string Subject, string? CommonName, ImmutableArray<string> Names, string Fingerprint) : PeerIdentity
    {
        /// <summary>Two are equal when it is the same certificate: what it says is the same then.</summary>
        public bool Equals(Certificate? other) => base.Equals(other) && Fingerprint == other.Fingerprint;

        /// <inheritdoc/>
        public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);
    }
}
