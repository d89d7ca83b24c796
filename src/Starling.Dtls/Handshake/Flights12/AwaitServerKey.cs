namespace Starling.Dtls;

/// <summary>The client between ServerHello and ServerHelloDone: what the server shows, its half of the key exchange, and whether it asks for ours.</summary>
internal sealed class AwaitServerKey(KeyExchange exchange) : HandshakeState
{
    private PeerKey? _server;
    private bool _hasKey;
    private bool _isAsked;
    private bool _isAskedForOurs;
    private byte[] _point = [];
    private byte[] _signature = [];
    private byte[] _signedHash = [];

    private bool NeedsCertificate => exchange == KeyExchange.EcdheEcdsa && _server is null;

    // A plain pre-shared key has one only with a hint (RFC 4279 §2).
    private bool NeedsKey => exchange != KeyExchange.Psk && !_hasKey;

    public override string Step => NeedsCertificate ? "waiting for Certificate" : NeedsKey ? "waiting for ServerKeyExchange" : "waiting for ServerHelloDone";

    public override HandshakeState Receive(Handshake handshake, in HandshakeMessage message) => message.Type switch
    {
        HandshakeType.Certificate when NeedsCertificate => TakeCertificate(handshake, message.Body),
        HandshakeType.ServerKeyExchange when !NeedsCertificate && !_hasKey && !_isAsked => TakeKey(handshake, message.Body),
        HandshakeType.CertificateRequest when exchange == KeyExchange.EcdheEcdsa && _hasKey && !_isAsked => TakeRequest(handshake, message.Body),
        HandshakeType.ServerHelloDone when !NeedsCertificate && !NeedsKey => TakeDone(handshake, message.Body),
        _ => base.Receive(handshake, message),
    };

    private HandshakeState TakeCertificate(Handshake handshake, ReadOnlySpan<byte> body)
    {
        var type = handshake.Terms.PeerCertificateType;
        if (!CertificateMessage.TryRead(type, body, out var chain) || chain.IsEmpty)
        {
            return handshake.Fail(DtlsAlert.DecodeError, "The server's Certificate could not be read, or is empty.");
        }
        _server = new PeerKey(type, chain);
        return this;
    }

    private HandshakeState TakeKey(Handshake handshake, ReadOnlySpan<byte> body)
    {
        if (!ServerKeyExchange.TryRead(exchange, body, out var key))
        {
            return handshake.Fail(DtlsAlert.DecodeError, "The ServerKeyExchange could not be read, or has another curve or algorithm than was offered.");
        }
        _hasKey = true;
        (_point, _signature) = (key.Point.ToArray(), key.Signature.ToArray());
        _signedHash = System.Security.Cryptography.SHA256.HashData([.. handshake.Secrets.ClientRandom, .. handshake.Secrets.ServerRandom, .. key.Parameters]);
        return this;
    }

    private HandshakeState TakeRequest(Handshake handshake, ReadOnlySpan<byte> body)
    {
        _isAsked = true;
        return CertificateRequest.TryRead(body, out _isAskedForOurs) ? this : handshake.Fail(DtlsAlert.DecodeError, "The CertificateRequest could not be read.");
    }

    private HandshakeState TakeDone(Handshake handshake, ReadOnlySpan<byte> body)
    {
        if (!body.IsEmpty)
        {
            return handshake.Fail(DtlsAlert.DecodeError, "The ServerHelloDone is not empty.");
        }
        if (_isAsked && !_isAskedForOurs)
        {
            return handshake.Fail(DtlsAlert.HandshakeFailure, "The server wants a certificate with another algorithm than ECDSA with SHA-256.");
        }
        return exchange == KeyExchange.Psk
            ? ClientKeyFlight.Send(handshake, default, default)
            : new AwaitClientKeyWork(new ClientKeyWork(_server, _signedHash, _signature, _point), _server, _isAsked);
    }
}
