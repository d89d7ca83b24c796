using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// What an instance of Security (0) says of a server: where it is, and with what it is spoken to (LwM2M Core 1.2 appendix E.1,
/// LwM2M Transport 1.2 §5.2.8). It is read anew for each session, so that what a bootstrap server writes counts.
/// </summary>
internal static class SecurityTarget
{
    private const int MaxIdentity = 128, MaxKey = 64;   // resources 3 and 5

    /// <summary>The server's URIs, the first one first (0 and 25); what is none is left out.</summary>
    public static IEnumerable<Uri> Uris(ObjectInstance security) =>
        (security.Find(25)?.ReadInstances() ?? []).Values.Prepend(security.Get(0))
            .Where(value => value.Kind == ValueKind.String)
            .Select(value => Uri.TryCreate(value.AsString(), UriKind.Absolute, out var uri) ? uri : null).OfType<Uri>();

    /// <summary>The target at one of the URIs.</summary>
    /// <param name="security">The instance.</param>
    /// <param name="uri">One of its URIs.</param>
    /// <param name="account">What the instance was made from: it knows what the object cannot say, which is the trust store and, in version 1.0, resources 13 to 16.</param>
    /// <param name="target">The target.</param>
    /// <param name="problem">Why there is none, without a word of the keys.</param>
    public static bool TryRead(ObjectInstance security, Uri uri, ServerAccount account, [NotNullWhen(true)] out PeerTarget? target, [NotNullWhen(false)] out string? problem)
    {
        (target, problem) = (null, null);
        var mode = (SecurityMode)(Number(security, 2) ?? (long)SecurityMode.NoSec);
        OwnCredentials? credentials = null;
        if (mode != SecurityMode.NoSec && !IsSecured(uri))
        {
            problem = $"{security.Path}/2 asks for security, and {uri.OriginalString} has none";
        }
        else if (mode != SecurityMode.NoSec && (credentials = Credentials(security, mode, account, out problem)) is null)
        {
            problem = $"{security.Path}: {problem}";
        }
        else
        {
            target = IsSecured(uri) ? new PeerTarget(uri, credentials, Tls(security, account)) : new PeerTarget(uri);
        }
        return target is not null;
    }

    private static bool IsSecured(Uri uri) => uri.Scheme.Split('+')[0] is "coaps" or "mqtts" or "https";

    private static OwnCredentials? Credentials(ObjectInstance security, SecurityMode mode, ServerAccount account, out string? problem)
    {
        var (own, servers, secret) = (Bytes(security, 3), Bytes(security, 4), Bytes(security, 5));
        problem = secret.IsEmpty ? "there is no secret key (resource 5)" : mode switch
        {
            SecurityMode.PreSharedKey => own.Length > MaxIdentity || secret.Length > MaxKey ? $"an identity has at most {MaxIdentity} bytes and a key {MaxKey}" : null,
            SecurityMode.RawPublicKey => servers.IsEmpty ? "there is no key of the server (resource 4)" : null,
            SecurityMode.Certificate => servers.IsEmpty ? "there is no certificate of the server (resource 4)"
                : CertificateBytes.Split(own).IsEmpty ? "there is no certificate (resource 3)" : null,
            _ => $"security mode {(int)mode} is not known here (resource 2)",
        };
        return problem is not null ? null : mode switch
        {
            SecurityMode.PreSharedKey => new OwnCredentials.PreSharedKey(own, secret),
            SecurityMode.RawPublicKey => new OwnCredentials.PublicKey(secret, servers),
            _ => new OwnCredentials.Certificate(CertificateBytes.Split(own), secret, Rule(security, servers, account)),
        };
    }

    // What is absent has the default of appendix E.1, unless the object cannot say it at all.
    private static CertificateRule Rule(ObjectInstance security, ReadOnlyMemory<byte> association, ServerAccount account)
    {
        var told = (account.Credentials as OwnCredentials.Certificate)?.Rule;
        var isSayable = security.Definition.Find(13) is not null;
        var usage = isSayable ? (CertificateUsage)Math.Clamp(Number(security, 15) ?? (long)CertificateUsage.DomainIssued, 0, byte.MaxValue) : told?.Usage ?? CertificateUsage.DomainIssued;
        var matching = isSayable ? (CertificateMatching)Math.Clamp(Number(security, 13) ?? (long)CertificateMatching.Exact, 0, byte.MaxValue) : told?.Matching ?? CertificateMatching.Exact;
        return new CertificateRule(usage, matching, association) { TrustStore = told?.TrustStore ?? [] };
    }

    private static TlsPreferences? Tls(ObjectInstance security, ServerAccount account)
    {
        if (security.Definition.Find(16) is null)
        {
            return account.Tls;
        }
        ImmutableArray<ushort> suites = [.. (security.Find(16)?.ReadInstances() ?? []).Values.Select(Number).Where(n => n is >= 0 and <= ushort.MaxValue).Select(n => (ushort)n!)];
        var name = security.Get(14) is { Kind: ValueKind.String } text && text.AsString().Length > 0 ? text.AsString() : null;
        return suites.IsEmpty && name is null ? null : new TlsPreferences { CipherSuites = suites, ServerName = name };
    }

    private static ReadOnlyMemory<byte> Bytes(ObjectInstance security, int resourceId) =>
        security.Get(resourceId) is { Kind: ValueKind.Opaque } value ? value.AsOpaque() : default;

    private static long? Number(ObjectInstance security, int resourceId) => Number(security.Get(resourceId));

    private static long? Number(Lwm2mValue value) => !value.IsNumeric ? null
        : value.Kind == ValueKind.Unsigned ? (long)Math.Min(value.AsUnsigned(), long.MaxValue)
        : value.Kind == ValueKind.Integer ? value.AsInteger() : null;
}
