namespace Starling.Dtls;

/// <summary>What a server makes of a hello: the suite and the extensions that both have.</summary>
internal static class ServerChoice
{
    /// <summary>Fills the terms. Null when there is something in common.</summary>
    public static HandshakeFailed? Make(Handshake handshake, in ClientHello hello)
    {
        var terms = handshake.Terms;
        if (!handshake.Carrier.Dialect.IsOfferedBy(hello.Version))
        {
            return handshake.Fail(DtlsAlert.ProtocolVersion, $"The client's version is 0x{hello.Version:x4}; 1.2 is 0x{handshake.Carrier.Dialect.Version:x4}.");
        }
        hello.Random.CopyTo(handshake.Secrets.ClientRandom);
        if (Extensions(handshake, hello.Extensions) is { } failed)
        {
            return failed;
        }
        foreach (var suite in handshake.Settings.Suites)
        {
            if (hello.Offers(suite) && SuiteChoice.IsOurs(suite, handshake.Settings, handshake.Own, isClient: false) && IsPossible(handshake, suite, hello.Extensions))
            {
                SuiteTable.TryFind(suite, out var exchange, out _);
                (terms.Suite, terms.Exchange, terms.IsAgreed) = (suite, exchange, true);
                terms.EncryptThenMac = SuiteTable.IsCbc(suite) && hello.Extensions.HasEmpty(ExtensionType.EncryptThenMac);
                return null;
            }
        }
        return handshake.Fail(DtlsAlert.HandshakeFailure, $"No cipher suite in common; the client offers {Names(hello)}.");
    }

    // Curves, signatures and types of certificates that the suite needs besides.
    private static bool IsPossible(Handshake handshake, CipherSuite suite, in HelloExtensions extensions)
    {
        SuiteTable.TryFind(suite, out var exchange, out _);
        return exchange == KeyExchange.Psk
            || (Groups.IsOffered(extensions)
                && (exchange == KeyExchange.EcdhePsk || (SignatureAlgorithm.IsOffered(extensions) && CertificateTypes.TryChoose(handshake, extensions))));
    }

    private static HandshakeFailed? Extensions(Handshake handshake, in HelloExtensions extensions)
    {
        var (terms, settings) = (handshake.Terms, handshake.Settings);
        if (extensions.TryFind(ExtensionType.RenegotiationInfo, out var info) && (info.Length != 1 || info[0] != 0))
        {
            return handshake.Fail(DtlsAlert.HandshakeFailure, "renegotiation_info is not empty.");   // RFC 5746 §3.6
        }
        terms.ExtendedMasterSecret = extensions.HasEmpty(ExtensionType.ExtendedMasterSecret);
        if (settings.RequireExtendedMasterSecret && !terms.ExtendedMasterSecret)
        {
            return handshake.Fail(DtlsAlert.HandshakeFailure, "The client does not know the extended master secret, which is required here.");
        }
        if (!AgreedExtensions.TryTakeLimits(terms, handshake.Settings, extensions))
        {
            return handshake.Fail(DtlsAlert.IllegalParameter, "The limit on records has a value that it may not have.");
        }
        if (extensions.TryFind(ExtensionType.ServerName, out var names))
        {
            if (!AgreedExtensions.TryReadName(names, out var name))
            {
                return handshake.Fail(DtlsAlert.DecodeError, "server_name could not be read.");
            }
            terms.ServerName = name;
            handshake.Own = handshake.Own.For(name);
        }
        return ConnectionId(handshake, extensions);
    }

    private static HandshakeFailed? ConnectionId(Handshake handshake, in HelloExtensions extensions)
    {
        var (terms, settings) = (handshake.Terms, handshake.Settings);
        if (settings.ConnectionIdLength is null || !extensions.TryFind(ExtensionType.ConnectionId, out var id))
        {
            return null;
        }
        terms.OwnConnectionId = AgreedExtensions.NewConnectionId(settings);
        terms.ReturnRoutability = settings.CheckReturnRoutability && extensions.HasEmpty(ExtensionType.ReturnRoutability);
        return AgreedExtensions.TryTakeConnectionId(terms, id) ? null : handshake.Fail(DtlsAlert.DecodeError, "The client's connection id could not be read.");
    }

    private static string Names(in ClientHello hello)
    {
        var names = new List<string>();
        for (var reader = new TlsReader(hello.Suites); names.Count < 8 && reader.TryReadUInt16(out var suite);)
        {
            names.Add(new CipherSuite(suite).ToString());
        }
        return string.Join(", ", names);
    }
}
