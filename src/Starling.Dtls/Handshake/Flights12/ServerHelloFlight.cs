using System.Security.Cryptography;
using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>Flight 4 (RFC 6347 §4.2.4): what the server chose, and its part of the keys.</summary>
internal static class ServerHelloFlight
{
    /// <summary>Sends it, or begins it when a key pair has to be made.</summary>
    public static HandshakeState Begin(Handshake handshake, in ClientHello hello)
    {
        handshake.Terms.SessionId = handshake.Memory.NewId(handshake);
        handshake.Settings.Random.GetBytes(handshake.Secrets.ServerRandom);
        ServerHello.Send(handshake, hello);
        var exchange = handshake.Terms.Exchange;
        if (exchange == KeyExchange.Psk)
        {
            return End(handshake, null, isAsked: false);
        }
        if (exchange == KeyExchange.EcdheEcdsa)
        {
            CertificateMessage.Send(handshake, handshake.Terms.OwnCertificateType);
        }
        byte[] randoms = [.. handshake.Secrets.ClientRandom, .. handshake.Secrets.ServerRandom];
        return new AwaitKeyPair(new KeyPairWork(exchange == KeyExchange.EcdheEcdsa ? handshake.Own.Key : null, randoms));
    }

    /// <summary>Ends it.</summary>
    /// <param name="handshake">The handshake.</param>
    /// <param name="pair">The key pair of this handshake.</param>
    /// <param name="isAsked">Whether the client is to show a key.</param>
    public static HandshakeState End(Handshake handshake, ECDiffieHellman? pair, bool isAsked)
    {
        handshake.Send(HandshakeType.ServerHelloDone, default);
        handshake.Carrier.EndFlight(isLast: false);
        return isAsked ? new AwaitClientCertificate(pair!) : new AwaitClientKey(pair, null);
    }
}

/// <summary>The server's flight is half sent: the key pair is being made, and signed.</summary>
internal sealed class AwaitKeyPair(KeyPairWork work) : HandshakeState
{
    public override string Step => "making a key pair";

    public override DtlsWork? Work => work;

    public override HandshakeState Complete(Handshake handshake)
    {
        if (work.TakePair() is not { } pair)
        {
            return handshake.Fail(DtlsAlert.InternalError, "The key pair was not made.");
        }
        var isSigned = handshake.Terms.Exchange == KeyExchange.EcdheEcdsa;
        ServerKeyExchange.Send(handshake, work.Point, work.Signature);
        var isAsked = isSigned && handshake.Settings.RequireClientAuthentication;
        if (isAsked)
        {
            CertificateRequest.Send(handshake);
        }
        return ServerHelloFlight.End(handshake, pair, isAsked);
    }
}
