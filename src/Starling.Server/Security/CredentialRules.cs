using System.Security.Cryptography.X509Certificates;
using System.Text;
using Starling.Crypto;

namespace Starling.Server;

/// <summary>What a credential may be. Told to people who add one, so each refusal says what to do.</summary>
internal static class CredentialRules
{
    /// <summary>The longest PSK identity, in bytes: 128, what every LwM2M client and server supports (LwM2M Transport 1.2 §5.2.8).</summary>
    public const int MaxIdentity = 128;

    private const int MaxKey = 64;
    private const int MaxId = 64;
    private const int MaxEndpoint = 255;
    private const int MaxName = 1024;
    private const int Sha256Digits = 64;

    /// <summary>Why it cannot be one; null when it can.</summary>
    public static string? Refuse(Credential credential)
    {
        if (credential.Id.Length is 0 or > MaxId || !credential.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return $"An id has 1 to {MaxId} letters, digits, - and _.";
        }
        if (credential.Endpoint is { } endpoint && (endpoint.Length is 0 or > MaxEndpoint || endpoint.Any(char.IsControl)))
        {
            return $"An endpoint name has 1 to {MaxEndpoint} characters, none of them a control character.";
        }
        if (credential.NotAfter <= credential.NotBefore)
        {
            return "It would end before it begins.";
        }
        return RefuseClaim(credential);
    }

    private static string? RefuseClaim(Credential credential) => credential switch
    {
        Credential.PreSharedKey { Identity: var identity } when identity.Length == 0 || Encoding.UTF8.GetByteCount(identity) > MaxIdentity || identity.Any(char.IsControl) =>
            $"A PSK identity is text of 1 to {MaxIdentity} bytes.",
        Credential.PreSharedKey { Key.Length: 0 or > MaxKey } => $"A pre-shared key has 1 to {MaxKey} bytes.",
        Credential.PublicKey { Fingerprint: var digits } when !IsFingerprint(digits) => "A public key's fingerprint is its SHA-256: 64 hexadecimal digits in lower case.",
        Credential.PinnedCertificate { Fingerprint: var digits } when !IsFingerprint(digits) => "A certificate's fingerprint is its SHA-256: 64 hexadecimal digits in lower case.",
        Credential.CertificateSubject { Name.Length: 0 or > MaxName } => $"A subject has 1 to {MaxName} characters, as in CN=dev-1,O=Acme.",
        Credential.Authority { Endpoint: not null } => "An authority stands for many devices: it takes a pattern in place of an endpoint name.",
        Credential.Authority authority when !IsAuthority(authority.Certificate) => "That is no certificate of an authority: it may not sign others (RFC 5280 §4.2.1.9).",
        _ => null,
    };

    private static bool IsFingerprint(string text) => text.Length == Sha256Digits && text.All(char.IsAsciiHexDigitLower);

    private static bool IsAuthority(ReadOnlyMemory<byte> der)
    {
        if (!TrustAnchors.TryRead([der], out var anchors))
        {
            return false;
        }
        anchors.Dispose();
        using var certificate = X509CertificateLoader.LoadCertificate(der.Span);
        return certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority);
    }
}
