namespace Starling.Dtls;

/// <summary>
/// CertificateRequest (RFC 5246 §7.4.4): the client is to show a key as well.
/// <code>
/// certificate_types&lt;1..2^8-1&gt; supported_signature_algorithms&lt;2..2^16-2&gt; certificate_authorities&lt;0..2^16-1&gt;
/// </code>
/// </summary>
internal static class CertificateRequest
{
    private const byte EcdsaSign = 64;   // RFC 8422 §5.5

    /// <summary>Reads the message; <paramref name="fits"/> says whether our key is of the wanted kind. Authorities are not looked at: there is one key to choose from.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out bool fits)
    {
        fits = false;
        var reader = new TlsReader(body);
        if (!reader.TryReadVector8(out var types) || types.IsEmpty || !reader.TryReadVector16(out var algorithms) || !reader.TryReadVector16(out _) || !reader.IsAtEnd)
        {
            return false;
        }
        fits = types.Contains(EcdsaSign) && SignatureAlgorithm.IsIn(algorithms);
        return algorithms.Length % 2 == 0;
    }

    public static void Send(Handshake handshake)
    {
        var writer = new TlsWriter(stackalloc byte[8]);
        writer.Vector8([EcdsaSign]);
        writer.UInt16(2);
        writer.UInt16(SignatureAlgorithm.EcdsaSha256);
        writer.Vector16(default);
        handshake.Send(HandshakeType.CertificateRequest, writer.Written);
    }
}
