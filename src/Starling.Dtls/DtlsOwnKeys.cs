using System.Collections.Immutable;
using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>With what we prove who we are. What is not set is not offered: a PSK-only side never speaks of certificates, and the other way round.</summary>
public sealed record DtlsOwnKeys
{
    /// <summary>A client's pre-shared key; null: none.</summary>
    public ClientKey? PreSharedKey { get; init; }

    /// <summary>Whether a server takes pre-shared keys; it asks for them by <see cref="DtlsQuery.PreSharedKey"/>: false.</summary>
    public bool AcceptsPreSharedKeys { get; init; }

    /// <summary>Our private key for raw public keys and certificates; null: neither.</summary>
    public OwnKey? Key { get; init; }

    /// <summary>Whether our raw public key may be shown, and the peer's is taken (RFC 7250).</summary>
    public bool RawPublicKeys { get; init; }

    /// <summary>Our certificates in DER, the end entity's first; empty: certificates are neither shown nor taken.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> Chain { get; init; } = [];

    /// <summary>A server's keys under other names, by host name in lower case: those of the name that a client asks for (RFC 6066 §3), where it is one of these.</summary>
    public ImmutableDictionary<string, DtlsOwnKeys> Named { get; init; } = ImmutableDictionary<string, DtlsOwnKeys>.Empty;

    /// <summary>The keys under a name; these where the name has none of its own.</summary>
    internal DtlsOwnKeys For(string? name) => name is not null && Named.TryGetValue(name.ToLowerInvariant(), out var named) ? named : this;

    /// <summary>A pre-shared key and its identity.</summary>
    /// <param name="Identity">0 to 128 bytes.</param>
    /// <param name="Key">1 to 64 bytes.</param>
    public sealed record ClientKey(ReadOnlyMemory<byte> Identity, ReadOnlyMemory<byte> Key)
    {
        /// <inheritdoc/>
        public override string ToString() => nameof(ClientKey);   // a key is never printed
    }
}
