using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>
/// CertificateVerify (RFC 5246 §7.4.8): the client holds the private key. It signs all messages before it.
/// <code>
/// algorithm(2) signature&lt;0..2^16-1&gt;
/// </code>
/// </summary>
internal static class CertificateVerify
{
    public static bool TryRead(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> signature)
    {
        var reader = new TlsReader(body);
        return SignatureAlgorithm.TryReadSignature(ref reader, out signature) && reader.IsAtEnd;
    }

    public static void Send(Handshake handshake, ReadOnlySpan<byte> signature)
    {
        var writer = new TlsWriter(stackalloc byte[4 + OwnKey.MaxSignature]);
        SignatureAlgorithm.WriteSignature(ref writer, signature);
        handshake.Send(HandshakeType.CertificateVerify, writer.Written);
    }
}
