using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// An LwM2M client: registers a device's objects with its servers, keeps the registrations, and answers what servers ask
/// (LwM2M Core 1.2 §6.2 to §6.4). Light enough for thousands in one process: no thread, and one loop and one timer a server.
/// </summary>
public sealed class Lwm2mClient : ICoapHandler, IAsyncDisposable
{
    private readonly ClientContext _context;
    private readonly CatalogTracker _catalog;
    private readonly NotifyScheduler _reporting;
    private readonly OperationHandler _operations;
    private readonly SendQueues _sends;
    private readonly ServerSet _servers;
    private readonly AwakeWindow? _awake;   // null without queue mode
    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _accounts = new();
    private volatile Task? _run;
    private int _hasRun;
    private int _isDisposed;

    /// <summary>Makes a client. It does nothing before <see cref="RunAsync"/>.</summary>
    /// <param name="settings">What it must know.</param>
    /// <param name="objects">The device's objects, without Security (0) and Server (1): these come from the accounts.</param>
    /// <param name="channels">What carries its messages; disposed with the client.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where to log; nowhere when null.</param>
    /// <exception cref="ArgumentException">
    /// The settings name no endpoint, no server, or two with one id, or a version that is not spoken; the catalog lacks object 0 or 1, or with several servers 2; an object is there twice.
    /// </exception>
    public Lwm2mClient(
        ClientSettings settings, IEnumerable<ObjectInstance> objects, IReadOnlyList<IMessageChannel> channels, TimeProvider time, ILoggerFactory? logs = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(time);
        var servers = Accounts.Objects(settings);
        Objects = Accounts.Plant(settings, servers, objects);
        if (settings.QueueMode)
        {
            _awake = new AwakeWindow(time, settings.AwakeTime) { Changed = isAwake => AwakeChanged?.Invoke(isAwake) };
            channels = [.. channels.Select(channel => new AwakeChannel(channel, _awake))];
        }
        var endpoint = new CoapEndpoint(channels, this, settings.Coap, time, logs: logs);
        var access = Accounts.Access(settings, Objects);
        _context = new ClientContext(settings, Objects, endpoint, access, time, logs?.CreateLogger<Lwm2mClient>() ?? NullLogger<Lwm2mClient>.Instance);
        _catalog = new CatalogTracker(_context);
        _reporting = new NotifyScheduler(_context, _catalog);
        _operations = new OperationHandler(settings);
        _sends = new SendQueues(_context, _catalog);
        _servers = new ServerSet(settings.Servers.Select((account, index) => NewLoop(account, servers[index])));
        Objects.ValueChanged = OnValueChanged;
        Objects.StructureChanged = OnStructureChanged;
    }

    /// <summary>The device's objects.</summary>
    public ObjectTree Objects { get; }

    /// <summary>How the registrations stand, one for each account in their order.</summary>
    public IReadOnlyList<RegistrationStatus> Registrations => [.. _servers.All.Select(s => s.Status)];

    /// <summary>How many paths servers observe.</summary>
    public int ObservationCount => _reporting.Count;

    /// <summary>How many observations were answered as plain reads because of <see cref="ClientSettings.ObservationsPerServer"/>.</summary>
    public long RefusedObservations => _reporting.Refused;

    /// <summary>How many values that waited for a server to come back were dropped: for newer ones (<see cref="ClientSettings.StoredNotifications"/>, hqmax), or because it did not ask for them.</summary>
    public long DroppedNotifications => _reporting.Dropped;

    /// <summary>How many Write-Attributes were refused because of <see cref="ClientSettings.AttributesPerServer"/>.</summary>
    public long RefusedAttributes => _servers.All.Sum(s => s.Attributes.Refused);

    /// <summary>How many Sends were refused because of <see cref="ClientSettings.SendQueue"/>.</summary>
    public long RefusedSends => _sends.Refused;

    /// <summary>Whether the device is awake; always, without <see cref="ClientSettings.QueueMode"/>.</summary>
    public bool IsAwake => _awake?.IsAwake ?? true;

    /// <summary>Raised when a device in queue mode may sleep (false), and when it is awake again: it must be quick and may not throw.</summary>
    public event Action<bool>? AwakeChanged;

    /// <summary>Raised when a registration has come to another state, on the thread that brought it there: it must be quick and may not throw.</summary>
    public event Action<RegistrationStatus>? RegistrationChanged;

    /// <summary>Registers, updates in time and answers until it is cancelled; then de-registers and returns. Once only.</summary>
    /// <exception cref="IOException">A channel could not start.</exception>
    /// <exception cref="InvalidOperationException">It has run.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _hasRun, 1) != 0)
        {
            throw new InvalidOperationException("A client runs once.");
        }
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stop.Token);
        _run = RunServersAsync(both.Token);
        await _run.ConfigureAwait(false);
    }

    /// <summary>Sends Update now to every server, and tries again at once where an attempt has failed: after a change of network, say.</summary>
    public void Update()
    {
        foreach (var server in _servers.All)
        {
            server.RequestUpdate();
        }
    }

    /// <summary>One more server: its account becomes an instance of Security (0) and of Server (1), and when the client runs it is registered with.</summary>
    /// <exception cref="ArgumentException">The account cannot be, or there is one with its id.</exception>
    public void AddServer(ServerAccount account)
    {
        ArgumentNullException.ThrowIfNull(account);
        lock (_accounts)
        {
            var (security, server) = Accounts.Create(_context.Settings, Objects, account);
            var loop = NewLoop(account, server);
            Objects.Add(security);
            Objects.Add(server.Instance);
            _servers.Add(loop);
        }
    }

    /// <summary>
    /// De-registers with a server and forgets it: its account goes, with what it alone had rights to; what it owned and others may use is handed to
    /// one of them (LwM2M Transport 1.2 §5.2.5).
    /// </summary>
    /// <returns>Whether there was a server with this id.</returns>
    public async Task<bool> RemoveServerAsync(int shortServerId)
    {
        if (await _servers.RemoveAsync(shortServerId).ConfigureAwait(false) is not { } server)
        {
            return false;
        }
        _sends.Forget(server);
        lock (_accounts)
        {
            Unbootstrapping.Withdraw(Objects, shortServerId, [.. _servers.All.Select(s => s.Status.ShortServerId)]);
            var id = server.Server.Instance.Id;
            Objects.Remove(server.Server.Instance);
            if (Objects.Find(0, id) is { } security)
            {
                Objects.Remove(security);
            }
        }
        return true;
    }

    /// <summary>Waits until the client is registered with every server for the first time.</summary>
    public Task WhenRegisteredAsync(CancellationToken cancel) => _registered.Task.WaitAsync(cancel);

    /// <summary>
    /// Fetches what a URI of CoAP names into a sink, block by block; after a loss it goes on where it was, <see cref="ClientSettings.DownloadRetries"/>
    /// times. A URI of CoAPS is reached with the credentials of the account whose server is at that host. The client must run.
    /// </summary>
    /// <exception cref="PackageException">Nothing is there, no account has credentials for it, or it was replaced meanwhile.</exception>
    /// <exception cref="CoapException">The other side did not answer any more.</exception>
    public Task DownloadAsync(Uri source, IBodySink target, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return Download.RunAsync(_context, PackageSource.Of(source, _servers.All), target, cancel);
    }

    /// <summary>
    /// Send: tells servers values without being asked (LwM2M Core 1.2 §6.4.6), those of each path that it may read. While a server cannot be reached
    /// it waits, with the time of now.
    /// </summary>
    /// <param name="paths">What to tell: objects, instances, resources or resource instances; / is everything.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <returns>What became of it, for each server in the order of the accounts.</returns>
    public async Task<IReadOnlyList<SendResult>> SendAsync(IEnumerable<Lwm2mPath> paths, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Lwm2mPath[] all = [.. paths];
        return await Task.WhenAll(_servers.All.Select(s => _sends.Of(s).SendAsync(all, cancel))).ConfigureAwait(false);
    }

    /// <summary>Send with these values: with times, a path may come more than once, so that a history is told.</summary>
    /// <param name="records">The values of resources and resource instances. One without a time is of now.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <param name="format">SenML JSON, SenML CBOR, or where there are no times LwM2M CBOR; null leaves it to the version.</param>
    /// <returns>What became of it, for each server in the order of the accounts.</returns>
    public async Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<Lwm2mRecord> records, CancellationToken cancel, ContentFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(records);
        return await Task.WhenAll(_servers.All.Select(s => _sends.Of(s).SendAsync(records, format, cancel))).ConfigureAwait(false);
    }

    /// <summary>De-registers when it runs, and stops the channels.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_run is { } run)
        {
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await _context.Endpoint.DisposeAsync().ConfigureAwait(false);
        _reporting.Dispose();
        _servers.Dispose();
        _awake?.Dispose();
        _operations.Dispose();
        _stop.Dispose();
    }

    async ValueTask<CoapMessage?> ICoapHandler.HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        if (IsDiscovery(request))
        {
            return Discovery();
        }
        if (_servers.Find(peer) is not { } server)
        {
            return CoapMessage.Error(CoapCode.Unauthorized, "you are none of this device's servers");
        }
        if (!await server.MayAskAsync(cancel).ConfigureAwait(false))
        {
            return null;   // ignored until Register is answered (LwM2M Core 1.2 §6.2.1)
        }
        if (request.Sink is ResourceBody body)
        {
            await body.CompleteAsync(cancel).ConfigureAwait(false);
            return CoapMessage.Response(CoapCode.Changed);
        }
        if (Target.IsSecret(request))
        {
            return CoapMessage.Error(CoapCode.Unauthorized, "not for servers");
        }
        var scope = _catalog.ScopeFor(server);
        if (!OperationCodec.TryDecode(request, scope, out var operation, out var refusal))
        {
            return IsDenied(request, server) ? CoapMessage.Error(CoapCode.Unauthorized, "you have no right there") : refusal;
        }
        if (operation is Lwm2mRequest.Observe or Lwm2mRequest.ObserveComposite)
        {
            return _reporting.Begin(new Observation(server, peer, request, operation));
        }
        return OperationCodec.EncodeResponse(operation, await AnswerAsync(operation, server, request.Token, cancel).ConfigureAwait(false), scope);
    }

    IBodySink? ICoapHandler.OpenBody(Peer peer, CoapMessage firstBlock) =>
        _servers.Find(peer) is { Status.IsRegistered: true } server ? BodyOperation.Open(server.View, firstBlock) : null;

    void ICoapHandler.OnReset(Peer peer, CoapToken token) => _reporting.Cancel(peer, token);

    // A session that the server has ended: without a new one the device cannot be spoken to.
    void ICoapHandler.OnPeerLost(Peer peer, PeerLoss loss) => _servers.Find(peer)?.Doubt();

    private RegistrationLoop NewLoop(ServerAccount account, ServerObject server) => new(_context, account, server) { StatusChanged = OnStatusChanged };

    private async Task RunServersAsync(CancellationToken cancel)
    {
        await _context.Endpoint.StartAsync(cancel).ConfigureAwait(false);
        await _servers.RunAsync(cancel).ConfigureAwait(false);
    }

    private async ValueTask<Lwm2mResponse> AnswerAsync(Lwm2mRequest operation, RegistrationLoop server, CoapToken token, CancellationToken cancel)
    {
        if (operation is Lwm2mRequest.CancelObserve or Lwm2mRequest.CancelObserveComposite)
        {
            _reporting.Cancel(server.Peer!, token);
        }
        var response = await _operations.AnswerAsync(operation, server.View, server.Attributes, server.Status.Version, cancel).ConfigureAwait(false);
        if (operation is Lwm2mRequest.WriteAttributes)
        {
            _reporting.Recheck();
        }
        return response;
    }

    private void OnValueChanged(Lwm2mPath path)
    {
        _reporting.OnChanged(path);
        if (path.ObjectId == 1 && Array.Find(_servers.All, s => path.StartsWith(s.Server.Instance.Path)) is { } server)
        {
            server.Recheck();   // lifetime and binding are told by Update,
            _reporting.Recheck();   // and the periods count where no attribute does
        }
    }

    private void OnStructureChanged(Lwm2mPath path)
    {
        _catalog.Refresh();
        _context.Access.OnStructureChanged(path);
        _reporting.OnChanged(path);
        foreach (var server in _servers.All)
        {
            if (path.IsInstance && Objects.Find(path.ObjectId, path.InstanceId) is null)
            {
                server.Attributes.Forget(path);
            }
            server.Recheck();
        }
    }

    private void OnStatusChanged(RegistrationLoop server, RegistrationStatus status)
    {
        _sends.OnStatus(server, status);
        if (!status.IsRegistered)
        {
            _reporting.End(server, isFinal: status.State == RegistrationState.Deregistered);
        }
        else if (status.State == RegistrationState.Registered)
        {
            _reporting.Resume(server);
        }
        if (Array.TrueForAll(_servers.All, s => s.Status.IsRegistered))
        {
            _registered.TrySetResult();
        }
        RegistrationChanged?.Invoke(status);
    }

    // What is wrong with a request is not told to who has no right at all where it goes (LwM2M Core 1.2 §8.2).
    private static bool IsDenied(CoapMessage request, RegistrationLoop server) =>
        Lwm2mPath.TryParse(request.Options.UriPath, out var path) && path.Depth >= 2
        && server.View.Tree.Find(path.ObjectId, path.InstanceId) is not null && !server.View.AllowsAny(path.Take(2));

    private static bool IsDiscovery(CoapMessage request) =>
        request.Code == CoapCode.Get && request.Options.GetStrings(OptionNumber.UriPath) is [".well-known", "core"];

    // RFC 6690 §4, for whoever asks: the list that Register tells too.
    private CoapMessage Discovery()
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.ContentFormat, ContentFormat.LinkFormat.Value);
        return new CoapMessage
        {
            Code = CoapCode.Content,
            Options = options.Build(),
            Payload = Encoding.UTF8.GetBytes(DeviceLinks.Of(Objects, _context.Settings.Version, _context.Settings.TellsFormats).Text),
        };
    }
}
