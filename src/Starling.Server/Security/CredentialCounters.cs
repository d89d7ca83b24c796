namespace Starling.Server;

/// <summary>What <see cref="DeviceCredentials"/> has done so far.</summary>
public readonly record struct CredentialCounters
{
    /// <summary>Credentials that there are now.</summary>
    public long Credentials { get; init; }
    /// <summary>Claims accepted.</summary>
    public long Accepted { get; init; }
    /// <summary>Claims refused.</summary>
    public long Refused { get; init; }
    /// <summary>Credentials that were not added because there are as many as there may be.</summary>
    public long RefusedAdditions { get; init; }
}
