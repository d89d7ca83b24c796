using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Crypto;

/// <summary>What came of the check of a path.</summary>
/// <param name="Problem">Why it is not accepted; null when it is.</param>
/// <param name="Authorities">The certificates of the path's authorities in DER; the one that is trusted is the last. Empty when there is a problem.</param>
public readonly record struct PathResult(CertificateProblem? Problem, ImmutableArray<ReadOnlyMemory<byte>> Authorities)
{
    /// <summary>SHA-256 of the authority that is trusted, in lower-case hexadecimal; null when there is a problem.</summary>
    public string? Anchor => Authorities.IsDefaultOrEmpty ? null : Fingerprint.Of(Authorities[^1].Span);
}

/// <summary>
/// Whether a trusted authority stands behind a chain (RFC 5280 §6), as the system's cryptography sees it. Nothing is fetched: not a missing
/// authority, not a revocation list. A trusted authority ends the path, whoever has signed it.
/// </summary>
public static class CertificatePath
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const X509ChainStatusFlags EndsHere = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;
    private const X509ChainStatusFlags Time = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotTimeNested;
    private const X509ChainStatusFlags Authority = EndsHere | X509ChainStatusFlags.ExplicitDistrust;
    private const X509ChainStatusFlags Broken = X509ChainStatusFlags.NotSignatureValid | X509ChainStatusFlags.Cyclic | X509ChainStatusFlags.InvalidExtension;

    /// <summary>Checks a chain.</summary>
    /// <param name="chain">What the peer has sent.</param>
    /// <param name="anchors">Whom we trust.</param>
    /// <param name="purpose">What the end entity's certificate must be good for.</param>
    /// <param name="now">The time at which it must be valid; null where no clock is set: then validity is not looked at.</param>
    public static PathResult Check(CertificateChain chain, TrustAnchors anchors, CertificatePurpose purpose, DateTimeOffset? now)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(anchors);
        var result = Build(chain, anchors, purpose, now);
        return result.Problem?.Fault is CertificateFault.Malformed or CertificateFault.UnknownAuthority
            && anchors.Alternatives.Select(a => Build(chain, a, purpose, now)).FirstOrDefault(r => r.Problem is null) is { Anchor: not null } other
            ? other
            : result;
    }

    private static PathResult Build(CertificateChain chain, TrustAnchors anchors, CertificatePurpose purpose, DateTimeOffset? now)
    {
        using var path = new X509Chain { ChainPolicy = Policy(chain, anchors, purpose, now) };
        try
        {
            if (MayNotSign(chain.EndEntity))
            {
                return No(CertificateFault.Unsuitable, "the certificate's key usage has no digital signature");
            }
            path.Build(chain.EndEntity);
            return Judge(path.ChainElements, anchors, now is null ? Time : 0);
        }
        catch (CryptographicException unreadable)
        {
            return No(CertificateFault.Malformed, unreadable.Message);
        }
        finally
        {
            foreach (var element in path.ChainElements)
            {
                element.Certificate.Dispose();   // copies of ours
            }
        }
    }

    private static X509ChainPolicy Policy(CertificateChain chain, TrustAnchors anchors, CertificatePurpose purpose, DateTimeOffset? now)
    {
        var policy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationTimeIgnored = false,
            VerificationTime = (now ?? chain.From).UtcDateTime,
        };
        policy.ApplicationPolicy.Add(new Oid(purpose == CertificatePurpose.Server ? ServerAuthentication : ClientAuthentication));
        anchors.AddTo(policy);
        policy.ExtraStore.AddRange(chain.Certificates[1..]);
        return policy;
    }

    // What the system says of each certificate up to the one that we trust; above it nothing matters, and that nobody vouches for it does not either.
    private static PathResult Judge(X509ChainElementCollection elements, TrustAnchors anchors, X509ChainStatusFlags ignored)
    {
        var authorities = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        for (var i = 0; i < elements.Count; i++)
        {
            var certificate = elements[i].Certificate;
            var isTrusted = i > 0 && (anchors.IsSystem ? i == elements.Count - 1 : anchors.Contains(certificate));
            var found = elements[i].ChainElementStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status) & ~ignored;
            if (isTrusted && !anchors.IsSystem)
            {
                found &= ~EndsHere;
            }
            if (Fault(found) is { } fault)
            {
                return No(fault, $"{Name(i)} {Words(found)}");
            }
            if (i > 0)
            {
                authorities.Add(certificate.RawData);
            }
            if (isTrusted)
            {
                return new PathResult(null, authorities.ToImmutable());
            }
            if (IsWeaklySigned(certificate) || (i > 0 && HasWeakKey(certificate)))
            {
                return No(CertificateFault.Unsuitable, $"{Name(i)} has a weak key or signature");
            }
        }
        return No(CertificateFault.UnknownAuthority, "no authority that is trusted stands behind the certificate");
    }

    private static CertificateFault? Fault(X509ChainStatusFlags found) =>
        found == X509ChainStatusFlags.NoError ? null
        : (found & Broken) != 0 ? CertificateFault.Malformed
        : (found & Authority) != 0 ? CertificateFault.UnknownAuthority
        : (found & ~Time) != 0 ? CertificateFault.Unsuitable
        : CertificateFault.Expired;

    private static string Words(X509ChainStatusFlags found) =>
        (found & X509ChainStatusFlags.NotSignatureValid) != 0 ? "is wrongly signed"
        : (found & Authority) != 0 ? "is signed by nobody who is trusted"
        : (found & X509ChainStatusFlags.InvalidBasicConstraints) != 0 ? "vouches for others and may not, or not so deep"
        : (found & X509ChainStatusFlags.NotValidForUsage) != 0 ? "may not be used for this"
        : (found & ~Time) == 0 ? "is not valid yet, or no more"
        : $"is not in order: {found}";

    // Where it says what the key is for, it must say that (RFC 8422 §2.2).
    private static bool MayNotSign(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage && (usage.KeyUsages & X509KeyUsageFlags.DigitalSignature) == 0;

    // Signatures over SHA-256 and longer hashes, and EdDSA; no others, so that a new weak one needs no line here.
    private static bool IsWeaklySigned(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value is not (
        "1.2.840.10045.4.3.2" or "1.2.840.10045.4.3.3" or "1.2.840.10045.4.3.4"
        or "1.2.840.113549.1.1.11" or "1.2.840.113549.1.1.12" or "1.2.840.113549.1.1.13" or "1.2.840.113549.1.1.10"
        or "1.3.101.112" or "1.3.101.113");

    // The end entity's is on P-256 already. No curve of less than 255 bits (LwM2M Transport 1.2 §5.2.8), and no RSA that is weaker than what is signed with it.
    private static bool HasWeakKey(X509Certificate2 certificate)
    {
        using var curve = certificate.GetECDsaPublicKey();
        using var rsa = certificate.GetRSAPublicKey();
        return curve is { KeySize: < 255 } || rsa is { KeySize: < 2048 };
    }

    private static string Name(int index) => index == 0 ? "the certificate" : $"authority {index} of its path";

    private static PathResult No(CertificateFault fault, string why) => new(new CertificateProblem(fault, why), []);
}
