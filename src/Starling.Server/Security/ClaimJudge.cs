using System.Text;
using Starling.Coap;
using Starling.Crypto;

namespace Starling.Server;

/// <summary>Judges what a peer claims by the credentials in memory. What does not exist and what does not count are told apart in words for people only.</summary>
internal sealed class ClaimJudge(CredentialIndex index)
{
    private static readonly UTF8Encoding _utf8 = new(false, throwOnInvalidBytes: true);

    public PeerVerdict Judge(PeerClaim claim, DateTimeOffset now) => claim switch
    {
        PeerClaim.PreSharedKey psk => Judge(psk, now),
        PeerClaim.PublicKey key => Judge(key, now),
        PeerClaim.Certificates { Chain.IsDefaultOrEmpty: false } certificates => Judge(certificates, now),
        _ => new PeerVerdict.Refused(PeerRefusal.Unknown, "It showed nothing."),
    };

    private PeerVerdict Judge(PeerClaim.PreSharedKey claim, DateTimeOffset now)
    {
        if (!TryRead(claim.Identity.Span, out var identity))
        {
            return new PeerVerdict.Refused(PeerRefusal.Unknown, "Its PSK identity is longer than 128 bytes, or no UTF-8 (RFC 4279 §5.1).");
        }
        return index.FindIdentity(identity) is { } found
            ? Settle(found, now, new PeerIdentity.PreSharedKey(identity) { Credential = found.Id }, found.Key)
            : new PeerVerdict.Refused(PeerRefusal.Unknown, $"No credential has the PSK identity '{identity}'.");
    }

    private PeerVerdict Judge(PeerClaim.PublicKey claim, DateTimeOffset now)
    {
        var fingerprint = Fingerprint.Of(claim.SubjectPublicKeyInfo.Span);
        return index.FindPublicKey(fingerprint) is { } found
            ? Settle(found, now, new PeerIdentity.PublicKey(fingerprint) { Credential = found.Id })
            : new PeerVerdict.Refused(PeerRefusal.Unknown, $"No credential has the public key {fingerprint}.");
    }

    private PeerVerdict Judge(PeerClaim.Certificates claim, DateTimeOffset now)
    {
        if (!CertificateChain.TryRead(claim.Chain, out var chain, out var problem))
        {
            return Refused(problem, null);
        }
        using (chain)
        {
            var named = new PeerIdentity.Certificate(chain.Subject, chain.CommonName, chain.Names, chain.Fingerprint);
            return index.FindCertificate(chain.Fingerprint) is not { } pinned ? JudgeSigned(chain, named, now)
                : chain.CheckTime(now) is { } outOfDate ? Refused(outOfDate, pinned)
                : Settle(pinned, now, named with { Credential = pinned.Id });
        }
    }

    private PeerVerdict JudgeSigned(CertificateChain chain, PeerIdentity.Certificate named, DateTimeOffset now)
    {
        if (index.Anchors is not { } anchors)
        {
            return new PeerVerdict.Refused(PeerRefusal.UnknownAuthority, $"No credential has the certificate {named.Fingerprint}, and no authority is known.");
        }
        var path = CertificatePath.Check(chain, anchors, CertificatePurpose.Client, now);
        if (path.Problem is { } problem)
        {
            return Refused(problem, index.FindSubject(named.Subject));
        }
        if (index.FindAuthority(path.Anchor!) is not { } authority)
        {
            return new PeerVerdict.Refused(PeerRefusal.UnknownAuthority, "Its authority has just been removed.");
        }
        var verdict = Settle(authority, now, named with { Credential = authority.Id });
        if (verdict is PeerVerdict.Refused)
        {
            return verdict;
        }
        return index.FindSubject(named.Subject) is { } own && (own.StateAt(now) != CredentialState.Valid || MayName(authority, own, named))
            ? Settle(own, now, named with { Credential = own.Id })
            : authority.Endpoints is not null ? verdict
            : new PeerVerdict.Refused(PeerRefusal.Unknown, $"{authority} signed it and lets in only subjects with a credential of their own; '{named.Subject}' has none.");
    }

    // An authority with a pattern vouches for the names of the pattern: for no others by writing somebody else's subject into a certificate.
    private static bool MayName(Credential.Authority authority, Credential.CertificateSubject own, PeerIdentity named) =>
        authority.Endpoints is not { } pattern || (own.Endpoint is { } endpoint && pattern.Allows(named, endpoint));

    private static PeerVerdict.Refused Refused(CertificateProblem problem, Credential? about) => new(problem.Fault switch
    {
        CertificateFault.Malformed => PeerRefusal.Malformed,
        CertificateFault.UnknownAuthority => PeerRefusal.UnknownAuthority,
        CertificateFault.Expired => PeerRefusal.Expired,
        _ => PeerRefusal.Unsuitable,
    }, $"It is refused: {problem.Why}.")
    {
        Credential = about?.Id,
    };

    private static PeerVerdict Settle(Credential found, DateTimeOffset now, PeerIdentity identity, ReadOnlyMemory<byte> key = default) => found.StateAt(now) switch
    {
        CredentialState.Valid => new PeerVerdict.Accepted(identity, key),
        CredentialState.Disabled => Refused(PeerRefusal.Disabled, found, "is switched off"),
        CredentialState.Waiting => Refused(PeerRefusal.Disabled, found, $"counts from {found.NotBefore:u} on"),
        _ => Refused(PeerRefusal.Ended, found, $"ended at {found.NotAfter:u}"),
    };

    private static PeerVerdict.Refused Refused(PeerRefusal reason, Credential found, string why) => new(reason, $"The credential {found} {why}.") { Credential = found.Id };

    private static bool TryRead(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        if (bytes.Length > CredentialRules.MaxIdentity || !System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return false;
        }
        text = _utf8.GetString(bytes);
        return true;
    }
}
