using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// An LwM2M client: registers a device's objects with its servers, keeps the registrations, and answers what servers ask
/// (LwM2M Core 1.2 §6.2 to §6.4).
/// </summary>
public sealed class Lwm2mClient : ICoapHandler, IAsyncDisposable
{
    /// <summary>Makes a client. It does nothing before <see cref="RunAsync"/>.</summary>
    /// <param name="settings">What it must know.</param>
    /// <param name="objects">The device's objects, without Security (0) and Server (1): these come from the accounts.</param>
    /// <param name="channels">What carries its messages; disposed with the client.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where to log; nowhere when null.</param>
    public Lwm2mClient(
        ClientSettings settings, IEnumerable<ObjectInstance> objects, IReadOnlyList<IMessageChannel> channels, TimeProvider time, ILogger<Lwm2mClient>? log = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        Objects = new ObjectTree(objects);
        _ = log ?? NullLogger<Lwm2mClient>.Instance;
        _ = channels;
    }

    /// <summary>The device's objects.</summary>
    public ObjectTree Objects { get; }

    /// <summary>How the registrations stand, one for each account in their order.</summary>
    public IReadOnlyList<RegistrationStatus> Registrations { get; private set; } = [];

    /// <summary>Raised when a registration has come to another state, on the thread that brought it there: it must be quick and may not throw.</summary>
    public event Action<RegistrationStatus>? RegistrationChanged;

    /// <summary>Registers, updates in time and answers until it is cancelled; then de-registers and returns.</summary>
    /// <exception cref="IOException">A channel could not start.</exception>
    public Task RunAsync(CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Sends Update now to every server, as the application wishes: after a change of network, say.</summary>
    public void Update() => RegistrationChanged?.Invoke(null!);

    /// <summary>Waits until every server has answered Register.</summary>
    public Task WhenRegisteredAsync(CancellationToken cancel) => throw new NotImplementedException();

    /// <inheritdoc/>
    ValueTask<CoapMessage?> ICoapHandler.HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
