namespace Starling.Dtls;

/// <summary>The one algorithm of signatures here: ECDSA with SHA-256 (RFC 5246 §7.4.1.4.1).</summary>
internal static class SignatureAlgorithm
{
    public const ushort EcdsaSha256 = 0x0403;

    /// <summary>Reads algorithm and signature as CertificateVerify and ServerKeyExchange end with them; false for another algorithm.</summary>
    public static bool TryReadSignature(scoped ref TlsReader reader, out ReadOnlySpan<byte> signature)
    {
        signature = default;
        return reader.TryReadUInt16(out var algorithm) && algorithm == EcdsaSha256 && reader.TryReadVector16(out signature);
    }

    /// <summary>Writes algorithm and signature.</summary>
    public static void WriteSignature(ref TlsWriter writer, ReadOnlySpan<byte> signature)
    {
        writer.UInt16(EcdsaSha256);
        writer.Vector16(signature);
    }
}
