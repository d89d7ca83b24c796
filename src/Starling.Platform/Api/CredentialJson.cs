using System.Text.Json.Nodes;
using Starling.Server;

namespace Starling.Platform;

/// <summary>A credential as the API shows it: never its key.</summary>
internal static class CredentialJson
{
    public static JsonObject Write(Credential credential, CredentialState state) => new()
    {
        ["id"] = credential.Id,
        ["kind"] = KindOf(credential),
        ["endpoint"] = credential.Endpoint,
        ["endpointPattern"] = (credential as Credential.Authority)?.Endpoints?.Text,
        ["pskIdentity"] = (credential as Credential.PreSharedKey)?.Identity,
        ["fingerprint"] = FingerprintOf(credential),
        ["subject"] = credential switch { Credential.CertificateSubject c => c.Name, Credential.Authority c => c.Name, _ => null },
        ["state"] = StateOf(state),
        ["createdAt"] = Rfc3339.Write(credential.CreatedAt),
        ["notBefore"] = credential.NotBefore is { } begin ? Rfc3339.Write(begin) : null,
        ["notAfter"] = credential.NotAfter is { } end ? Rfc3339.Write(end) : null,
        ["replaces"] = credential.Replaces,
        ["warning"] = credential.Warning,
    };

    /// <summary>The kind as a word.</summary>
    public static string KindOf(Credential credential) => credential switch
    {
        Credential.PreSharedKey => "psk",
        Credential.PublicKey => "rpk",
        Credential.PinnedCertificate => "certificate",
        Credential.CertificateSubject => "subject",
        _ => "authority",
    };

    /// <summary>The state as a word.</summary>
    public static string StateOf(CredentialState state) => state.ToString().ToLowerInvariant();

    /// <summary>By what people know it; never a secret.</summary>
    public static string NameOf(Credential credential) => credential switch
    {
        Credential.PreSharedKey c => c.Identity,
        Credential.CertificateSubject c => c.Name,
        Credential.Authority c => c.Name,
        _ => FingerprintOf(credential)!,
    };

    private static string? FingerprintOf(Credential credential) => credential switch
    {
        Credential.PublicKey c => c.Fingerprint,
        Credential.PinnedCertificate c => c.Fingerprint,
        Credential.Authority c => Crypto.Fingerprint.Of(c.Certificate.Span),
        _ => null,
    };
}
