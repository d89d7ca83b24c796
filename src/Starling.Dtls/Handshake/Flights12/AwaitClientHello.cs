namespace Starling.Dtls;

/// <summary>The server before anything was said: the hello whose cookie was good.</summary>
internal sealed class AwaitClientHello : HandshakeState
{
    public override string Step => "waiting for ClientHello";

    public override HandshakeState Receive(Handshake handshake, in HandshakeMessage message)
    {
        if (message.Type != HandshakeType.ClientHello)
        {
            return base.Receive(handshake, message);
        }
        if (!ClientHello.TryRead(message.Body, handshake.Carrier.Dialect, out var hello))
        {
            return handshake.Fail(DtlsAlert.DecodeError, "The ClientHello could not be read.");
        }
        if (ServerChoice.Make(handshake, hello) is { } failed)
        {
            return failed;
        }
        return handshake.Memory.Find(handshake, hello) is { } session ? Resume(handshake, hello, message.Body, session) : ServerHelloFlight.Begin(handshake, hello);
    }

    private static HandshakeState Resume(Handshake handshake, in ClientHello hello, ReadOnlySpan<byte> body, CachedSession session)
    {
        if (!handshake.Terms.ExtendedMasterSecret)
        {
            return handshake.Fail(DtlsAlert.HandshakeFailure, "An earlier session is asked for without the extended master secret.");   // RFC 7627 §5.3
        }
        return session.Claim is null ? ResumedFlight.Send(handshake, hello, session) : new AwaitRenewal(session, body.ToArray());
    }
}
