using Starling.Coap;

namespace Starling.Platform;

/// <summary>What of a device's state changes with every Update.</summary>
/// <param name="Version">The state's version.</param>
/// <param name="UpdatedAt">When the device was heard from last.</param>
/// <param name="Address">Where from.</param>
internal readonly record struct Contact(long Version, DateTimeOffset UpdatedAt, PeerAddress Address);
