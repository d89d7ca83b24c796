using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>The server asked for a key: the client's Certificate is to come.</summary>
internal sealed class AwaitClientCertificate(ECDiffieHellman pair) : HandshakeState
{
    private ECDiffieHellman? _pair = pair;

    public override string Step => "waiting for Certificate";

    public override HandshakeState Receive(Handshake handshake, in HandshakeMessage message)
    {
        if (message.Type != HandshakeType.Certificate)
        {
            return base.Receive(handshake, message);
        }
        if (!CertificateMessage.TryRead(handshake.Terms.PeerCertificateType, message.Body, out var chain))
        {
            return handshake.Fail(DtlsAlert.DecodeError, "The Certificate could not be read.");
        }
        if (chain.IsEmpty)
        {
            return handshake.Fail(DtlsAlert.HandshakeFailure, "The client shows no certificate.");   // RFC 5246 §7.4.6
        }
        var next = new AwaitClientKey(_pair, new PeerKey(handshake.Terms.PeerCertificateType, chain));
        _pair = null;
        return next;
    }

    public override void Wipe() => _pair?.Dispose();
}
