namespace Starling.Server;

/// <summary>Limits and choices of <see cref="DeviceCredentials"/>.</summary>
public sealed record CredentialSettings
{
    /// <summary>How many credentials there may be: 2 000 000, two for each of a million devices. What a store gives back stays, also when it is more.</summary>
    public int MaxCredentials { get; init; } = 2_000_000;

    /// <summary>How many authorities there may be: 100. A certificate is tried with each.</summary>
    public int MaxAuthorities { get; init; } = 100;

    /// <summary>How long an old credential stays beside the new one after a rotation: 24 h.</summary>
    public TimeSpan Overlap { get; init; } = TimeSpan.FromHours(24);
}
