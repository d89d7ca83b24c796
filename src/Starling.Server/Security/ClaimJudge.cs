using System.Security.Cryptography.X509Certificates;
using System.Text;
using Starling.Coap;

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
        var fingerprint = CertificateReader.FingerprintOf(claim.SubjectPublicKeyInfo.Span);
        return index.FindPublicKey(fingerprint) is { } found
            ? Settle(found, now, new PeerIdentity.PublicKey(fingerprint) { Credential = found.Id })
            : new PeerVerdict.Refused(PeerRefusal.Unknown, $"No credential has the public key {fingerprint}.");
    }

    private PeerVerdict Judge(PeerClaim.Certificates claim, DateTimeOffset now)
    {
        if (!CertificateReader.TryLoad(claim.Chain[0].Span, out var device))
        {
            return new PeerVerdict.Refused(PeerRefusal.Malformed, "Its certificate cannot be read.");
        }
        using (device)
        {
            return CertificateReader.TryRead(device, out var named)
                ? Judge(claim, device, named, now)
                : new PeerVerdict.Refused(PeerRefusal.Malformed, "Its certificate names nobody that can be read.");
        }
    }

    private PeerVerdict Judge(PeerClaim.Certificates claim, X509Certificate2 device, PeerIdentity.Certificate named, DateTimeOffset now)
    {
        if (index.FindCertificate(named.Fingerprint) is { } pinned)
        {
            return device.NotBefore.ToUniversalTime() > now.UtcDateTime || device.NotAfter.ToUniversalTime() < now.UtcDateTime
                ? new PeerVerdict.Refused(PeerRefusal.Expired, $"The certificate is valid from {device.NotBefore:u} to {device.NotAfter:u} only.")
                : Settle(pinned, now, named with { Credential = pinned.Id });
        }
        var authorities = index.Authorities.Where(a => a.StateAt(now) == CredentialState.Valid).ToArray();
        if (authorities.Length == 0)
        {
            return new PeerVerdict.Refused(PeerRefusal.UnknownAuthority, $"No credential has the certificate {named.Fingerprint}, and no authority is known.");
        }
        if (DeviceChain.Find(device, claim.Chain, authorities, now, out var refused) is not { } authority)
        {
            return refused!;
        }
        if (index.FindSubject(named.Subject) is { } own)
        {
            return Settle(own, now, named with { Credential = own.Id });
        }
        return authority.Endpoints is null
            ? new PeerVerdict.Refused(PeerRefusal.Unknown, $"{authority} signed it and lets in only subjects with a credential of their own; '{named.Subject}' has none.")
            : Settle(authority, now, named with { Credential = authority.Id });
    }

    private static PeerVerdict Settle(Credential found, DateTimeOffset now, PeerIdentity identity, ReadOnlyMemory<byte> key = default) => found.StateAt(now) switch
    {
        CredentialState.Valid => new PeerVerdict.Accepted(identity, key),
        CredentialState.Disabled => new PeerVerdict.Refused(PeerRefusal.Disabled, $"The credential {found} is switched off."),
        CredentialState.Waiting => new PeerVerdict.Refused(PeerRefusal.Expired, $"The credential {found} counts from {found.NotBefore:u} on."),
        _ => new PeerVerdict.Refused(PeerRefusal.Expired, $"The credential {found} ended at {found.NotAfter:u}."),
    };

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
