using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>The server knows the identity, and somebody else the key.</summary>
/// <param name="terms">What was agreed.</param>
/// <param name="agreement">What remains to be done with the curve (RFC 5489); null: nothing.</param>
internal sealed class AwaitPreSharedKey(HandshakeTerms terms, AgreementWork? agreement) : HandshakeState
{
    private const int RandomKeySize = 16;
    private AgreementWork? _agreement = agreement;

    public override string Step => "looking for the pre-shared key";

    public override DtlsQuery? Query { get; } = new DtlsQuery.PreSharedKey(terms.Identity, terms.ServerName);

    public override HandshakeState Provide(Handshake handshake, DtlsAnswer answer)
    {
        switch (answer)
        {
            case DtlsAnswer.Key { Value.Length: > 0 } key:
                handshake.Memory.Note(Query!, key.Value.Span);
                return Take(handshake, key.Value.Span);
            case DtlsAnswer.Refused refused:
                return handshake.Fail(refused.Alert, "The identity was refused.");
            default:
                // RFC 4279 §2: with a random key it goes on until the Finished that does not verify, and nobody learns which identities there are.
                Span<byte> random = stackalloc byte[RandomKeySize];
                handshake.Settings.Random.GetBytes(random);
                return Take(handshake, random);
        }
    }

    public override void Wipe() => _agreement?.Dispose();

    private HandshakeState Take(Handshake handshake, ReadOnlySpan<byte> key)
    {
        if (_agreement is null)
        {
            ClientKeys.Derive(handshake, HandshakeSecrets.PremasterOf(key, default));
            return new AwaitFinished(answers: true);
        }
        var next = new AwaitAgreement(_agreement, key.ToArray(), null);
        _agreement = null;
        return next;
    }
}
