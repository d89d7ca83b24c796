using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>A registered device. The same object for as long as the device stays registered, also when it registers anew.</summary>
public sealed class DeviceSession
{
    internal DeviceSession() { }

    /// <summary>Which device.</summary>
    public DeviceKey Key { get; }

    /// <summary>The registration as it stands now.</summary>
    public Registration Registration => throw new NotImplementedException();

    /// <summary>False once it has de-registered, expired or been removed; this object is of no use then.</summary>
    public bool IsRegistered { get; }

    /// <summary>Where it is spoken to; null when it has not been heard from since it was restored from a store.</summary>
    public Peer? Peer { get; }

    /// <summary>What is observed, as it stands now.</summary>
    public IReadOnlyList<Observation> Observations => throw new NotImplementedException();

    /// <summary>Sends an operation and gives the device's answer. Operations to one device wait for one another (NSTART, RFC 7252 §4.7).</summary>
    /// <exception cref="CoapException">There was no answer: timeout, Reset, device gone, queue full.</exception>
    /// <exception cref="ArgumentException">The request is no operation on a device, or its values cannot be written in any format.</exception>
    public ValueTask<Lwm2mResponse> SendAsync(Lwm2mRequest request, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>
    /// Observes a path, after a Write-Attributes where there are attributes. A path that is observed already is asked for again and keeps its id.
    /// Values that come later are <see cref="DeviceEvent.Notified"/> events.
    /// </summary>
    /// <exception cref="CoapException">There was no answer.</exception>
    public ValueTask<ObserveAnswer> ObserveAsync(Lwm2mPath path, NotificationAttributes? attributes, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>
    /// Ends an observation. It is forgotten here in any case; a device that cannot be reached is told by the Reset to its next notification.
    /// Null when there is none of this id; a response without an answer from the device has the code 0.00.
    /// </summary>
    public ValueTask<Lwm2mResponse?> CancelAsync(string observationId, CancellationToken cancel) => throw new NotImplementedException();
}
