using System.Collections.Immutable;

namespace Starling.Server;

/// <summary>Who may register under which endpoint client name (LwM2M Transport 1.2 §5.2, §6.4.2).</summary>
public sealed record AdmissionSettings
{
    /// <summary>
    /// Which names an identity may take that no credential binds to one: its PSK identity, its common name, one of its alternative names, or its fingerprint.
    /// The first that allows a name counts.
    /// </summary>
    public ImmutableArray<EndpointPattern> Patterns { get; init; } =
        [EndpointPattern.Parse("{identity}"), EndpointPattern.Parse("{cn}"), EndpointPattern.Parse("{san}"), EndpointPattern.Parse("{fingerprint}")];

    /// <summary>What a device may do that nothing secures: register under names for which there is no credential.</summary>
    public UnsecuredDevices Unsecured { get; init; } = UnsecuredDevices.WithoutCredential;
}

/// <summary>What devices may do that nothing secures (security mode 3, NoSec).</summary>
public enum UnsecuredDevices : byte
{
    /// <summary>Nothing.</summary>
    Refused,
    /// <summary>Register under names for which there is no credential, and that no secured device has.</summary>
    WithoutCredential,
    /// <summary>Register under any name: for tests, and while devices get their credentials.</summary>
    Allowed,
}
