namespace Starling.Coap;

/// <summary>What was decided about a <see cref="PeerClaim"/>. A closed family.</summary>
public abstract record PeerVerdict
{
    private PeerVerdict() { }

    /// <summary>The claim holds, or will once the key is proven.</summary>
    /// <param name="Identity">Who that is.</param>
    /// <param name="Key">The pre-shared key, 1 to 64 bytes; empty for public keys and certificates.</param>
    public sealed record Accepted(PeerIdentity Identity, ReadOnlyMemory<byte> Key = default) : PeerVerdict;

    /// <summary>The claim does not hold.</summary>
    /// <param name="Reason">Which sort of no.</param>
    /// <param name="Why">The same for people, who read it in the trace; the peer never does.</param>
    public sealed record Refused(PeerRefusal Reason, string Why) : PeerVerdict
    {
        /// <summary>The id of the credential that it is about, so that people find whose it is; null for none.</summary>
        public string? Credential { get; init; }
    }
}

/// <summary>Why a claim does not hold; each has its alert (RFC 5246 §7.2.2).</summary>
public enum PeerRefusal : byte
{
    /// <summary>No credential fits. For a pre-shared key the peer cannot tell this from a wrong key (RFC 4279 §2).</summary>
    Unknown,
    /// <summary>There is one, and it does not count now but may later: it is switched off, or its time has not begun.</summary>
    Disabled,
    /// <summary>The certificate or a part of its chain is malformed or wrongly signed.</summary>
    Malformed,
    /// <summary>No trusted authority stands behind the certificate.</summary>
    UnknownAuthority,
    /// <summary>The certificate is not valid yet or no more.</summary>
    Expired,
    /// <summary>The certificate was taken back.</summary>
    Revoked,
    /// <summary>The certificate may not be used for this, or names somebody else.</summary>
    Unsuitable,
    /// <summary>Whom to ask did not answer in time, or had no room.</summary>
    Unavailable,
    /// <summary>There is one, and its time is over.</summary>
    Ended,
}
