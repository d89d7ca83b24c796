using System.Security.Cryptography;
using Starling.Coap;
using Starling.Crypto;
using Starling.Dtls;

namespace Starling.Transports;

/// <summary>A client's keys for a handshake, and its judgement of the server that answers.</summary>
/// <param name="Own">Our keys.</param>
/// <param name="Judge">Who says whether the server is the one that is meant.</param>
/// <param name="Known">Who the server is when it proves that it holds the key that we share; null where it has to say who it is.</param>
internal sealed record ServerCheck(DtlsOwnKeys Own, IPeerCredentials Judge, PeerIdentity? Known)
{
    /// <exception cref="ArgumentException">A key cannot be read.</exception>
    public static ServerCheck Of(DtlsOrigin origin, TimeProvider time, Func<bool> clockIsSet) => origin.Credentials switch
    {
        OwnCredentials.PreSharedKey key => new ServerCheck(
            new DtlsOwnKeys { PreSharedKey = new DtlsOwnKeys.ClientKey(key.Identity, key.Key) }, new Nobody(), new PeerIdentity.PreSharedKey(DtlsReports.Printable(key.Identity.Span))),
        OwnCredentials.PublicKey key => new ServerCheck(new DtlsOwnKeys { Key = Import(key.PrivateKey), RawPublicKeys = true }, new PinnedKey(key.PeerKey), null),
        OwnCredentials.Certificate own => new ServerCheck(
            new DtlsOwnKeys { Key = Import(own.PrivateKey), Chain = own.Chain }, new MeantCertificate(new ServerCertificateCheck(time, clockIsSet), own.Rule, origin.ServerName), null),
        _ => throw new ArgumentException($"{origin.Credentials}: no session can be made with these.", nameof(origin)),
    };

    private static OwnKey Import(ReadOnlyMemory<byte> privateKey) =>
        OwnKey.TryRead(privateKey.Span, out var key) ? key : throw new ArgumentException("The private key cannot be read: it must be a P-256 key in PKCS #8 or SEC 1.", nameof(privateKey));

    /// <summary>Nobody is asked where a key is shared.</summary>
    private sealed class Nobody : IPeerCredentials
    {
        public ValueTask<PeerVerdict> JudgeAsync(PeerClaim claim, CancellationToken cancel) =>
            ValueTask.FromResult<PeerVerdict>(new PeerVerdict.Refused(PeerRefusal.Unsuitable, "The server shows something else than that it holds our key."));
    }

    /// <summary>The certificate that the account speaks of, of the host that is meant.</summary>
    private sealed class MeantCertificate(ServerCertificateCheck check, CertificateRule rule, string host) : IPeerCredentials
    {
        public ValueTask<PeerVerdict> JudgeAsync(PeerClaim claim, CancellationToken cancel) => ValueTask.FromResult(claim is PeerClaim.Certificates shown
            ? check.Judge(rule, shown, host)
            : new PeerVerdict.Refused(PeerRefusal.Unsuitable, "The server shows no certificate."));
    }

    /// <summary>One public key and no other (LwM2M Core 1.2, object 0, resource 4).</summary>
    private sealed class PinnedKey(ReadOnlyMemory<byte> expected) : IPeerCredentials
    {
        public ValueTask<PeerVerdict> JudgeAsync(PeerClaim claim, CancellationToken cancel) => ValueTask.FromResult(Judge(claim));

        private PeerVerdict Judge(PeerClaim claim)
        {
            if (claim is PeerClaim.PublicKey { SubjectPublicKeyInfo: var shown } && CryptographicOperations.FixedTimeEquals(shown.Span, expected.Span))
            {
                return new PeerVerdict.Accepted(new PeerIdentity.PublicKey(Convert.ToHexStringLower(SHA256.HashData(shown.Span))));
            }
            return new PeerVerdict.Refused(PeerRefusal.Unknown, "The server's public key is not the one that is expected.");
        }
    }
}
