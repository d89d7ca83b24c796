using System.Globalization;
using System.Text.Json;
using Starling.Crypto;
using Starling.Server;

namespace Starling.Platform;

/// <summary>A new credential as a request writes it.</summary>
/// <param name="fields">The text of a member; null where it is absent.</param>
/// <param name="credentials">Where ids and generated keys come from.</param>
internal sealed class CredentialBody(Func<string, string?> fields, DeviceCredentials credentials)
{
    /// <summary>The members that say by what the device is known: exactly one of them.</summary>
    private static readonly string[] _claims = ["pskIdentity", "publicKey", "certificate", "fingerprint", "subject", "authority"];

    /// <summary>All members.</summary>
    public static string[] Names { get; } = ["endpoint", "endpointPattern", "pskKey", "notBefore", "notAfter", .. _claims];

    /// <summary>The key that was made because none was given; null for none. To be shown once.</summary>
    public byte[]? Generated { get; private set; }

    /// <summary>What a JSON body says.</summary>
    public static bool TryRead(JsonBody body, DeviceCredentials credentials, out CredentialBody read, out ApiProblem? problem)
    {
        problem = body.Root.ValueKind != JsonValueKind.Object ? ApiProblem.BadField("body", "A credential is needed.") : body.Root.EnumerateObject()
            .Where(m => Names.Contains(m.Name) && m.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            .Select(m => ApiProblem.BadField(m.Name, $"\"{m.Name}\" must be a string.")).FirstOrDefault();
        read = new CredentialBody(name => body.TryGet(name, out var member) ? member.GetString() : null, credentials);
        return problem is null;
    }

    /// <summary>The credential, with a fresh id.</summary>
    /// <param name="credential">What was read.</param>
    /// <param name="problem">Why it cannot be read.</param>
    /// <param name="predecessor">Whose place it takes; null for none.</param>
    public bool TryMake(out Credential credential, out ApiProblem? problem, Credential? predecessor = null)
    {
        credential = null!;
        problem = null;
        var told = _claims.Where(n => fields(n) is not null).ToArray();
        if (told.Length == 0 && (predecessor is Credential.PreSharedKey || (predecessor is null && fields("endpoint") is not null)))
        {
            told = ["pskIdentity"];
        }
        if (told.Length != 1)
        {
            problem = ApiProblem.BadField(told.LastOrDefault() ?? "pskIdentity", $"Say by what the device is known, with one of {string.Join(", ", _claims)}.");
            return false;
        }
        problem = Refuse(told[0]) ?? Read(told[0], predecessor, out credential!) ?? ReadTimes(ref credential);
        credential = problem is null && predecessor is null ? credential with { Endpoint = fields("endpoint") } : credential;
        return problem is null;
    }

    private ApiProblem? Refuse(string claim) =>
        fields("pskKey") is not null && claim != "pskIdentity" ? ApiProblem.BadField("pskKey", "A pre-shared key goes with a pskIdentity.")
        : fields("endpointPattern") is not null && claim != "authority" ? ApiProblem.BadField("endpointPattern", "A pattern goes with an authority; others name one endpoint.")
        : null;

    private ApiProblem? Read(string claim, Credential? predecessor, out Credential? credential)
    {
        credential = null;
        var id = credentials.NewId();
        var text = fields(claim) ?? "";
        switch (claim)
        {
            case "pskIdentity":
                return ReadKey(id, predecessor, out credential);
            case "publicKey" when KeyText.TryReadPublicKey(text, out var key):
                credential = new Credential.PublicKey(id, key.Fingerprint);
                return null;
            case "certificate" when KeyText.TryReadCertificates(text, out var chain):
                credential = new Credential.PinnedCertificate(id, Fingerprint.Of(chain[0]));
                return null;
            case "fingerprint" when KeyText.TryReadHex(text, out var hash) && hash.Length == 32:
                credential = new Credential.PinnedCertificate(id, Convert.ToHexStringLower(hash));
                return null;
            case "subject" when SubjectName.TryRead(text, out var subject):
                credential = new Credential.CertificateSubject(id, subject);
                return null;
            case "authority" when KeyText.TryReadCertificates(text, out var authority):
                return ReadAuthority(id, authority[0], out credential);
            default:
                return ApiProblem.BadField(claim, Needs(claim));
        }
    }

    private static string Needs(string claim) => claim switch
    {
        "publicKey" => "\"publicKey\" is a SubjectPublicKeyInfo on the curve P-256: PEM, or DER in hexadecimal or base64.",
        "certificate" => "\"certificate\" is a certificate: PEM, or DER in hexadecimal or base64.",
        "fingerprint" => "\"fingerprint\" is the SHA-256 of a certificate: 64 hexadecimal digits.",
        "subject" => "\"subject\" is a distinguished name, its most specific part first, as in CN=dev-1,O=Acme.",
        _ => "\"authority\" is the certificate of an authority: PEM, or DER in hexadecimal or base64.",
    };

    private ApiProblem? ReadKey(string id, Credential? predecessor, out Credential? credential)
    {
        credential = null;
        var identity = fields("pskIdentity") ?? (predecessor is Credential.PreSharedKey before ? CredentialNames.Next(before.Identity) : fields("endpoint")!);
        if (fields("pskKey") is not { } text)
        {
            Generated = credentials.NewKey();
            credential = new Credential.PreSharedKey(id, identity, Generated);
            return null;
        }
        if (!KeyText.TryReadHex(text, out var key))
        {
            return ApiProblem.BadField("pskKey", "\"pskKey\" is the key in hexadecimal: 2 to 128 digits. Without it one is made.");
        }
        credential = new Credential.PreSharedKey(id, identity, key);
        return null;
    }

    private ApiProblem? ReadAuthority(string id, byte[] certificate, out Credential? credential)
    {
        credential = null;
        EndpointPattern? pattern = null;
        if (fields("endpointPattern") is { } text && !EndpointPattern.TryParse(text, out pattern, out var why))
        {
            return ApiProblem.BadField("endpointPattern", why);
        }
        using var read = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(certificate);
        credential = new Credential.Authority(id, read.Subject, certificate, pattern);
        return null;
    }

    private ApiProblem? ReadTimes(ref Credential credential)
    {
        if (!TryTime("notBefore", out var begin) || !TryTime("notAfter", out var end))
        {
            return ApiProblem.BadField("notAfter", "\"notBefore\" and \"notAfter\" are times as in 2027-01-31T12:00:00Z.");
        }
        credential = credential with { NotBefore = begin, NotAfter = end };
        return null;
    }

    private bool TryTime(string name, out DateTimeOffset? time)
    {
        time = null;
        if (fields(name) is not { } text)
        {
            return true;
        }
        var isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read);
        time = read;
        return isTime;
    }
}
