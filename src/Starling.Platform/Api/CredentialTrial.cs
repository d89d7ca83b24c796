using System.Text;
using System.Text.Json.Nodes;
using Starling.Coap;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Tries what would become of a device: its handshake, then its Register. The same lines decide as for a real one; nothing is changed or counted.</summary>
internal sealed class CredentialTrial(Lwm2mServer server, DeviceCredentials credentials)
{
    /// <summary>By what a device may be described; none of the claims is one without security.</summary>
    public static string[] Names { get; } = ["endpoint", "pskIdentity", "publicKey", "certificate"];

    /// <summary>Tries one.</summary>
    /// <param name="fields">The text of a field; null where it is absent.</param>
    /// <param name="answer">What would become of it.</param>
    /// <param name="problem">Why the question makes no sense.</param>
    public bool TryRun(Func<string, string?> fields, out TrialAnswer answer, out ApiProblem? problem)
    {
        answer = null!;
        if (!TryRead(fields, out var claim, out problem))
        {
            return false;
        }
        var identity = PeerIdentity.None;
        var steps = new List<AdmissionStep>();
        if (claim is not null)
        {
            var verdict = credentials.Explain(claim);
            if (verdict is not PeerVerdict.Accepted accepted)
            {
                var refused = (PeerVerdict.Refused)verdict;
                answer = new TrialAnswer(null, null, [new AdmissionStep("handshake", false, refused.Why)], identity);
                return true;
            }
            identity = accepted.Identity;
            steps.Add(new AdmissionStep("handshake", true, $"The credential {credentials.Find(identity.Credential!)} vouches for it, once its key is proven."));
        }
        var registered = fields("endpoint") is { } endpoint ? server.Find(new DeviceKey(endpoint))?.Identity : null;
        var said = server.Admission.Explain(identity, fields("endpoint"), registered);
        answer = new TrialAnswer(said.IsAdmitted ? said.Endpoint : null, said.Code, [.. steps, .. said.Steps], identity);
        return true;
    }

    /// <summary>A credential that comes in the place of another one, for the same name.</summary>
    public Credential InPlaceOf(Credential old, Credential next) => server.Admission.InPlaceOf(old, next);

    private static bool TryRead(Func<string, string?> fields, out PeerClaim? claim, out ApiProblem? problem)
    {
        claim = null;
        var told = Names.Skip(1).Where(n => fields(n) is not null).ToArray();
        problem = told.Length > 1 ? ApiProblem.BadField(told[^1], $"A device proves one of {string.Join(", ", Names.Skip(1))}.") : null;
        if (told.Length != 1)
        {
            return problem is null;
        }
        var text = fields(told[0])!;
        if (told[0] == "pskIdentity")
        {
            claim = new PeerClaim.PreSharedKey(Encoding.UTF8.GetBytes(text));
        }
        else if (told[0] == "publicKey" && KeyText.TryReadPublicKey(text, out var key))
        {
            claim = new PeerClaim.PublicKey(key.SubjectPublicKeyInfo);
        }
        else if (told[0] == "certificate" && KeyText.TryReadCertificates(text, out var chain))
        {
            claim = new PeerClaim.Certificates([.. chain.Select(c => (ReadOnlyMemory<byte>)c)]);
        }
        problem = claim is null ? ApiProblem.BadField(told[0], $"\"{told[0]}\" is PEM, or DER in hexadecimal or base64.") : null;
        return claim is not null;
    }
}

/// <summary>What would become of a device.</summary>
/// <param name="Endpoint">The name under which it would be registered; null when it would not.</param>
/// <param name="Code">The code of the answer to its Register; null when it would not get that far.</param>
/// <param name="Steps">What decides, in this order.</param>
/// <param name="Identity">Who it would have proven to be.</param>
internal sealed record TrialAnswer(string? Endpoint, CoapCode? Code, IReadOnlyList<AdmissionStep> Steps, PeerIdentity Identity)
{
    /// <summary>The answer of the API.</summary>
    public JsonObject ToJson() => new()
    {
        ["admitted"] = Endpoint is not null,
        ["endpoint"] = Endpoint,
        ["coapCode"] = Code?.ToString(),
        ["security"] = IdentityJson.Write(Identity),
        ["steps"] = new JsonArray([.. Steps.Select(s => new JsonObject { ["rule"] = s.Rule, ["allows"] = s.Allows, ["why"] = s.Why })]),
    };
}
