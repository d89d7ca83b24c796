namespace Starling.Dtls;

/// <summary>
/// ServerHello (RFC 5246 §7.4.1.3): what the server chose.
/// <code>
/// version(2) random(32) session_id&lt;0..32&gt; cipher_suite(2) compression_method(1) extensions&lt;0..2^16-1&gt;
/// </code>
/// </summary>
internal readonly ref struct ServerHello
{
    private const int MaxSize = 512;

    public ushort Version { get; private init; }

    public ReadOnlySpan<byte> Random { get; private init; }

    public ReadOnlySpan<byte> SessionId { get; private init; }

    public CipherSuite Suite { get; private init; }

    public byte Compression { get; private init; }

    public HelloExtensions Extensions { get; private init; }

    public static bool TryRead(ReadOnlySpan<byte> body, out ServerHello hello)
    {
        hello = default;
        var reader = new TlsReader(body);
        if (!reader.TryReadUInt16(out var version) || !reader.TryTake(ClientHello.RandomSize, out var random)
            || !reader.TryReadVector8(out var session) || session.Length > ClientHello.MaxSessionId
            || !reader.TryReadUInt16(out var suite) || !reader.TryReadByte(out var compression) || !HelloExtensions.TryRead(reader.Rest, out var extensions))
        {
            return false;
        }
        hello = new ServerHello
        {
            Version = version,
            Random = random,
            SessionId = session,
            Suite = new CipherSuite(suite),
            Compression = compression,
            Extensions = extensions,
        };
        return true;
    }

    /// <summary>Sends ours: the suite and the extensions of the terms, answering only what the client offered.</summary>
    public static void Send(Handshake handshake, in ClientHello hello)
    {
        var writer = new TlsWriter(stackalloc byte[MaxSize]);
        writer.UInt16(handshake.Carrier.Dialect.Version);
        writer.Bytes(handshake.Secrets.ServerRandom);
        writer.Vector8(handshake.Terms.SessionId);
        writer.UInt16(handshake.Terms.Suite.Value);
        writer.Byte(0);
        var extensions = writer.Begin16();
        WriteExtensions(ref writer, handshake.Terms, hello);
        WriteCertificateTypes(ref writer, handshake, hello.Extensions);
        WriteLimits(ref writer, handshake, hello.Extensions);
        writer.End16(extensions);
        handshake.Send(HandshakeType.ServerHello, writer.Written);
    }

    private static void WriteExtensions(ref TlsWriter writer, HandshakeTerms terms, in ClientHello hello)
    {
        var offered = hello.Extensions;
        if (hello.Offers(CipherSuite.RenegotiationMark) || offered.Has(ExtensionType.RenegotiationInfo))
        {
            AgreedExtensions.WriteByte(ref writer, ExtensionType.RenegotiationInfo, 0);   // RFC 5746 §3.6
        }
        if (terms.ExtendedMasterSecret)
        {
            AgreedExtensions.WriteEmpty(ref writer, ExtensionType.ExtendedMasterSecret);
        }
        if (terms.EncryptThenMac)
        {
            AgreedExtensions.WriteEmpty(ref writer, ExtensionType.EncryptThenMac);
        }
        if (terms.ServerName is not null && !terms.Resumed)
        {
            AgreedExtensions.WriteEmpty(ref writer, ExtensionType.ServerName);   // RFC 6066 §3
        }
        if (terms.OwnConnectionId is { } id)
        {
            AgreedExtensions.WriteConnectionId(ref writer, id);
        }
        if (terms.ReturnRoutability)
        {
            AgreedExtensions.WriteEmpty(ref writer, ExtensionType.ReturnRoutability);
        }
        WritePointFormats(ref writer, terms, offered);
    }

    private static void WritePointFormats(ref TlsWriter writer, HandshakeTerms terms, in HelloExtensions offered)
    {
        if (terms.Exchange != KeyExchange.Psk && offered.Has(ExtensionType.PointFormats))
        {
            writer.UInt16((int)ExtensionType.PointFormats);
            writer.UInt16(2);
            writer.Vector8([Groups.Uncompressed]);
        }
    }

    // RFC 7250 §4.2: the type that was chosen, where the client named any.
    private static void WriteCertificateTypes(ref TlsWriter writer, Handshake handshake, in HelloExtensions offered)
    {
        if (handshake.Terms.Exchange != KeyExchange.EcdheEcdsa || handshake.Terms.Resumed)
        {
            return;
        }
        if (handshake.Settings.RequireClientAuthentication && offered.Has(ExtensionType.ClientCertificateType))
        {
            AgreedExtensions.WriteByte(ref writer, ExtensionType.ClientCertificateType, (byte)handshake.Terms.PeerCertificateType);
        }
        if (offered.Has(ExtensionType.ServerCertificateType))
        {
            AgreedExtensions.WriteByte(ref writer, ExtensionType.ServerCertificateType, (byte)handshake.Terms.OwnCertificateType);
        }
    }

    // RFC 8449 §5: the newer extension answers, where both were offered.
    private static void WriteLimits(ref TlsWriter writer, Handshake handshake, in HelloExtensions offered)
    {
        if (offered.Has(ExtensionType.RecordSizeLimit))
        {
            AgreedExtensions.WriteUInt16(ref writer, ExtensionType.RecordSizeLimit, handshake.Terms.MaxPlaintextIn);
        }
        else if (offered.Has(ExtensionType.MaxFragmentLength))
        {
            AgreedExtensions.WriteByte(ref writer, ExtensionType.MaxFragmentLength, RecordLimits.CodeOf(handshake.Terms.MaxPlaintextOut));
        }
    }
}
