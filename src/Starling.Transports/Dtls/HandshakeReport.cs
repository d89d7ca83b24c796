using Starling.Coap;

namespace Starling.Transports;

/// <summary>How a handshake ended, for people: what an operator needs to see why a device does not come in.</summary>
public sealed record HandshakeReport
{
    /// <summary>When it ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>From its first datagram to its end.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Where the other party was.</summary>
    public required PeerAddress Address { get; init; }

    /// <summary>Whether there is a session now.</summary>
    public required bool IsEstablished { get; init; }

    /// <summary>Whether we were the client.</summary>
    public bool IsClient { get; init; }

    /// <summary>The version, as <c>DTLS 1.2</c>; null before there was one.</summary>
    public string? Version { get; init; }

    /// <summary>The name of the cipher suite; null before there was one.</summary>
    public string? CipherSuite { get; init; }

    /// <summary>Who the other party said to be, as text: a PSK identity, the fingerprint of a public key or a certificate; null when it did not say.</summary>
    public string? Claimed { get; init; }

    /// <summary>The id of the credential for which it was refused; null for none.</summary>
    public string? RefusedCredential { get; init; }

    /// <summary>Who it has proven to be; null unless there is a session.</summary>
    public PeerIdentity? Identity { get; init; }

    /// <summary>The last step that was done, in the words of the standard.</summary>
    public required string Step { get; init; }

    /// <summary>The alert that ended it (RFC 5246 §7.2), 0 to 255; null when there was none.</summary>
    public byte? Alert { get; init; }

    /// <summary>Whether the alert was ours; otherwise the other party's.</summary>
    public bool AlertIsOurs { get; init; }

    /// <summary>Why it ended, in words; null when there is a session.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the master secret is bound to the handshake (RFC 7627); a session without is open to an attack that splices two together.</summary>
    public bool HasExtendedMasterSecret { get; init; }

    /// <summary>Whether the other party puts a connection id into what it sends us (RFC 9146), so that its address may change.</summary>
    public bool HasConnectionId { get; init; }

    /// <summary>Whether an earlier session was resumed.</summary>
    public bool IsResumed { get; init; }
}
