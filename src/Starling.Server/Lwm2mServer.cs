using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>A LwM2M management server: devices register with it and are read, written, executed and observed through it.</summary>
public sealed class Lwm2mServer : ICoapHandler, IAsyncDisposable
{
    private static readonly CoapMessage _notFound = CoapMessage.Response(CoapCode.NotFound);
    private static readonly CoapMessage _forbidden = CoapMessage.Response(CoapCode.Forbidden);
    private static readonly CoapMessage _notAllowed = CoapMessage.Response(CoapCode.MethodNotAllowed);
    private static readonly CoapMessage _directory = Directory();

    private readonly LinkListCache _links = new();
    private readonly ServerTelemetry _telemetry;
    private readonly SendReceiver _sends;
    private CoapEndpoint? _endpoint;
    private ObjectCatalog _catalog;

    /// <summary>Makes a server; <see cref="StartAsync"/> lets devices in.</summary>
    /// <param name="settings">Limits and choices.</param>
    /// <param name="catalog">The objects that are known: they give values their types.</param>
    /// <param name="time">The clock.</param>
    /// <param name="store">Keeps devices beyond this object; null keeps them in it only.</param>
    /// <param name="trace">The protocol trace that the channels record to; null for none.</param>
    /// <param name="logs">Where to log; null for nowhere.</param>
    public Lwm2mServer(
        ServerSettings settings, ObjectCatalog catalog, TimeProvider time,
        IDeviceStore? store = null, ProtocolTrace? trace = null, ILoggerFactory? logs = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(time);
        Settings = settings;
        _catalog = catalog;
        Trace = trace;
        Clock = new ServerClock(time);
        Log = new Log((logs ?? NullLoggerFactory.Instance).CreateLogger("Starling.Server"));
        EventHub = new DeviceEvents(Clock, settings, Tally);
        Store = new StoreWriter(this, store);
        Sender = new OperationSender(this);
        Reports = new ReportNews(this);
        Observer = new Observer(this);
        _sends = new SendReceiver(this);
        var ids = new RegistrationIds(RandomNumberGenerator.Create());
        Registrar = new Registrar(this, ids);
        Listening = new Listening(this);
        Operations = new OperationQueue(this, ids);
        Profiles = new ProfileTable(this);
        _telemetry = new ServerTelemetry(() => Counters);
    }

    /// <summary>
    /// Answers requests for paths that are not the server's, <see cref="OfferedFiles"/> say; without it they are 4.04, and from whoever may not speak here at
    /// all 4.03 (<see cref="AdmissionSettings.Unsecured"/>). It is called on the receiving thread, which it may not hold up.
    /// </summary>
    public ICoapHandler? OtherPaths { get; init; }

    /// <summary>Keeps queued operations beyond this object; null keeps them in it only.</summary>
    public IOperationStore? OperationStore { get; init; }

    /// <summary>Keeps learned profile ids beyond this object; null keeps them in it only.</summary>
    public IProfileStore? ProfileStore { get; init; }

    /// <summary>
    /// The credentials of devices, restored by <see cref="StartAsync"/>; null when there are none. A secured channel asks them too; whoever made them disposes them.
    /// </summary>
    public DeviceCredentials? Credentials { get; init; }

    /// <summary>Who may register under which endpoint client name.</summary>
    public Admission Admission => field ??= new Admission(Settings.Admission, Credentials);

    /// <summary>
    /// Keeps what a device sends by itself (Send) before it is answered 2.04; what it throws makes the answer 5.03. Null answers at once. It is called on the
    /// receiving thread, which it may not hold up, and is set before the server is started.
    /// </summary>
    public Func<DeviceKey, RecordSet, ValueTask>? KeepSent { get; set; }

    /// <summary>Operations that wait for devices which sleep.</summary>
    public OperationQueue Operations { get; }

    /// <summary>The objects that are known. Another catalog counts from the next look at it: for operations that come, not for those that wait.</summary>
    public ObjectCatalog Catalog
    {
        get => Volatile.Read(ref _catalog);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref _catalog, value);
        }
    }

    /// <summary>The limits and choices.</summary>
    public ServerSettings Settings { get; }

    /// <summary>The protocol trace; null for none.</summary>
    public ProtocolTrace? Trace { get; }

    /// <summary>How many devices are registered.</summary>
    public int Count => Registrar.Devices.Count;

    /// <summary>What has been done so far. The same numbers are instruments of the meter <c>Starling.Server</c>.</summary>
    public ServerCounters Counters => Tally.Read(this);

    /// <inheritdoc/>
    public bool RunsInline => true;

    internal ServerClock Clock { get; }
    internal ServerTally Tally { get; } = new();
    internal Log Log { get; }
    internal DeviceEvents EventHub { get; }
    internal StoreWriter Store { get; }
    internal OperationSender Sender { get; }
    internal ReportNews Reports { get; }
    internal Observer Observer { get; }
    internal Registrar Registrar { get; }
    internal Listening Listening { get; }
    internal ProfileTable Profiles { get; }
    internal CoapEndpoint Endpoint => _endpoint ?? throw new InvalidOperationException("The server has not been started.");

    /// <summary>Loads what the store keeps and lets devices in. The server owns the channels from here.</summary>
    /// <exception cref="IOException">A channel could not start: its port is in use.</exception>
    public async Task StartAsync(IReadOnlyList<IMessageChannel> channels, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(channels);
        if (_endpoint is not null)
        {
            throw new InvalidOperationException("The server has been started already.");
        }
        // Every device that is kept has its peer before the first datagram comes.
        _endpoint = new CoapEndpoint(channels, this, Settings.Coap, Clock.Time);
        if (Credentials is not null)
        {
            await Credentials.RestoreAsync(cancel).ConfigureAwait(false);
        }
        await Profiles.RestoreAsync(cancel).ConfigureAwait(false);
        await Store.RestoreAsync(cancel).ConfigureAwait(false);
        await Operations.RestoreAsync(cancel).ConfigureAwait(false);
        await _endpoint.StartAsync(cancel).ConfigureAwait(false);
        Log.Started(Count);
        Operations.WakeAll();
    }

    /// <summary>The device of this key; null when it is not registered.</summary>
    public DeviceSession? Find(DeviceKey key) => Registrar.Devices.Find(key) is { IsRegistered: true } device ? device : null;

    /// <summary>The device with this registration id; null when there is none.</summary>
    public DeviceSession? FindRegistration(string registrationId) =>
        RegistrationId.TryParse(registrationId, out var id) ? Registrar.Find(id) : null;

    /// <summary>The device that registered last from this peer; null when there is none.</summary>
    public DeviceSession? FindPeer(Peer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return peer.HandlerState is DeviceSession device && device.Server == this ? device : null;
    }

    /// <summary>Devices in the order of their keys. Those that come and go meanwhile may or may not be among them.</summary>
    /// <param name="after">Begin behind this key; null begins at the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="filter">Which of them; null is all.</param>
    public IReadOnlyList<DeviceSession> List(DeviceKey? after, int limit, Func<DeviceSession, bool>? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var found = new List<DeviceSession>();
        var page = new DeviceSession[Math.Clamp(limit, 1, 256)];
        while (found.Count < limit)
        {
            var copied = Registrar.Devices.CopyAfter(after, page);
            foreach (var device in page.AsSpan(0, copied))
            {
                if (found.Count < limit && device.IsRegistered && (filter is null || filter(device)))
                {
                    found.Add(device);
                }
            }
            if (copied < page.Length)
            {
                break;
            }
            after = page[^1].Key;
        }
        return found;
    }

    /// <summary>
    /// Ends a device's registration from this side, and forgets what is observed and what waits there. The device learns it from the 4.04 to its next
    /// Update. False when nothing is known of it.
    /// </summary>
    public async ValueTask<bool> RemoveAsync(DeviceKey key, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await Operations.CancelAllAsync(key).ConfigureAwait(false);
        return await Registrar.Remove(key).ConfigureAwait(false);
    }

    /// <summary>
    /// What happens from now on. The subscription begins with this call, ends with <paramref name="cancel"/> or with the enumeration, and is to be read once.
    /// A subscriber that reads too slowly gets a <see cref="DeviceEvent.Gap"/>.
    /// </summary>
    public IAsyncEnumerable<DeviceEvent> Events(CancellationToken cancel) => EventHub.Subscribe(cancel);

    /// <inheritdoc/>
    public ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(request);
        var route = RegistrationRoute.Of(request.Options);
        return route.Kind switch
        {
            RouteKind.Elsewhere when OtherPaths is { } others => Admission.MaySpeak(peer.Identity) ? others.HandleAsync(peer, request, cancel) : Answer(_forbidden),
            RouteKind.Elsewhere => Answer(_notFound),
            RouteKind.WellKnownCore => Answer(request.Code == CoapCode.Get ? _directory : _notAllowed),
            RouteKind.Send => _sends.TakeAsync(peer, request),
            RouteKind.Registration when request.Code == CoapCode.Post && !route.HasQuery && request.Payload.IsEmpty =>
                Registrar.Update(peer, route.Id, null),
            _ => Registration(peer, request, route.Id),
        };
    }

    /// <inheritdoc/>
    public ValueTask<(TokenFate Fate, ObservationMatch? Match)> FindObservationAsync(Peer peer, CoapToken token, CancellationToken cancel) =>
        ValueTask.FromResult(Observer.Find(peer, token));

    /// <inheritdoc/>
    public ValueTask NotifyAsync(Peer peer, ObservationMatch observation, CoapMessage notification, CancellationToken cancel)
    {
        Observer.Take((Observation)observation, notification);
        return ValueTask.CompletedTask;
    }

    /// <summary>Stops. Devices stay registered in the store; they are not told.</summary>
    public async ValueTask DisposeAsync()
    {
        EventHub.Close();
        if (_endpoint is not null)
        {
            await _endpoint.DisposeAsync().ConfigureAwait(false);
        }
        Registrar.Dispose();
        Sender.Dispose();
        _telemetry.Dispose();
    }

    /// <summary>A device was heard from in another way than by a Register or Update. Outside of the session's lock.</summary>
    internal void Heard(DeviceSession device)
    {
        lock (device)
        {
            Listening.Heard(device);
        }
        Serve(device);
    }

    /// <summary>A device was heard from: what has waited for that goes out. Outside of the session's lock.</summary>
    internal void Serve(DeviceSession device)
    {
        if (device.HasUnsettled)
        {
            Observer.Resettle(device);
        }
        Operations.Wake(device);
    }

    private ValueTask<CoapMessage?> Registration(Peer peer, CoapMessage request, RegistrationId id)
    {
        if (!RegistrationCodec.TryDecode(request, _links, out var operation, out var refusal))
        {
            return Answer(Registrar.Reject(peer, id, refusal));
        }
        return operation switch
        {
            Lwm2mRequest.Register register => Registrar.Register(peer, register),
            Lwm2mRequest.Update update => Registrar.Update(peer, id, update),
            _ => Registrar.Deregister(peer, id),
        };
    }

    private static CoapMessage Directory()
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.ContentFormat, ContentFormat.LinkFormat.Value);
        return new CoapMessage { Code = CoapCode.Content, Options = options.Build(), Payload = "</rd>;rt=\"core.rd\";ct=40"u8.ToArray() };
    }

    private static ValueTask<CoapMessage?> Answer(CoapMessage message) => ValueTask.FromResult<CoapMessage?>(message);
}
