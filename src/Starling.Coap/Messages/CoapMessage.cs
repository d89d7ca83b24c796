namespace Starling.Coap;

/// <summary>
/// What every transport can say: a request or a response. Type and message id are matters of unreliable transports and never get this far.
/// Immutable; options and payload of a received message share one array that belongs to it alone.
/// </summary>
public sealed class CoapMessage
{
    /// <summary>The method or the response code.</summary>
    public required CoapCode Code { get; init; }

    /// <summary>The token. Requests and responses that the endpoint sends get theirs from it; what is set here is then left aside.</summary>
    public CoapToken Token { get; init; }

    /// <summary>The options.</summary>
    public CoapOptions Options { get; init; }

    /// <summary>The payload; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Instead of <see cref="Payload"/> where a body is too large to hold: it is read block by block while it is sent.</summary>
    public IBodySource? Body { get; init; }

    /// <summary>What took the body of this request block by block, as <see cref="ICoapHandler.OpenBody"/> gave it; null when it came in one piece or was assembled.</summary>
    public IBodySink? Sink { get; internal init; }

    /// <summary>
    /// Says that the request is refused as a message: over datagrams a non-confirmable one is answered with a Reset instead of this response
    /// (RFC 7252 §5.4.1, §4.3).
    /// </summary>
    internal bool IsRejection { get; private init; }

    /// <summary>The same message with other options and payload and without a body source.</summary>
    public CoapMessage With(CoapOptions options, ReadOnlyMemory<byte> payload) => new() { Code = Code, Token = Token, Options = options, Payload = payload };

    /// <summary>A response with no more than its code.</summary>
    public static CoapMessage Response(CoapCode code) => new() { Code = code };

    /// <summary>An error with a diagnostic text for people (RFC 7252 §5.5.2).</summary>
    public static CoapMessage Error(CoapCode code, string diagnostic) =>
        new() { Code = code, Payload = System.Text.Encoding.UTF8.GetBytes(diagnostic) };

    internal static CoapMessage Rejection(CoapCode code, string diagnostic) =>
        new() { Code = code, Payload = System.Text.Encoding.UTF8.GetBytes(diagnostic), IsRejection = true };

    /// <summary>Code, path and sizes, for logs.</summary>
    public override string ToString() =>
        $"{Code} {(Code.IsRequest ? Options.UriPath : "")} [{Token}] {Payload.Length} bytes";
}
