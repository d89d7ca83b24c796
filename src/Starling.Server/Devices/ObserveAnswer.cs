using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>What became of an Observe.</summary>
/// <param name="Response">The device's answer: the first values, or why not. With the code 0.00 when the device sleeps and is asked when it wakes.</param>
/// <param name="Observation">The observation; null when the device refused or answered once without observing.</param>
public sealed record ObserveAnswer(Lwm2mResponse Response, Observation? Observation);
