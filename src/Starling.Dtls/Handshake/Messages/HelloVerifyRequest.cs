namespace Starling.Dtls;

/// <summary>
/// HelloVerifyRequest (RFC 6347 §4.2.1): send that again, with this cookie.
/// <code>
/// version(2) cookie&lt;0..255&gt;
/// </code>
/// </summary>
internal static class HelloVerifyRequest
{
    /// <summary>Reads the cookie. The version says nothing about what will be agreed (§4.2.1), so it is not looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> cookie)
    {
        cookie = default;
        var reader = new TlsReader(body);
        return reader.TryReadUInt16(out _) && reader.TryReadVector8(out cookie) && reader.IsAtEnd;
    }

    /// <summary>Writes the message.</summary>
    public static void Write(ref TlsWriter writer, ReadOnlySpan<byte> cookie)
    {
        writer.UInt16(ProtocolVersion.Dtls10);   // RFC 6347 §4.2.1: 1.0, whatever will be agreed
        writer.Vector8(cookie);
    }
}
