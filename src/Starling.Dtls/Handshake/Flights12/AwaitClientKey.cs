using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>The client's key exchange is to come.</summary>
/// <param name="pair">Our key pair of this handshake, where the suite has one.</param>
/// <param name="client">What the client showed, when it was asked.</param>
internal sealed class AwaitClientKey(ECDiffieHellman? pair, PeerKey? client) : HandshakeState
{
    private ECDiffieHellman? _pair = pair;

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
        return Next(handshake, key);
    }

    public override void Wipe() => _pair?.Dispose();

    private HandshakeState Next(Handshake handshake, in ClientKeyExchange key)
    {
        var agreement = _pair is null ? null : new AgreementWork(_pair, key.Point.ToArray());
        _pair = null;
        return handshake.Terms.Exchange == KeyExchange.EcdheEcdsa
            ? new AwaitAgreement(agreement!, null, client)
            : new AwaitPreSharedKey(handshake.Terms, agreement);
    }
}
