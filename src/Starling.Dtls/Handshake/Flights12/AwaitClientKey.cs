namespace Starling.Dtls;

/// <summary>The server after its hello, with pre-shared keys: the client's key exchange.</summary>
internal sealed class AwaitClientKey : HandshakeState
{
    public override string Step => "waiting for ClientKeyExchange";

    public override HandshakeState Receive(Handshake handshake, in HandshakeMessage message)
    {
        if (message.Type != HandshakeType.ClientKeyExchange)
        {
            return base.Receive(handshake, message);
        }
        if (!ClientKeyExchange.TryRead(handshake.Terms.Exchange, message.Body, out var key))
        {
            return handshake.Fail(DtlsAlert.DecodeError, "The ClientKeyExchange could not be read.");
        }
        if (key.Identity.Length > handshake.Settings.MaxIdentity)
        {
            return handshake.Fail(DtlsAlert.IllegalParameter, $"The PSK identity has {key.Identity.Length} bytes.");
        }
        handshake.Terms.Identity = key.Identity.ToArray();
        return new AwaitPreSharedKey(handshake.Terms);
    }
}
