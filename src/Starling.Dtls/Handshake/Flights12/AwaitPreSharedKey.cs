using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>The server knows the identity, and somebody else the key.</summary>
internal sealed class AwaitPreSharedKey(HandshakeTerms terms) : HandshakeState
{
    private const int RandomKeySize = 16;

    public override string Step => "looking for the pre-shared key";

    public override DtlsQuery? Query { get; } = new DtlsQuery.PreSharedKey(terms.Identity, terms.ServerName);

    public override HandshakeState Provide(Handshake handshake, DtlsAnswer answer)
    {
        switch (answer)
        {
            case DtlsAnswer.Key { Value.Length: > 0 } key:
                return Derive(handshake, key.Value.Span);
            case DtlsAnswer.Refused refused:
                return handshake.Fail(refused.Alert, "The identity was refused.");
            default:
                // RFC 4279 §2: with a random key it goes on until the Finished that does not verify, and nobody learns which identities there are.
                Span<byte> random = stackalloc byte[RandomKeySize];
                handshake.Settings.Random.GetBytes(random);
                return Derive(handshake, random);
        }
    }

    private static AwaitFinished Derive(Handshake handshake, ReadOnlySpan<byte> key)
    {
        var premaster = HandshakeSecrets.PremasterOf(key, default);
        handshake.Secrets.Derive(premaster, handshake.Terms.ExtendedMasterSecret, handshake.Transcript);
        FinishedFlight.InstallKeys(handshake);
        return new AwaitFinished(answers: true);
    }
}
