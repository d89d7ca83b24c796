using System.Collections.Immutable;
using System.Security.Cryptography;
using Starling.Coap;
using Starling.Crypto;

namespace Starling.Transports;

/// <summary>
/// Whether a server's certificate is the one that a client means (LwM2M Core 1.2, object 0, resources 4, 13, 15; the usages are those of RFC 6698 §2.1.1):
/// <code>
///   usage                  the association is      the path ends at        the name counts
///   0 AuthorityConstraint  an authority in it      the trust store         yes
///   1 ServiceConstraint    the server's own        the trust store         yes
///   2 TrustAnchor          the authority           the association         yes
///   3 DomainIssued         the server's own        – (nothing is checked)  no
/// </code>
/// Nothing is fetched and nothing is kept between calls. A check costs less than a millisecond and runs on the caller's thread.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="clockIsSet">Whether the clock tells the time of day: yes. Where it does not, validity is not looked at, as a device that has just begun must get its time from somewhere.</param>
public sealed class ServerCertificateCheck(TimeProvider time, Func<bool>? clockIsSet = null)
{
    /// <summary>Judges what a server shows.</summary>
    /// <param name="rule">What is accepted.</param>
    /// <param name="claim">What it shows.</param>
    /// <param name="host">The name that the client means: SNI (/0/x/14), or else the host of the URI; a DNS name or an address.</param>
    public PeerVerdict Judge(CertificateRule rule, PeerClaim.Certificates claim, string host)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(claim);
        if (!CertificateChain.TryRead(claim.Chain, out var chain, out var problem))
        {
            return Refused(problem);
        }
        using (chain)
        {
            return Look(rule, claim.Chain, chain, host) is { } found
                ? Refused(found)
                : new PeerVerdict.Accepted(new PeerIdentity.Certificate(chain.Subject, chain.CommonName, chain.Names, chain.Fingerprint));
        }
    }

    private CertificateProblem? Look(CertificateRule rule, ImmutableArray<ReadOnlyMemory<byte>> sent, CertificateChain chain, string host)
    {
        if (!Enum.IsDefined(rule.Usage))
        {
            return Unknown($"{rule.Usage} is no certificate usage");
        }
        var isOwn = rule.Usage is CertificateUsage.ServiceConstraint or CertificateUsage.DomainIssued;
        if (isOwn && !Stands(rule, sent[0].Span))
        {
            return Unknown("the server's certificate is not the one of the account");
        }
        if (rule.Usage == CertificateUsage.DomainIssued)
        {
            return null;   // neither its name nor its validity says anything that the account does not (RFC 7671 §5.1)
        }
        if (!TrustAnchors.TryRead(Trusted(rule, sent), out var own))
        {
            return Unknown("an authority of the account is no certificate");
        }
        using (own)
        {
            var anchors = own.Count == 0 && rule.Usage != CertificateUsage.TrustAnchor ? TrustAnchors.System : own;
            var path = CertificatePath.Check(chain, anchors, CertificatePurpose.Server, clockIsSet?.Invoke() == false ? null : time.GetUtcNow());
            return path.Problem
                ?? (rule.Usage == CertificateUsage.AuthorityConstraint && !path.Authorities.Any(a => Stands(rule, a.Span)) ? Unknown("the authority of the account is not in the path")
                : chain.NamesHost(host) ? null
                : new CertificateProblem(CertificateFault.Unsuitable, $"the certificate is not one of '{host}'"));
        }
    }

    // A hash is no certificate: then the authority must be among those that were sent.
    private static IEnumerable<ReadOnlyMemory<byte>> Trusted(CertificateRule rule, ImmutableArray<ReadOnlyMemory<byte>> sent) =>
        rule.Usage != CertificateUsage.TrustAnchor ? rule.TrustStore
        : rule.Matching == CertificateMatching.Exact ? [rule.Association]
        : sent.Skip(1).Where(c => Stands(rule, c.Span));

    // Whether the association stands for a certificate (RFC 6698 §2.1.3).
    private static bool Stands(CertificateRule rule, ReadOnlySpan<byte> certificate)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        var length = rule.Matching switch
        {
            CertificateMatching.Sha256 => SHA256.HashData(certificate, hash),
            CertificateMatching.Sha384 => SHA384.HashData(certificate, hash),
            CertificateMatching.Sha512 => SHA512.HashData(certificate, hash),
            _ => 0,
        };
        return rule.Matching == CertificateMatching.Exact
            ? certificate.SequenceEqual(rule.Association.Span)
            : length > 0 && hash[..length].SequenceEqual(rule.Association.Span);
    }

    private static CertificateProblem Unknown(string why) => new(CertificateFault.UnknownAuthority, why);

    private static PeerVerdict.Refused Refused(CertificateProblem problem) => new(problem.Fault switch
    {
        CertificateFault.Malformed => PeerRefusal.Malformed,
        CertificateFault.Expired => PeerRefusal.Expired,
        CertificateFault.Unsuitable => PeerRefusal.Unsuitable,
        _ => PeerRefusal.UnknownAuthority,
    }, problem.Why);
}
