using Starling.Coap;

namespace Starling.Server;

/// <summary>
/// The device does nothing with composite operations: it acknowledged a FETCH or iPATCH since it registered and never answered. Nothing was sent to it
/// this time; its paths can be asked for one by one.
/// </summary>
public sealed class NoCompositesException(string message) : CoapException(message);
