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

    /// <summary>Whether a list of algorithms has it.</summary>
    public static bool IsIn(ReadOnlySpan<byte> algorithms)
    {
        for (var reader = new TlsReader(algorithms); reader.TryReadUInt16(out var algorithm);)
        {
            if (algorithm == EcdsaSha256)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether a client takes it. One that names none takes SHA-1 (RFC 5246 §7.4.1.4.1), which is not done here.</summary>
    public static bool IsOffered(in HelloExtensions extensions)
    {
        if (!extensions.TryFind(ExtensionType.SignatureAlgorithms, out var body))
        {
            return false;
        }
        var reader = new TlsReader(body);
        return reader.TryReadVector16(out var algorithms) && IsIn(algorithms);
    }

    /// <summary>Writes a client's signature_algorithms.</summary>
    public static void WriteOffer(ref TlsWriter writer, ExtensionType type)
    {
        writer.UInt16((int)type);
        writer.UInt16(4);
        writer.UInt16(2);
        writer.UInt16(EcdsaSha256);
    }

    /// <summary>Writes algorithm and signature.</summary>
    public static void WriteSignature(ref TlsWriter writer, ReadOnlySpan<byte> signature)
    {
        writer.UInt16(EcdsaSha256);
        writer.Vector16(signature);
    }
}
