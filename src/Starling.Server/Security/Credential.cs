using Starling.Coap;

namespace Starling.Server;

/// <summary>By what a device is known: one row of a credential store. A closed family. Immutable.</summary>
/// <param name="Id">Its id: letters, digits, <c>-</c> and <c>_</c>, 1 to 64 of them.</param>
public abstract record Credential(string Id)
{
    /// <summary>The endpoint client name that it stands for; null when <see cref="AdmissionSettings.Patterns"/> say which names it may take.</summary>
    public string? Endpoint { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it counts: yes. One that is switched off is kept and refused.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>From when on it counts; null is always.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it ends; null is never.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>The id of the one in whose place it came when it was rotated; null for none.</summary>
    public string? Replaces { get; init; }

    /// <summary>What the device proves, for people: never a secret.</summary>
    public abstract string Claim { get; }

    /// <summary>The endpoint client name that is kept for who proves it: the one that it stands for, or else what it proves; null where that is no one name.</summary>
    internal string? KeptName => Endpoint ?? this switch
    {
        PreSharedKey psk => psk.Identity,
        PublicKey key => key.Fingerprint,
        PinnedCertificate certificate => certificate.Fingerprint,
        _ => null,
    };

    /// <summary>What is to be said against it, for people; null for nothing. It counts all the same.</summary>
    public virtual string? Warning => null;

    /// <summary>Whether it counts at this time.</summary>
    public CredentialState StateAt(DateTimeOffset now) =>
        NotAfter <= now ? CredentialState.Ended
        : !IsEnabled ? CredentialState.Disabled
        : NotBefore > now ? CredentialState.Waiting
        : CredentialState.Valid;

    /// <summary>
    /// Whether a session of this identity may rest on it and is to be judged anew when it ends: those that it vouches for itself, and every certificate's where
    /// it is an authority, because the signed certificate of a subject with a credential of its own rests on both.
    /// </summary>
    public bool MayVouchFor(PeerIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return identity.Credential is { } id && (id == Id || (this is Authority && identity is PeerIdentity.Certificate));
    }

    /// <summary>The claim: a key is never printed.</summary>
    public sealed override string ToString() => $"{Id} ({Claim})";

    /// <summary>A pre-shared key (RFC 4279).</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Identity">The PSK identity: text of 1 to 128 bytes of UTF-8 (§5.1).</param>
    /// <param name="Key">The key: 1 to 64 bytes.</param>
    public sealed record PreSharedKey(string Id, string Identity, ReadOnlyMemory<byte> Key) : Credential(Id)
    {
        /// <inheritdoc/>
        public override string Claim => $"PSK identity {Identity}";

        /// <inheritdoc/>
        public override string? Warning => KeyStrength.Weakness(Key.Span);
    }

    /// <summary>A raw public key (RFC 7250).</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Fingerprint">SHA-256 of the SubjectPublicKeyInfo, in lower-case hexadecimal.</param>
    public sealed record PublicKey(string Id, string Fingerprint) : Credential(Id)
    {
        /// <inheritdoc/>
        public override string Claim => $"public key {Fingerprint}";
    }

    /// <summary>One certificate, whoever signed it.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Fingerprint">SHA-256 of the certificate, in lower-case hexadecimal.</param>
    public sealed record PinnedCertificate(string Id, string Fingerprint) : Credential(Id)
    {
        /// <inheritdoc/>
        public override string Claim => $"certificate {Fingerprint}";
    }

    /// <summary>Any certificate of this subject, signed below an <see cref="Authority"/>.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Name">The subject's distinguished name, as RFC 4514 writes it: <c>CN=dev-1,O=Acme</c>.</param>
    public sealed record CertificateSubject(string Id, string Name) : Credential(Id)
    {
        /// <inheritdoc/>
        public override string Claim => $"subject {Name}";
    }

    /// <summary>An authority whose certificates are trusted. Its <see cref="Endpoint"/> is null: <paramref name="Endpoints"/> is in its place.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Name">The authority's subject, for people.</param>
    /// <param name="Certificate">Its certificate in DER.</param>
    /// <param name="Endpoints">
    /// Which endpoint client names a device with a certificate of its may take, also by a <see cref="CertificateSubject"/>; null lets in only devices that have one.
    /// </param>
    public sealed record Authority(string Id, string Name, ReadOnlyMemory<byte> Certificate, EndpointPattern? Endpoints) : Credential(Id)
    {
        /// <inheritdoc/>
        public override string Claim => $"authority {Name}";
    }
}
