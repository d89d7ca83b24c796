using Microsoft.Extensions.Logging;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>A LwM2M management server: devices register with it and are read, written, executed and observed through it.</summary>
public sealed class Lwm2mServer : ICoapHandler, IAsyncDisposable
{
    /// <summary>Makes a server; <see cref="StartAsync"/> lets devices in.</summary>
    /// <param name="settings">Limits and choices.</param>
    /// <param name="catalog">The objects that are known: they give values their types.</param>
    /// <param name="time">The clock.</param>
    /// <param name="store">Keeps devices beyond this object; null keeps them in it only.</param>
    /// <param name="trace">The protocol trace that the channels record to; null for none.</param>
    /// <param name="logs">Where to log; null for nowhere.</param>
    public Lwm2mServer(
        ServerSettings settings, ObjectCatalog catalog, TimeProvider time,
        IDeviceStore? store = null, ProtocolTrace? trace = null, ILoggerFactory? logs = null) => throw new NotImplementedException();

    /// <summary>
    /// Answers requests for paths that are not the server's; without it they are 4.04. It runs on the receiving thread: it may neither wait nor be slow.
    /// </summary>
    public ICoapHandler? OtherPaths { get; init; }

    /// <summary>The protocol trace; null for none.</summary>
    public ProtocolTrace? Trace => throw new NotImplementedException();

    /// <summary>How many devices are registered.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>What has been done so far.</summary>
    public ServerCounters Counters => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool RunsInline => true;

    /// <summary>Loads what the store keeps and lets devices in. The server owns the channels from here.</summary>
    public Task StartAsync(IReadOnlyList<IMessageChannel> channels, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>The device of this key; null when it is not registered.</summary>
    public DeviceSession? Find(DeviceKey key) => throw new NotImplementedException();

    /// <summary>The device with this registration id; null when there is none.</summary>
    public DeviceSession? FindRegistration(string registrationId) => throw new NotImplementedException();

    /// <summary>The device that registered last from this peer; null when there is none.</summary>
    public DeviceSession? FindPeer(Peer peer) => throw new NotImplementedException();

    /// <summary>Devices in the order of their keys.</summary>
    /// <param name="after">Begin behind this key; null begins at the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="filter">Which of them; null is all. May not wait.</param>
    public IReadOnlyList<DeviceSession> List(DeviceKey? after, int limit, Func<DeviceSession, bool>? filter = null) => throw new NotImplementedException();

    /// <summary>Ends a device's registration from this side. The device learns it from the 4.04 to its next Update. False when it is not registered.</summary>
    public ValueTask<bool> RemoveAsync(DeviceKey key, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>
    /// What happens from now on. The subscription begins with this call, ends with <paramref name="cancel"/> or with the enumeration, and is to be read once.
    /// A subscriber that reads too slowly gets a <see cref="DeviceEvent.Gap"/>.
    /// </summary>
    public IAsyncEnumerable<DeviceEvent> Events(CancellationToken cancel) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<(TokenFate Fate, ObservationMatch? Match)> FindObservationAsync(Peer peer, CoapToken token, CancellationToken cancel) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask NotifyAsync(Peer peer, ObservationMatch observation, CoapMessage notification, CancellationToken cancel) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
