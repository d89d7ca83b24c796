using Starling.Coap;

namespace Starling.Server;

/// <summary>
/// Decides who may register under which endpoint client name: the name has to be the identity's own (LwM2M Transport 1.2 §5.2). Never waits; for a device
/// that nothing secures it costs one look-up.
/// </summary>
/// <param name="settings">The rules for those that no credential binds.</param>
/// <param name="credentials">The credentials; null when there are none.</param>
public sealed class Admission(AdmissionSettings settings, DeviceCredentials? credentials = null)
{
    private static readonly Refusal _noEndpoint = new(CoapCode.BadRequest, "'ep' is missing, and no security identity stands for it.");
    private static readonly Refusal _notItsOwn = new(CoapCode.BadRequest, "The endpoint name is not this identity's.");
    private static readonly Refusal _insecure = new(CoapCode.Forbidden, "This endpoint name needs a secured connection.");
    private static readonly Refusal _gone = new(CoapCode.Forbidden, "The credential counts no more.");

    /// <summary>What would be said to a Register: a dry run with its reasons.</summary>
    /// <param name="identity">Who it is.</param>
    /// <param name="endpoint">Which name it asks for; null for none.</param>
    /// <param name="registered">Who is registered under that name; null for nobody.</param>
    public AdmissionAnswer Explain(PeerIdentity identity, string? endpoint, PeerIdentity? registered = null)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var steps = new List<AdmissionStep>();
        var refusal = Refuse(identity, ref endpoint, steps);
        if (refusal is null && registered is not null && (refusal = RefusePlace(registered, identity)) is not null)
        {
            steps.Add(new AdmissionStep("registered device", false, "A secured device is registered under this name: only who proves as much may take its place."));
        }
        return new AdmissionAnswer(refusal is null, endpoint, refusal?.Code ?? CoapCode.Created, steps);
    }

    /// <summary>
    /// A credential that comes in the place of another one, for the same name. Where the patterns make the name of what the old one proves, they would make another
    /// one of the new: then the new one stands for that name by itself.
    /// </summary>
    /// <param name="old">The old one.</param>
    /// <param name="next">The new one.</param>
    public Credential InPlaceOf(Credential old, Credential next)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(next);
        var name = old.Endpoint ?? (Proof(old) is { } before ? Explain(before, null).Endpoint : null);
        var isAdmitted = Proof(next) is { } after && Explain(after, name).IsAdmitted;
        return name is null || isAdmitted || next is Credential.Authority ? next : next with { Endpoint = name };
    }

    /// <summary>Why an identity may not register under a name; null when it may. A name that is missing becomes the one that the identity stands for.</summary>
    internal Refusal? Refuse(PeerIdentity identity, ref string? endpoint, List<AdmissionStep>? steps = null)
    {
        if (identity is PeerIdentity.Anonymous)
        {
            return RefuseUnsecured(endpoint, steps);
        }
        if (credentials is null || identity.Credential is not { } id)
        {
            return RefuseByPatterns(identity, ref endpoint, steps);
        }
        if (credentials.Find(id) is not { } credential || credentials.StateOf(credential) != CredentialState.Valid)
        {
            steps?.Add(new AdmissionStep($"credential {id}", false, "It has been removed, is switched off or has ended."));
            return _gone;
        }
        return credential switch
        {
            { Endpoint: { } bound } => RefuseOther(bound, credential, ref endpoint, steps),
            Credential.Authority { Endpoints: { } pattern } => Refuse(identity, pattern, ref endpoint, steps),
            _ => RefuseByPatterns(identity, ref endpoint, steps),
        };
    }

    /// <summary>Whether a peer is listened to at all, whatever its name: not without security where that is refused.</summary>
    internal bool MaySpeak(PeerIdentity identity) => identity is not PeerIdentity.Anonymous || settings.Unsecured != UnsecuredDevices.Refused;

    /// <summary>
    /// Whether a peer may speak for a registration that another peer made: with the same identity, or with one that may register under its name. Nobody follows
    /// a secured device without security, wherever the datagram comes from, and nobody goes on without it where devices without security are refused.
    /// </summary>
    internal bool MayContinue(PeerIdentity registered, PeerIdentity now, string endpoint)
    {
        if (now is PeerIdentity.Anonymous)
        {
            return settings.Unsecured switch
            {
                UnsecuredDevices.Allowed => true,
                UnsecuredDevices.Refused => false,
                _ => registered is PeerIdentity.Anonymous,
            };
        }
        string? name = endpoint;
        return Refuse(now, ref name) is null;
    }

    /// <summary>Why a peer may not take the place of a registered device; null when it may.</summary>
    internal Refusal? RefusePlace(PeerIdentity registered, PeerIdentity now) =>
        now is PeerIdentity.Anonymous && registered is not PeerIdentity.Anonymous && settings.Unsecured != UnsecuredDevices.Allowed ? _insecure : null;

    // What a device with it proves; null where a certificate says more than the credential.
    private static PeerIdentity? Proof(Credential credential) => credential switch
    {
        Credential.PreSharedKey psk => new PeerIdentity.PreSharedKey(psk.Identity),
        Credential.PublicKey key => new PeerIdentity.PublicKey(key.Fingerprint),
        _ => null,
    };

    private Refusal? RefuseUnsecured(string? endpoint, List<AdmissionStep>? steps)
    {
        if (string.IsNullOrEmpty(endpoint))
        {
            steps?.Add(new AdmissionStep("no security", false, "It tells no endpoint name, and nothing else stands for it."));
            return _noEndpoint;
        }
        if (settings.Unsecured == UnsecuredDevices.Allowed)
        {
            steps?.Add(new AdmissionStep("no security", true, "Devices without security may take any name here."));
            return null;
        }
        if (settings.Unsecured == UnsecuredDevices.Refused)
        {
            steps?.Add(new AdmissionStep("no security", false, "Devices without security are refused here."));
            return _insecure;
        }
        var isTaken = credentials?.HasFor(endpoint) == true;
        steps?.Add(new AdmissionStep("no security", !isTaken,
            isTaken ? "There is a credential for this name: only who proves it may take the name." : "There is no credential for this name."));
        return isTaken ? _insecure : null;
    }

    private static Refusal? RefuseOther(string bound, Credential credential, ref string? endpoint, List<AdmissionStep>? steps)
    {
        var isBound = string.IsNullOrEmpty(endpoint) || endpoint == bound;
        steps?.Add(new AdmissionStep($"credential {credential}", isBound,
            !isBound ? $"It stands for '{bound}' and no other name." : string.IsNullOrEmpty(endpoint) ? $"No name was told: it stands for '{bound}'." : "It stands for this name."));
        endpoint = isBound ? bound : endpoint;
        return isBound ? null : _notItsOwn;
    }

    private static Refusal? Refuse(PeerIdentity identity, EndpointPattern pattern, ref string? endpoint, List<AdmissionStep>? steps)
    {
        if (string.IsNullOrEmpty(endpoint))
        {
            endpoint = pattern.NameOf(identity);
            steps?.Add(new AdmissionStep($"pattern {pattern}", endpoint is not null,
                endpoint is null ? "No name was told, and the pattern gives none or more than one." : $"No name was told: it stands for '{endpoint}'."));
            return endpoint is null ? _noEndpoint : null;
        }
        var isAllowed = pattern.Allows(identity, endpoint);
        steps?.Add(new AdmissionStep($"pattern {pattern}", isAllowed, isAllowed ? "It allows this name." : "It does not allow this name."));
        return isAllowed ? null : _notItsOwn;
    }

    private Refusal? RefuseByPatterns(PeerIdentity identity, ref string? endpoint, List<AdmissionStep>? steps)
    {
        Refusal? refusal = string.IsNullOrEmpty(endpoint) ? _noEndpoint : _notItsOwn;
        foreach (var pattern in settings.Patterns)
        {
            refusal = Refuse(identity, pattern, ref endpoint, steps);
            if (refusal is null)
            {
                return null;
            }
        }
        return refusal;
    }
}
