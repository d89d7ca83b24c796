using System.Runtime.InteropServices;

namespace Starling.Dtls;

/// <summary>The client after its hello: a cookie to send back, or the server's choice.</summary>
internal sealed class AwaitServerHello(ClientOffer offer) : HandshakeState
{
    private const int MaxCookies = 3;   // a server whose keys change meanwhile asks again; one that always asks does not want us

    public override string Step => offer.Cookies == 0 ? "waiting for HelloVerifyRequest or ServerHello" : "waiting for ServerHello";

    public override HandshakeState Receive(Handshake handshake, in HandshakeMessage message) => message.Type switch
    {
        HandshakeType.HelloVerifyRequest when handshake.Carrier.Dialect.HasCookie => TakeCookie(handshake, message.Body),
        HandshakeType.ServerHello => TakeHello(handshake, message.Body),
        _ => base.Receive(handshake, message),
    };

    private HandshakeState TakeCookie(Handshake handshake, ReadOnlySpan<byte> body)
    {
        if (!HelloVerifyRequest.TryRead(body, out var cookie))
        {
            return handshake.Fail(DtlsAlert.DecodeError, "The HelloVerifyRequest could not be read.");
        }
        if (++offer.Cookies > MaxCookies)
        {
            return handshake.Fail(DtlsAlert.UnexpectedMessage, "The server asked for a cookie again and again.");
        }
        handshake.Transcript.Reset();   // RFC 6347 §4.2.1: neither the first hello nor this counts
        return ClientHelloFlight.Send(handshake, offer, cookie);
    }

    private HandshakeState TakeHello(Handshake handshake, ReadOnlySpan<byte> body)
    {
        if (!ServerHello.TryRead(body, out var hello))
        {
            return handshake.Fail(DtlsAlert.DecodeError, "The ServerHello could not be read.");
        }
        if (hello.Version != handshake.Carrier.Dialect.Version)
        {
            return handshake.Fail(DtlsAlert.ProtocolVersion, $"The server chose version 0x{hello.Version:x4}.");
        }
        if (!offer.Suites.Contains(hello.Suite) || hello.Compression != 0)
        {
            return handshake.Fail(DtlsAlert.IllegalParameter, $"The server chose {hello.Suite}, which was not offered.");
        }
        if (!hello.Extensions.AreWithin(CollectionsMarshal.AsSpan(offer.Extensions)))
        {
            return handshake.Fail(DtlsAlert.UnsupportedExtension, "The server answered an extension that was not offered.");
        }
        hello.Random.CopyTo(handshake.Secrets.ServerRandom);
        handshake.Terms.SessionId = hello.SessionId.ToArray();
        if (TakeTerms(handshake, hello) is { } failed)
        {
            return failed;
        }
        return IsResumed(handshake)
            ? ResumedFlight.Await(handshake, offer.Resume!)
            : new AwaitServerKey(handshake.Terms.Exchange);
    }

    // Null when all is well.
    private HandshakeFailed? TakeTerms(Handshake handshake, in ServerHello hello)
    {
        var terms = handshake.Terms;
        var extensions = hello.Extensions;
        SuiteTable.TryFind(hello.Suite, out var exchange, out _);
        (terms.Suite, terms.Exchange) = (hello.Suite, exchange);
        terms.ExtendedMasterSecret = extensions.HasEmpty(ExtensionType.ExtendedMasterSecret);
        terms.EncryptThenMac = SuiteTable.IsCbc(hello.Suite) && extensions.HasEmpty(ExtensionType.EncryptThenMac);
        terms.IsAgreed = true;
        if (handshake.Settings.RequireExtendedMasterSecret && !terms.ExtendedMasterSecret)
        {
            return handshake.Fail(DtlsAlert.HandshakeFailure, "The server does not know the extended master secret.");
        }
        if (extensions.TryFind(ExtensionType.RenegotiationInfo, out var info) && (info.Length != 1 || info[0] != 0))
        {
            return handshake.Fail(DtlsAlert.HandshakeFailure, "renegotiation_info is not empty.");   // RFC 5746 §3.4
        }
        if (!AgreedExtensions.TryTakeLimits(terms, handshake.Settings, extensions)
            || (extensions.Has(ExtensionType.MaxFragmentLength) && terms.MaxPlaintextIn != handshake.Settings.MaxFragmentLength))
        {
            return handshake.Fail(DtlsAlert.IllegalParameter, "The limit on records has a value that it may not have.");
        }
        return TakeCertificateTypes(handshake, extensions) ?? TakeConnectionId(handshake, extensions);
    }

    // RFC 7250 §4.2: without an answer it is X.509.
    private HandshakeFailed? TakeCertificateTypes(Handshake handshake, in HelloExtensions extensions)
    {
        var terms = handshake.Terms;
        terms.OwnCertificateType = CertificateTypes.ReadChosen(extensions, ExtensionType.ClientCertificateType);
        terms.PeerCertificateType = CertificateTypes.ReadChosen(extensions, ExtensionType.ServerCertificateType);
        return terms.Exchange != KeyExchange.EcdheEcdsa || IsResumed(handshake)
            || (CertificateTypes.Has(handshake.Own, terms.OwnCertificateType) && CertificateTypes.Has(handshake.Own, terms.PeerCertificateType))
            ? null
            : handshake.Fail(DtlsAlert.UnsupportedCertificate, "The server chose a type of certificate that was not offered.");
    }

    // An earlier session needs no words about certificates.
    private bool IsResumed(Handshake handshake) => offer.Resume is { } session && handshake.Terms.SessionId.AsSpan().SequenceEqual(session.SessionId);

    private static HandshakeFailed? TakeConnectionId(Handshake handshake, in HelloExtensions extensions)
    {
        var terms = handshake.Terms;
        if (!extensions.TryFind(ExtensionType.ConnectionId, out var id))
        {
            terms.OwnConnectionId = null;
            return null;
        }
        terms.ReturnRoutability = extensions.HasEmpty(ExtensionType.ReturnRoutability);
        return AgreedExtensions.TryTakeConnectionId(terms, id) ? null : handshake.Fail(DtlsAlert.DecodeError, "The server's connection id could not be read.");
    }
}
