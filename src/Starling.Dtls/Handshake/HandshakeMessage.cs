namespace Starling.Dtls;

/// <summary>One whole message as its carrier hands it up.</summary>
internal readonly ref struct HandshakeMessage
{
    public required HandshakeType Type { get; init; }

    /// <summary>What stands before the body in the transcript: the carrier's framing (RFC 5246 §7.4, RFC 6347 §4.2.6).</summary>
    public required ReadOnlySpan<byte> Header { get; init; }

    public required ReadOnlySpan<byte> Body { get; init; }

    /// <summary>Whether it came under the keys of this handshake.</summary>
    public required bool IsProtected { get; init; }

    /// <summary>The transcript's hash before this message: what Finished and CertificateVerify prove. Empty for other messages.</summary>
    public ReadOnlySpan<byte> HashBefore { get; init; }
}
