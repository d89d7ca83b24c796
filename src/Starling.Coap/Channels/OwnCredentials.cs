using System.Collections.Immutable;

namespace Starling.Coap;

/// <summary>With what we prove to another party who we are, and know it for the one we mean. A closed family: the security modes of LwM2M object 0.</summary>
public abstract record OwnCredentials
{
    private OwnCredentials() { }

    /// <summary>A pre-shared key (mode 0).</summary>
    /// <param name="Identity">The PSK identity: 0 to 128 bytes.</param>
    /// <param name="Key">The key: 1 to 64 bytes.</param>
    public sealed record PreSharedKey(ReadOnlyMemory<byte> Identity, ReadOnlyMemory<byte> Key) : OwnCredentials
    {
        /// <inheritdoc/>
        public override string ToString() => nameof(PreSharedKey);   // a key is never printed
    }

    /// <summary>Raw public keys (mode 1, RFC 7250).</summary>
    /// <param name="PrivateKey">Our key: a PKCS #8 or OneAsymmetricKey structure in DER (RFC 5958), with its public key or without.</param>
    /// <param name="PeerKey">The other party's SubjectPublicKeyInfo in DER: no other is accepted.</param>
    public sealed record PublicKey(ReadOnlyMemory<byte> PrivateKey, ReadOnlyMemory<byte> PeerKey) : OwnCredentials
    {
        /// <inheritdoc/>
        public override string ToString() => nameof(PublicKey);
    }

    /// <summary>A certificate (mode 2).</summary>
    /// <param name="Chain">Our certificates in DER, the end entity's first.</param>
    /// <param name="PrivateKey">Our key: a PKCS #8 or OneAsymmetricKey structure in DER.</param>
    /// <param name="Rule">Which certificate of the other party is accepted.</param>
    public sealed record Certificate(ImmutableArray<ReadOnlyMemory<byte>> Chain, ReadOnlyMemory<byte> PrivateKey, CertificateRule Rule) : OwnCredentials
    {
        /// <inheritdoc/>
        public override string ToString() => nameof(Certificate);
    }
}

/// <summary>Which certificate of a server is accepted (LwM2M Core 1.2, object 0, resources 4, 13 and 15).</summary>
/// <param name="Usage">What the association means.</param>
/// <param name="Matching">How <paramref name="Association"/> stands for the certificate.</param>
/// <param name="Association">Resource 4: a certificate in DER, or its hash.</param>
public sealed record CertificateRule(CertificateUsage Usage, CertificateMatching Matching, ReadOnlyMemory<byte> Association)
{
    /// <summary>Authorities trusted besides, in DER: what usages 0 and 1 validate against. The system's own when there are none.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> TrustStore { get; init; } = [];
}

/// <summary>Certificate Usage (/0/x/15; the usages of RFC 6698 §2.1.1).</summary>
public enum CertificateUsage : byte
{
    /// <summary>The certificate is an authority's that must be in the validated path (PKIX-TA).</summary>
    AuthorityConstraint = 0,
    /// <summary>The server's certificate is this one, and its path validates (PKIX-EE).</summary>
    ServiceConstraint = 1,
    /// <summary>The certificate is the trust anchor of the path (DANE-TA).</summary>
    TrustAnchor = 2,
    /// <summary>The server's certificate is this one; nothing else is looked at (DANE-EE).</summary>
    DomainIssued = 3,
}

/// <summary>Matching Type (/0/x/13; RFC 6698 §2.1.3).</summary>
public enum CertificateMatching : byte
{
    /// <summary>The whole certificate.</summary>
    Exact = 0,
    /// <summary>Its SHA-256.</summary>
    Sha256 = 1,
    /// <summary>Its SHA-384.</summary>
    Sha384 = 2,
    /// <summary>Its SHA-512.</summary>
    Sha512 = 3,
}
