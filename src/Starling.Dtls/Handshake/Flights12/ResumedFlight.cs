using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>
/// An earlier session is taken up again (RFC 5246 §7.3, figure 2): the server's Finished comes first, the client's ends it.
/// <code>
/// ClientHello(session_id) ──►   ◄── ServerHello, ChangeCipherSpec, Finished   ChangeCipherSpec, Finished ──►
/// </code>
/// </summary>
internal static class ResumedFlight
{
    /// <summary>The server sends its side.</summary>
    public static HandshakeState Send(Handshake handshake, in ClientHello hello, CachedSession session)
    {
        Take(handshake, session.Suite, session.Id, session.Master);
        handshake.Terms.EncryptThenMac = SuiteTable.IsCbc(session.Suite) && hello.Extensions.HasEmpty(ExtensionType.EncryptThenMac);   // of this suite, not of the one that was chosen first
        handshake.Settings.Random.GetBytes(handshake.Secrets.ServerRandom);
        ServerHello.Send(handshake, hello);
        return FinishedFlight.SendFirst(handshake);
    }

    /// <summary>The client waits for the server's Finished.</summary>
    public static HandshakeState Await(Handshake handshake, DtlsResumption session)
    {
        if (handshake.Terms.Suite != session.Suite || !handshake.Terms.ExtendedMasterSecret)
        {
            return handshake.Fail(DtlsAlert.HandshakeFailure, "The server takes the session up again under other terms.");   // RFC 7627 §5.3
        }
        Take(handshake, session.Suite, session.SessionId, session.MasterSecret);
        FinishedFlight.InstallKeys(handshake);
        return new AwaitFinished(answers: true);
    }

    private static void Take(Handshake handshake, CipherSuite suite, byte[] id, ReadOnlySpan<byte> master)
    {
        var terms = handshake.Terms;
        SuiteTable.TryFind(suite, out var exchange, out _);
        (terms.Suite, terms.Exchange, terms.SessionId, terms.Resumed, terms.IsAgreed) = (suite, exchange, id, true, true);
        master.CopyTo(handshake.Secrets.Master);
    }
}

/// <summary>The server asks whether the peer of an earlier session may still speak; if not, the handshake is a whole one.</summary>
/// <param name="session">The session; its secret is wiped with this.</param>
/// <param name="hello">The client's hello, which is needed again.</param>
internal sealed class AwaitRenewal(CachedSession session, byte[] hello) : HandshakeState
{
    public override string Step => "judging the peer of an earlier session";

    public override DtlsQuery? Query => session.Claim;

    public override HandshakeState Provide(Handshake handshake, DtlsAnswer answer)
    {
        ClientHello.TryRead(hello, handshake.Carrier.Dialect, out var message);   // it was read once already
        if (session.IsStillGood(answer))
        {
            handshake.Terms.Identity = (session.Claim as DtlsQuery.PreSharedKey)?.Identity ?? default;
            return ResumedFlight.Send(handshake, message, session);
        }
        handshake.Memory.Forget(session.Id);
        return ServerHelloFlight.Begin(handshake, message);
    }

    public override void Wipe() => CryptographicOperations.ZeroMemory(session.Master);
}
