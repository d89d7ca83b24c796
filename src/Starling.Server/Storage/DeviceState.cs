using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>What is worth keeping of a device: enough to go on after a restart. Immutable.</summary>
/// <param name="Key">The device.</param>
/// <param name="Registration">Its registration.</param>
/// <param name="Observations">What is observed there.</param>
/// <param name="Version">Grows by one with every change.</param>
public sealed record DeviceState(DeviceKey Key, Registration Registration, IReadOnlyList<StoredObservation> Observations, long Version);

/// <summary>An observation as data.</summary>
/// <param name="Token">Its token, the same for as long as it lasts.</param>
/// <param name="Path">What is observed.</param>
/// <param name="Accept">The format that was asked for; null when it was left to the codec.</param>
public sealed record StoredObservation(CoapToken Token, Lwm2mPath Path, ContentFormat? Accept);
