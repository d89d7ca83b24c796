namespace Starling.Dtls;

/// <summary>
/// What carries a handshake's messages: the record layer of datagrams, or that of a stream. The handshake knows neither fragments nor numbers, epochs,
/// acknowledgements or time; the carrier knows no message.
/// </summary>
internal abstract class HandshakeCarrier
{
    /// <summary>How hellos are spoken here.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Takes one message of the flight and adds it, as it is framed here, to the transcript.</summary>
    public abstract void Send(HandshakeType type, ReadOnlySpan<byte> body, Transcript transcript);

    /// <summary>The keys of both directions are known. The peer's come into use with its ChangeCipherSpec.</summary>
    public abstract void InstallKeys(SessionKeys keys, HandshakeTerms terms);

    /// <summary>Takes a ChangeCipherSpec into the flight: what is sent after it is under the new keys (RFC 5246 §7.1).</summary>
    public abstract void ChangeCipherSpec();

    /// <summary>The flight is complete.</summary>
    /// <param name="isLast">Whether no answer will come that shows its arrival.</param>
    public abstract void EndFlight(bool isLast);
}
