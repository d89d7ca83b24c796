using System.Text;

namespace Starling.Dtls;

/// <summary>Flights 1 and 3 (RFC 6347 §4.2.4): the client's hello, and the same with the server's cookie.</summary>
internal static class ClientHelloFlight
{
    private const int MaxHello = 1024;
    private const int MaxIdentity = 128;
    private const int MaxKey = 64;

    /// <summary>Sends the first hello.</summary>
    public static HandshakeState Begin(Handshake handshake, DtlsTarget target)
    {
        var settings = handshake.Settings;
        settings.Random.GetBytes(handshake.Secrets.ClientRandom);
        handshake.Terms.ServerName = target.ServerName;
        handshake.Terms.OwnConnectionId = settings.ConnectionIdLength is null ? null : AgreedExtensions.NewConnectionId(settings);
        ThrowIfUnusable(handshake.Own.PreSharedKey);
        var suites = SuiteChoice.Offered(settings, handshake.Own);
        if (suites.Count == 0)
        {
            throw new ArgumentException("None of the cipher suites can be used with the keys that are given.", nameof(target));
        }
        var offer = new ClientOffer(suites, target);
        return Send(handshake, offer, []);
    }

    /// <summary>Sends the hello with a cookie, or without one yet.</summary>
    public static HandshakeState Send(Handshake handshake, ClientOffer offer, ReadOnlySpan<byte> cookie)
    {
        var writer = new TlsWriter(stackalloc byte[MaxHello]);
        writer.UInt16(handshake.Carrier.Dialect.Version);
        writer.Bytes(handshake.Secrets.ClientRandom);
        writer.Vector8(offer.Resume?.SessionId);
        if (handshake.Carrier.Dialect.HasCookie)
        {
            writer.Vector8(cookie);
        }
        var suites = writer.Begin16();
        foreach (var suite in offer.Suites)
        {
            writer.UInt16(suite.Value);
        }
        writer.UInt16(CipherSuite.RenegotiationMark.Value);
        writer.End16(suites);
        writer.Vector8([0]);   // no compression
        var extensions = writer.Begin16();
        offer.Extensions.Clear();
        offer.With(ExtensionType.RenegotiationInfo);   // which the mark among the suites stands for (RFC 5746 §3.3)
        WriteCommon(ref writer, handshake, offer);
        WriteCurves(ref writer, handshake.Own, offer);
        writer.End16(extensions);
        handshake.Send(HandshakeType.ClientHello, writer.Written);
        handshake.Carrier.EndFlight(isLast: false);
        return new AwaitServerHello(offer);
    }

    // LwM2M Core 1.2, object 0, resources 3 and 5.
    private static void ThrowIfUnusable(DtlsOwnKeys.ClientKey? key)
    {
        if (key is { Identity.Length: > MaxIdentity } or { Key.Length: 0 or > MaxKey })
        {
            throw new ArgumentException($"A pre-shared key has an identity of up to {MaxIdentity} bytes, and 1 to {MaxKey} bytes.", nameof(key));
        }
    }

    private static void WriteCommon(ref TlsWriter writer, Handshake handshake, ClientOffer offer)
    {
        var settings = handshake.Settings;
        AgreedExtensions.WriteEmpty(ref writer, offer.With(ExtensionType.ExtendedMasterSecret));
        if (offer.Suites.Any(SuiteTable.IsCbc))
        {
            AgreedExtensions.WriteEmpty(ref writer, offer.With(ExtensionType.EncryptThenMac));
        }
        if (handshake.Terms.OwnConnectionId is { } id)
        {
            offer.With(ExtensionType.ConnectionId);
            AgreedExtensions.WriteConnectionId(ref writer, id);
            if (settings.CheckReturnRoutability)
            {
                AgreedExtensions.WriteEmpty(ref writer, offer.With(ExtensionType.ReturnRoutability));
            }
        }
        if (settings.RecordSizeLimit < RecordLimits.MaxPlaintext)
        {
            AgreedExtensions.WriteUInt16(ref writer, offer.With(ExtensionType.RecordSizeLimit), Math.Max(settings.RecordSizeLimit, RecordLimits.MinPlaintext));
        }
        if (RecordLimits.CodeOf(settings.MaxFragmentLength) is var code and not 0)
        {
            AgreedExtensions.WriteByte(ref writer, offer.With(ExtensionType.MaxFragmentLength), code);
        }
        WriteName(ref writer, offer);
    }

    private static void WriteCurves(ref TlsWriter writer, DtlsOwnKeys own, ClientOffer offer)
    {
        if (SuiteChoice.NeedsCurve(offer.Suites))
        {
            Groups.WriteOffer(ref writer, offer.With(ExtensionType.SupportedGroups), offer.With(ExtensionType.PointFormats));
        }
        if (SuiteChoice.NeedsSignature(offer.Suites))
        {
            SignatureAlgorithm.WriteOffer(ref writer, offer.With(ExtensionType.SignatureAlgorithms));
            CertificateTypes.WriteOffer(ref writer, own, offer);
        }
    }

    private static void WriteName(ref TlsWriter writer, ClientOffer offer)
    {
        if (offer.ServerName is not { Length: > 0 and <= 255 } name || !Ascii.IsValid(name))
        {
            return;
        }
        writer.UInt16((int)offer.With(ExtensionType.ServerName));
        writer.UInt16(name.Length + 5);
        writer.UInt16(name.Length + 3);
        writer.Byte(0);
        writer.UInt16(name.Length);
        Span<byte> ascii = stackalloc byte[name.Length];
        Encoding.ASCII.GetBytes(name, ascii);
        writer.Bytes(ascii);
    }
}

/// <summary>What a client offered: the same in both hellos, and the measure of what the server may answer.</summary>
internal sealed class ClientOffer(IReadOnlyList<CipherSuite> suites, DtlsTarget target)
{
    public IReadOnlyList<CipherSuite> Suites { get; } = suites;

    public string? ServerName { get; } = target.ServerName;

    /// <summary>The session to take up again.</summary>
    public DtlsResumption? Resume { get; } = target.Resume is { } session && suites.Contains(session.Suite) ? session : null;

    public List<ExtensionType> Extensions { get; } = [];

    /// <summary>How many cookies the server has asked for.</summary>
    public int Cookies { get; set; }

    /// <summary>Notes an extension as offered.</summary>
    public ExtensionType With(ExtensionType type)
    {
        Extensions.Add(type);
        return type;
    }
}
