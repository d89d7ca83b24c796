namespace Starling.Dtls;

/// <summary>The client showed a key: its proof is to come.</summary>
internal sealed class AwaitCertificateVerify(PeerKey client) : HandshakeState
{
    public override string Step => "waiting for CertificateVerify";

    public override HandshakeState Receive(Handshake handshake, in HandshakeMessage message)
    {
        if (message.Type != HandshakeType.CertificateVerify)
        {
            return base.Receive(handshake, message);
        }
        return CertificateVerify.TryRead(message.Body, out var signature)
            ? new AwaitVerification(client, new VerifyWork(client, message.HashBefore.ToArray(), signature.ToArray()))
            : handshake.Fail(DtlsAlert.DecodeError, "The CertificateVerify could not be read.");
    }
}

/// <summary>The client's signature is being checked.</summary>
internal sealed class AwaitVerification(PeerKey client, VerifyWork work) : HandshakeState
{
    public override string Step => "checking the CertificateVerify";

    public override DtlsWork? Work => work;

    public override HandshakeState Complete(Handshake handshake) => work.Problem is { } problem
        ? handshake.Fail(problem, "The client's signature does not fit its key, or the key is none of this curve.")
        : new AwaitTrust(client, handshake.Terms.ServerName);
}

/// <summary>The client holds the key that it showed; somebody else knows whether it may speak. Only who holds a key causes this question.</summary>
internal sealed class AwaitTrust(PeerKey client, string? serverName) : HandshakeState
{
    public override string Step => "judging the client's key";

    public override DtlsQuery? Query { get; } = client.ToQuery(serverName);

    public override HandshakeState Provide(Handshake handshake, DtlsAnswer answer)
    {
        switch (answer)
        {
            case DtlsAnswer.Accepted:
                handshake.Memory.Note(Query!, default);
                return new AwaitFinished(answers: true);
            case DtlsAnswer.Refused refused:
                return handshake.Fail(refused.Alert, "The client's key or certificate was refused.");
            default:
                return handshake.Fail(DtlsAlert.CertificateUnknown, "The client's key or certificate is not known.");
        }
    }
}
