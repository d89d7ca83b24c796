using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>The server has the client's half of the key exchange: the two are being agreed.</summary>
/// <param name="work">The agreement.</param>
/// <param name="key">The pre-shared key that goes with it; wiped with this. Null: there is none.</param>
/// <param name="client">What the client showed, when it was asked.</param>
internal sealed class AwaitAgreement(AgreementWork work, byte[]? key, PeerKey? client) : HandshakeState
{
    public override string Step => "agreeing on a secret";

    public override DtlsWork? Work => work;

    public override HandshakeState Complete(Handshake handshake)
    {
        if (work.Secret.IsEmpty)
        {
            return handshake.Fail(DtlsAlert.IllegalParameter, "The client's point is not one of the curve.");
        }
        ClientKeys.Derive(handshake, key is null ? work.Secret.ToArray() : HandshakeSecrets.PremasterOf(key, work.Secret));
        return client is null ? new AwaitFinished(answers: true) : new AwaitCertificateVerify(client);
    }

    public override void Wipe() => CryptographicOperations.ZeroMemory(key);
}

/// <summary>What the server does once the premaster secret is there.</summary>
internal static class ClientKeys
{
    /// <summary>Makes master secret and record keys. The premaster secret is wiped.</summary>
    public static void Derive(Handshake handshake, byte[] premaster)
    {
        handshake.Secrets.Derive(premaster, handshake.Terms.ExtendedMasterSecret, handshake.Transcript);
        FinishedFlight.InstallKeys(handshake);
    }
}
