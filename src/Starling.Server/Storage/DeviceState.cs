using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>What is worth keeping of a device: enough to go on after a restart. Immutable.</summary>
/// <param name="Key">The device.</param>
/// <param name="Registration">Its registration; the last one where it has ended.</param>
/// <param name="Observations">What is to be observed there.</param>
/// <param name="Version">Grows by one with every change.</param>
public sealed record DeviceState(DeviceKey Key, Registration Registration, IReadOnlyList<StoredObservation> Observations, long Version)
{
    /// <summary>When the registration ended; null while it stands. What is to be observed outlives it, for the device to come back to.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How long this device listens after it was heard from; null is <see cref="ServerSettings.AwakeWindow"/>.</summary>
    public TimeSpan? AwakeWindow { get; init; }

    /// <summary>The format in which the device answered when it was left the choice (4.06), since it registered; null for none.</summary>
    public ContentFormat? PreferredFormat { get; init; }

    /// <summary>The formats in which it has refused bodies (4.15) since it registered.</summary>
    public IReadOnlyList<ContentFormat> RefusedFormats { get; init; } = [];

    /// <summary>The next version of this state: the device was heard from and told nothing new.</summary>
    /// <param name="updatedAt">When it was heard from.</param>
    /// <param name="address">Where from; null is from where it was last.</param>
    public DeviceState Renewed(DateTimeOffset updatedAt, PeerAddress? address) => this with
    {
        Version = Version + 1,
        Registration = Registration with
        {
            UpdatedAt = updatedAt,
            ExpiresAt = Registration.Lifetime == 0 ? null : updatedAt.AddSeconds(Registration.Lifetime),
            Address = address ?? Registration.Address,
        },
    };
}
