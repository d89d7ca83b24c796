using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Starling.Coap;

namespace Starling.Server;

/// <summary>Whether a device's chain of certificates leads to an authority that is trusted (RFC 5280 §6). Nothing is fetched from anywhere.</summary>
internal static class DeviceChain
{
    private const int MaxLength = 8;
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>The authority that a chain leads to; null with the reason where it leads to none.</summary>
    public static Credential.Authority? Find(
        X509Certificate2 device, ImmutableArray<ReadOnlyMemory<byte>> told, IReadOnlyList<Credential.Authority> authorities, DateTimeOffset now, out PeerVerdict.Refused? refused)
    {
        using var chain = new X509Chain();
        var others = new List<X509Certificate2>();
        refused = null;
        try
        {
            if (!TryPrepare(chain.ChainPolicy, told, authorities, now, others))
            {
                refused = new PeerVerdict.Refused(PeerRefusal.Malformed, $"Its chain has more than {MaxLength} certificates, or one that cannot be read.");
                return null;
            }
            if (chain.Build(device))
            {
                var root = chain.ChainElements[^1].Certificate.RawDataMemory;
                return authorities.First(a => a.Certificate.Span.SequenceEqual(root.Span));
            }
            refused = Explain(chain.ChainStatus);
            return null;
        }
        catch (CryptographicException malformed)
        {
            refused = new PeerVerdict.Refused(PeerRefusal.Malformed, $"Its chain cannot be judged: {malformed.Message}");
            return null;
        }
        finally
        {
            others.ForEach(c => c.Dispose());
        }
    }

    private static bool TryPrepare(
        X509ChainPolicy policy, ImmutableArray<ReadOnlyMemory<byte>> told, IReadOnlyList<Credential.Authority> authorities, DateTimeOffset now, List<X509Certificate2> others)
    {
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.UtcDateTime;
        policy.VerificationTimeIgnored = false;
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        foreach (var authority in authorities)
        {
            if (!TryAdd(authority.Certificate, policy.CustomTrustStore, others))
            {
                return false;
            }
        }
        return told.Length <= MaxLength && told.Skip(1).All(der => TryAdd(der, policy.ExtraStore, others));
    }

    private static bool TryAdd(ReadOnlyMemory<byte> der, X509Certificate2Collection to, List<X509Certificate2> others)
    {
        if (!CertificateReader.TryLoad(der.Span, out var certificate))
        {
            return false;
        }
        others.Add(certificate);
        to.Add(certificate);
        return true;
    }

    private static PeerVerdict.Refused Explain(X509ChainStatus[] found)
    {
        var all = found.Aggregate(X509ChainStatusFlags.NoError, (flags, one) => flags | one.Status);
        var why = string.Join(" ", found.Select(f => f.StatusInformation.Trim()).Distinct());
        var reason = all switch
        {
            _ when (all & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0 => PeerRefusal.UnknownAuthority,
            _ when (all & X509ChainStatusFlags.NotSignatureValid) != 0 => PeerRefusal.Malformed,
            _ when (all & X509ChainStatusFlags.NotTimeValid) != 0 => PeerRefusal.Expired,
            _ when (all & (X509ChainStatusFlags.Revoked | X509ChainStatusFlags.ExplicitDistrust)) != 0 => PeerRefusal.Revoked,
            _ => PeerRefusal.Unsuitable,
        };
        return new PeerVerdict.Refused(reason, reason == PeerRefusal.UnknownAuthority ? $"No authority that is known here stands behind it. {why}" : why);
    }
}
