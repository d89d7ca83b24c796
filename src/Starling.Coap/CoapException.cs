namespace Starling.Coap;

/// <summary>We could not: the base of what a request may end with instead of a response.</summary>
public abstract class CoapException(string message) : Exception(message);

/// <summary>The peer did not acknowledge, or acknowledged and never answered.</summary>
public sealed class CoapTimeoutException(string message) : CoapException(message)
{
    /// <summary>Whether the peer has the request: it acknowledged, and only the answer is missing.</summary>
    public bool IsAcknowledged { get; init; }
}

/// <summary>The peer said that it cannot use the message (Reset).</summary>
public sealed class CoapRejectedException(string message) : CoapException(message);

/// <summary>The peer is gone: closed, evicted or unreachable.</summary>
public sealed class PeerLostException(string message) : CoapException(message);

/// <summary>Nothing was sent: a queue is full, or the peer's address is not proven yet.</summary>
public sealed class CoapBusyException(string message) : CoapException(message);

/// <summary>The response cannot be used: its blocks do not fit together, it is larger than the limit, or it has a critical option that is not understood.</summary>
public sealed class CoapBodyException(string message) : CoapException(message);

/// <summary>There is no session with the other party: it refused us, we refused it, or it did not answer.</summary>
public sealed class HandshakeFailedException(string message) : CoapException(message)
{
    /// <summary>The alert that ended the handshake (RFC 5246 §7.2), 0 to 255; null when there was none.</summary>
    public byte? Alert { get; init; }

    /// <summary>Whether the alert was ours; otherwise the other party's.</summary>
    public bool AlertIsOurs { get; init; }
}

/// <summary>Thrown by handlers to answer with a code and a diagnostic text.</summary>
public class CoapErrorException(CoapCode code, string diagnostic) : Exception(diagnostic)
{
    /// <summary>The code of the answer.</summary>
    public CoapCode Code { get; } = code;
}
