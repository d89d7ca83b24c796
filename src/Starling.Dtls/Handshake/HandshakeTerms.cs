namespace Starling.Dtls;

/// <summary>What the two sides agreed on. The handshake fills it; the session keeps it.</summary>
internal sealed class HandshakeTerms
{
    public CipherSuite Suite { get; set; }

    public KeyExchange Exchange { get; set; }

    public bool ExtendedMasterSecret { get; set; }

    public bool EncryptThenMac { get; set; }

    public bool Resumed { get; set; }

    /// <summary>By what the session may be taken up again; empty: it may not.</summary>
    public byte[] SessionId { get; set; } = [];

    /// <summary>Whether both know return routability (RFC 9853).</summary>
    public bool ReturnRoutability { get; set; }

    /// <summary>What the peer puts into records to us; null: the extension was not agreed.</summary>
    public byte[]? OwnConnectionId { get; set; }

    /// <summary>What we put into records to the peer; null: the extension was not agreed.</summary>
    public byte[]? PeerConnectionId { get; set; }

    /// <summary>The longest plaintext of a record to the peer, in bytes.</summary>
    public int MaxPlaintextOut { get; set; } = RecordLimits.MaxPlaintext;

    /// <summary>The longest plaintext of a record to us, in bytes.</summary>
    public int MaxPlaintextIn { get; set; } = RecordLimits.MaxPlaintext;

    /// <summary>What we show in our Certificate.</summary>
    public CertificateType OwnCertificateType { get; set; }

    /// <summary>What the peer shows in its Certificate.</summary>
    public CertificateType PeerCertificateType { get; set; }

    /// <summary>The PSK identity that was claimed.</summary>
    public ReadOnlyMemory<byte> Identity { get; set; }

    public string? ServerName { get; set; }

    /// <summary>Whether a version was agreed, and with it what stands above.</summary>
    public bool IsAgreed { get; set; }

    /// <summary>
    /// Whether these settings would agree to it: what was agreed under others is not taken up under them. Who puts in a connection id of another length than
    /// theirs is not found.
    /// </summary>
    public bool IsAllowedBy(DtlsSettings settings) =>
        settings.Suites.Contains(Suite) && (settings.AllowCbc || !SuiteTable.IsCbc(Suite))
        && (ExtendedMasterSecret || !settings.RequireExtendedMasterSecret)
        && (OwnConnectionId is not { Length: > 0 } id || id.Length == settings.ConnectionIdLength);

    /// <summary>The same for people.</summary>
    public DtlsProgress Describe(string step) => new()
    {
        Version = IsAgreed ? "DTLS 1.2" : "",
        Suite = IsAgreed ? Suite : null,
        Identity = Identity,
        ServerName = ServerName,
        Step = step,
        ExtendedMasterSecret = ExtendedMasterSecret,
        EncryptThenMac = EncryptThenMac,
        OwnConnectionIdLength = PeerConnectionId is null ? null : OwnConnectionId?.Length,
        PeerConnectionIdLength = PeerConnectionId?.Length,
        Resumed = Resumed,
    };
}
