using Starling.Platform;

namespace Starling.Conformance.Tests;

/// <summary>What a case needs at the device: a configuration, and somebody who does what only somebody there can.</summary>
internal sealed record Setup(Configuration Configuration, Func<Bench, DeviceAct, Task<bool>>? Hands = null);
