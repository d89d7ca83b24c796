using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>Flight 5 (RFC 6347 §4.2.4): the client's key, perhaps its certificate with a proof, and its Finished.</summary>
internal static class ClientKeyFlight
{
    private const int MaxKeyExchange = 1024;

    /// <summary>Sends it where no signature of ours is in it.</summary>
    /// <param name="handshake">The handshake.</param>
    /// <param name="point">Our half of the key exchange; empty: the suite has none.</param>
    /// <param name="agreed">What both agreed on.</param>
    public static HandshakeState Send(Handshake handshake, ReadOnlySpan<byte> point, ReadOnlySpan<byte> agreed)
    {
        SendKey(handshake, point, agreed);
        return FinishedFlight.SendFirst(handshake);
    }

    /// <summary>Begins it with our certificate; the signature is work.</summary>
    public static HandshakeState Begin(Handshake handshake, ReadOnlySpan<byte> point, ReadOnlySpan<byte> agreed)
    {
        CertificateMessage.Send(handshake, handshake.Terms.OwnCertificateType);
        SendKey(handshake, point, agreed);
        var hash = new byte[Transcript.Size];
        handshake.Transcript.Current(hash);
        return new AwaitSignature(new SignWork(handshake.Own.Key!, hash));
    }

    private static void SendKey(Handshake handshake, ReadOnlySpan<byte> point, ReadOnlySpan<byte> agreed)
    {
        var (exchange, own) = (handshake.Terms.Exchange, handshake.Own.PreSharedKey);
        handshake.Terms.Identity = exchange == KeyExchange.EcdheEcdsa ? default : own!.Identity;
        var writer = new TlsWriter(stackalloc byte[MaxKeyExchange]);
        ClientKeyExchange.Write(ref writer, exchange, handshake.Terms.Identity.Span, point);
        handshake.Send(HandshakeType.ClientKeyExchange, writer.Written);
        var premaster = exchange == KeyExchange.EcdheEcdsa ? agreed.ToArray() : HandshakeSecrets.PremasterOf(own!.Key.Span, agreed);
        handshake.Secrets.Derive(premaster, handshake.Terms.ExtendedMasterSecret, handshake.Transcript);
    }
}

/// <summary>The client checks what the server signed and makes its half of the key exchange.</summary>
internal sealed class AwaitClientKeyWork(ClientKeyWork work, PeerKey? server, bool isAsked) : HandshakeState
{
    public override string Step => "agreeing on a secret";

    public override DtlsWork? Work => work;

    public override HandshakeState Complete(Handshake handshake)
    {
        if (work.Problem is { } problem)
        {
            return handshake.Fail(problem, "The server's signature, key or point is not good.");
        }
        if (server is null)
        {
            return ClientKeyFlight.Send(handshake, work.Point, work.Secret);
        }
        return new AwaitServerTrust(server, handshake.Terms.ServerName, work.Point, work.Secret.ToArray(), isAsked);
    }
}

/// <summary>The server holds the key that it showed; somebody else knows whether it is the one that is meant.</summary>
internal sealed class AwaitServerTrust(PeerKey server, string? serverName, byte[] point, byte[] agreed, bool isAsked) : HandshakeState
{
    public override string Step => "judging the server's key";

    public override DtlsQuery? Query { get; } = server.ToQuery(serverName);

    public override HandshakeState Provide(Handshake handshake, DtlsAnswer answer) => answer switch
    {
        DtlsAnswer.Accepted when isAsked => ClientKeyFlight.Begin(handshake, point, agreed),
        DtlsAnswer.Accepted => ClientKeyFlight.Send(handshake, point, agreed),
        DtlsAnswer.Refused refused => handshake.Fail(refused.Alert, "The server's key or certificate was refused."),
        _ => handshake.Fail(DtlsAlert.CertificateUnknown, "The server's key or certificate is not known."),
    };

    public override void Wipe() => CryptographicOperations.ZeroMemory(agreed);
}

/// <summary>The client's signature is being made.</summary>
internal sealed class AwaitSignature(SignWork work) : HandshakeState
{
    public override string Step => "signing CertificateVerify";

    public override DtlsWork? Work => work;

    public override HandshakeState Complete(Handshake handshake)
    {
        if (work.Signature.Length == 0)
        {
            return handshake.Fail(DtlsAlert.InternalError, "The signature was not made.");
        }
        CertificateVerify.Send(handshake, work.Signature);
        return FinishedFlight.SendFirst(handshake);
    }
}
