namespace Starling.Dtls;

/// <summary>How far a handshake came and what was agreed: for people who ask why it failed.</summary>
public sealed record DtlsProgress
{
    /// <summary>The version that was agreed; empty before.</summary>
    public string Version { get; init; } = "";

    /// <summary>The suite that was agreed; null before.</summary>
    public CipherSuite? Suite { get; init; }

    /// <summary>The PSK identity that was claimed; empty when none was. Raw public keys and certificates show in <see cref="DtlsConnection.Query"/>.</summary>
    public ReadOnlyMemory<byte> Identity { get; init; }

    /// <summary>The server name that was asked for (RFC 6066 §3).</summary>
    public string? ServerName { get; init; }

    /// <summary>The last thing that was done or is waited for, in the standard's words: <c>waiting for ClientKeyExchange</c>.</summary>
    public string Step { get; init; } = "";

    /// <summary>Why it failed, for people; null as long as nothing did.</summary>
    public string? Failure { get; init; }

    /// <summary>The fatal alert or close_notify that we sent.</summary>
    public DtlsAlert? AlertSent { get; init; }

    /// <summary>The fatal alert or close_notify that we received.</summary>
    public DtlsAlert? AlertReceived { get; init; }

    /// <summary>Whether the extended master secret is in use (RFC 7627).</summary>
    public bool ExtendedMasterSecret { get; init; }

    /// <summary>Whether encrypt-then-MAC is in use (RFC 7366); it matters for CBC suites only.</summary>
    public bool EncryptThenMac { get; init; }

    /// <summary>The length of the connection id in records to us, in bytes; null when none was agreed.</summary>
    public int? OwnConnectionIdLength { get; init; }

    /// <summary>The length of the connection id in records to the peer, in bytes; null when none was agreed.</summary>
    public int? PeerConnectionIdLength { get; init; }

    /// <summary>Whether an earlier session was taken up again.</summary>
    public bool Resumed { get; init; }

    /// <summary>How many records were dropped: not authentic, replayed, of another epoch, or without room to keep them.</summary>
    public int Dropped { get; init; }

    /// <summary>How often a flight was sent again.</summary>
    public int Resends { get; init; }
}
