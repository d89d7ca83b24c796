namespace Starling.Dtls;

/// <summary>What one record brought.</summary>
/// <param name="Offset">Where application data begins in the bytes that were given: it is decrypted in place.</param>
/// <param name="Length">How much application data there is, in bytes. An empty record has none and is <see cref="DtlsChanges.Application"/> all the same.</param>
/// <param name="Changes">What else it did.</param>
public readonly record struct DtlsReceived(int Offset, int Length, DtlsChanges Changes)
{
    /// <summary>Whether a thing happened.</summary>
    public bool Has(DtlsChanges change) => (Changes & change) != 0;
}

/// <summary>What a record did to a connection.</summary>
[Flags]
public enum DtlsChanges : byte
{
    /// <summary>Nothing that concerns the caller.</summary>
    None = 0,
    /// <summary>It carried application data.</summary>
    Application = 1,
    /// <summary>It finished the handshake.</summary>
    Established = 2,
    /// <summary>It ended the session, or the handshake failed.</summary>
    Closed = 4,
    /// <summary>It was authentic, the newest so far, and came on another path than those before: what is sent from now on goes there (RFC 9146 §6).</summary>
    PeerMoved = 8,
    /// <summary>The path that the peer moved to has proven itself (RFC 9853).</summary>
    PathProven = 16,
    /// <summary>It was a ClientHello of another handshake than this one: give the datagram to the <see cref="DtlsAcceptor"/>.</summary>
    AnotherHello = 32,
}
