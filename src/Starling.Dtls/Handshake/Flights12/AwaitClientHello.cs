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
        if (!ClientHello.TryRead(message.Body, out var hello))
        {
            return handshake.Fail(DtlsAlert.DecodeError, "The ClientHello could not be read.");
        }
        return ServerChoice.Make(handshake, hello) ?? ServerHelloFlight.Send(handshake, hello);
    }
}
