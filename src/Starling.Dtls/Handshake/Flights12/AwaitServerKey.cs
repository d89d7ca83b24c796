namespace Starling.Dtls;

/// <summary>The client between ServerHello and ServerHelloDone, with pre-shared keys: perhaps a ServerKeyExchange that holds a hint.</summary>
internal sealed class AwaitServerKey : HandshakeState
{
    private bool _hasKey;

    public override string Step => _hasKey ? "waiting for ServerHelloDone" : "waiting for ServerKeyExchange or ServerHelloDone";

    public override HandshakeState Receive(Handshake handshake, in HandshakeMessage message) => message.Type switch
    {
        HandshakeType.ServerKeyExchange when !_hasKey => TakeKey(handshake, message.Body),
        HandshakeType.ServerHelloDone => TakeDone(handshake, message.Body),
        _ => base.Receive(handshake, message),
    };

    private HandshakeState TakeKey(Handshake handshake, ReadOnlySpan<byte> body)
    {
        if (!ServerKeyExchange.TryRead(handshake.Terms.Exchange, body, out _))
        {
            return handshake.Fail(DtlsAlert.DecodeError, "The ServerKeyExchange could not be read.");
        }
        _hasKey = true;
        return this;
    }

    private static HandshakeState TakeDone(Handshake handshake, ReadOnlySpan<byte> body) =>
        body.IsEmpty ? ClientKeyFlight.Send(handshake) : handshake.Fail(DtlsAlert.DecodeError, "The ServerHelloDone is not empty.");
}
