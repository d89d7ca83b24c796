namespace Starling.Dtls;

/// <summary>What became of a first datagram.</summary>
/// <param name="Outcome">Which of the three.</param>
/// <param name="Connection">The new connection, which has taken in the datagram already and may even be closed by it; null unless accepted.</param>
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
