namespace Starling.Dtls;

/// <summary>Flight 4 (RFC 6347 §4.2.4): what the server chose, and its part of the keys.</summary>
internal static class ServerHelloFlight
{
    private const int MaxHello = 512;

    /// <summary>Sends it.</summary>
    public static HandshakeState Send(Handshake handshake, in ClientHello hello)
    {
        handshake.Settings.Random.GetBytes(handshake.Secrets.ServerRandom);
        SendHello(handshake, hello);
        handshake.Send(HandshakeType.ServerHelloDone, default);
        handshake.Carrier.EndFlight(isLast: false);
        return new AwaitClientKey();
    }

    private static void SendHello(Handshake handshake, in ClientHello hello)
    {
        var writer = new TlsWriter(stackalloc byte[MaxHello]);
        writer.UInt16(ProtocolVersion.Dtls12);
        writer.Bytes(handshake.Secrets.ServerRandom);
        writer.Vector8(default);
        writer.UInt16(handshake.Terms.Suite.Value);
        writer.Byte(0);
        var extensions = writer.Begin16();
        WriteExtensions(ref writer, handshake, hello);
        writer.End16(extensions);
        handshake.Send(HandshakeType.ServerHello, writer.Written);
    }

    private static void WriteExtensions(ref TlsWriter writer, Handshake handshake, in ClientHello hello)
    {
        var terms = handshake.Terms;
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
        if (terms.ServerName is not null)
        {
            AgreedExtensions.WriteEmpty(ref writer, ExtensionType.ServerName);
        }
        if (terms.OwnConnectionId is { } id)
        {
            AgreedExtensions.WriteConnectionId(ref writer, id);
        }
        if (terms.ReturnRoutability)
        {
            AgreedExtensions.WriteEmpty(ref writer, ExtensionType.ReturnRoutability);
        }
        WriteLimits(ref writer, handshake, offered);
    }

    // RFC 8449 §5: the newer extension answers, where both were offered.
    private static void WriteLimits(ref TlsWriter writer, Handshake handshake, in HelloExtensions offered)
    {
        if (offered.Has(ExtensionType.RecordSizeLimit))
        {
            AgreedExtensions.WriteUInt16(ref writer, ExtensionType.RecordSizeLimit, Math.Max(handshake.Settings.RecordSizeLimit, RecordLimits.MinPlaintext));
        }
        else if (offered.Has(ExtensionType.MaxFragmentLength))
        {
            AgreedExtensions.WriteByte(ref writer, ExtensionType.MaxFragmentLength, RecordLimits.CodeOf(handshake.Terms.MaxPlaintextOut));
        }
    }
}
