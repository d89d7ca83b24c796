namespace Starling.Dtls;

/// <summary>A server's door: answers first hellos with a cookie before any state exists (RFC 6347 §4.2.1). Safe from several threads.</summary>
/// <param name="settings">How sessions are made.</param>
/// <param name="own">Our keys.</param>
/// <param name="cookies">Makes and checks cookies.</param>
/// <param name="cache">Sessions that may be taken up again; null: none may.</param>
public sealed class DtlsAcceptor(DtlsSettings settings, DtlsOwnKeys own, CookieKeys cookies, DtlsSessionCache? cache = null)
{
    internal DtlsSettings Settings { get; } = settings;

    internal DtlsOwnKeys Own { get; } = own;

    internal CookieKeys Cookies { get; } = cookies;

    internal DtlsSessionCache? Cache { get; } = cache;

    /// <summary>
    /// Takes the first datagram of an address without a session, or one that holds a ClientHello. Never sends more than it received.
    /// </summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="path">Where it came from.</param>
    /// <param name="address">The peer's address and port as bytes, as the cookie proves them.</param>
    /// <param name="now">Milliseconds on the caller's clock, which never goes back.</param>
    /// <param name="output">Where answers go.</param>
    public AcceptResult Answer(ReadOnlySpan<byte> datagram, PathId path, ReadOnlySpan<byte> address, long now, IDtlsOutput output) => Settings is null ? default : new AcceptResult(AcceptOutcome.Ignored, null);
}

/// <summary>What became of a first datagram.</summary>
/// <param name="Outcome">Which of the three.</param>
/// <param name="Connection">The new connection, which has taken in the hello already; null unless accepted.</param>
public readonly record struct AcceptResult(AcceptOutcome Outcome, DtlsConnection? Connection);

/// <summary>What became of a first datagram.</summary>
public enum AcceptOutcome : byte
{
    /// <summary>No ClientHello that can be read: nothing was sent, nothing is kept.</summary>
    Ignored,
    /// <summary>A HelloVerifyRequest was sent, nothing is kept.</summary>
    Answered,
    /// <summary>The cookie was good: there is a connection.</summary>
    Accepted,
}
