using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// One account's registration, from the first Register to De-register (LwM2M Core 1.2 §6.2):
/// <code>
///   Idle ──► Registering ──► Registered ◄──► Updating
///              ▲      │         │                │
///              │      ▼         ▼ Execute /1/x/4 │ 4.04, no answer
///           Backoff, Failed   Disabled           │
///              ▲                └──► Registering ◄┘        stop ──► Deregistered
/// </code>
/// One loop and one timer a server; everything but the signals is touched by the loop alone.
/// </summary>
internal sealed class RegistrationLoop : IDisposable
{
    private static readonly TimeSpan _answerFirst = TimeSpan.FromMilliseconds(100);   // the answer to Disable leaves before De-register does
    private readonly ClientContext _context;
    private readonly ServerAccount _account;
    private readonly RegistrationExchange _exchange;
    private readonly Alarm _alarm;
    private volatile RegistrationStatus _status;
    private volatile TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _stop;
    private volatile Task? _run;
    private volatile bool _updateWanted;
    private volatile bool _disableWanted;
    private volatile bool _isVoid;

    public RegistrationLoop(ClientContext context, ServerAccount account, ServerObject server)
    {
        _context = context;
        _account = account;
        _exchange = new RegistrationExchange(context, account, server);
        Server = server;
        Attributes = new ServerAttributes(server, context.Settings.AttributesPerServer);
        View = new ServerView(context.Tree, context.Access, account.ShortServerId);
        _alarm = new Alarm(context.Time);
        _status = new RegistrationStatus(account.ShortServerId, RegistrationState.Idle, context.Settings.Version);
        server.UpdateTriggered = TriggerUpdate;
        server.DisableTriggered = RequestDisable;
    }

    /// <summary>The account's instance of the object Server.</summary>
    public ServerObject Server { get; }

    /// <summary>What this server has attached.</summary>
    public ServerAttributes Attributes { get; }

    /// <summary>What it may use of the device's objects.</summary>
    public ServerView View { get; }

    /// <summary>How it stands.</summary>
    public RegistrationStatus Status => _status;

    /// <summary>The server; null before it was first looked for.</summary>
    public Peer? Peer => _exchange.Peer;

    /// <summary>This server's credentials for another place at one of its hosts; null where they are for none there, or cannot be used.</summary>
    public PeerTarget? TargetAt(Uri place) => _exchange.TargetAt(place);

    /// <summary>Told each new status, on the loop's thread.</summary>
    public Action<RegistrationLoop, RegistrationStatus>? StatusChanged { get; set; }

    /// <summary>Update as soon as may be; in Backoff, the next attempt.</summary>
    public void RequestUpdate()
    {
        _updateWanted = true;
        _alarm.Ring();
    }

    /// <summary>The server may have gone: where there is a registration an Update tells. Without one nothing is done sooner for it.</summary>
    public void Doubt()
    {
        if (_status.IsRegistered)
        {
            RequestUpdate();
        }
    }

    /// <summary>The device has forgotten what the server observes: a new registration has it ask again.</summary>
    public void RegisterAnew()
    {
        if (_status.IsRegistered)
        {
            _isVoid = true;
            _alarm.Ring();
        }
    }

    /// <summary>Ends when servers later in the order may begin: it is registered, or has failed and does not block them (LwM2M Core 1.2 §6.2.1.1).</summary>
    public Task Settled => _settled.Task;

    /// <summary>Something that Update tells may have changed.</summary>
    public void Recheck() => _alarm.Ring();

    /// <summary>De-register and stay away for a time.</summary>
    public void RequestDisable()
    {
        _disableWanted = true;
        _alarm.Ring();
    }

    /// <summary>
    /// Whether the server may ask now. A request may overtake the answer to Register on the way to its handler, by a little: that is waited for.
    /// </summary>
    public async ValueTask<bool> MayAskAsync(CancellationToken cancel)
    {
        if (_status.State == RegistrationState.Registering)
        {
            var grace = Task.Delay(_context.Settings.RegistrationGrace, _context.Time, cancel);
            await Task.WhenAny(_answered.Task, grace).ConfigureAwait(false);
        }
        return _status.IsRegistered;
    }

    /// <summary>Whether it has begun.</summary>
    public bool IsStarted => _run is not null;

    /// <summary>Ends when it has been cancelled and has de-registered.</summary>
    public Task Run => _run ?? Task.CompletedTask;

    /// <summary>Runs until it is cancelled; then De-registers.</summary>
    /// <param name="before">What has to end first: servers that are earlier in the order.</param>
    /// <param name="cancel">Ends it.</param>
    public void Start(Task before, CancellationToken cancel)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _run = RunAsync(before, _stop.Token);
    }

    /// <summary>De-registers, and runs no more.</summary>
    public async Task StopAsync()
    {
        if (_stop is { } stop)
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
        await Run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(Task before, CancellationToken cancel)
    {
        using var stop = cancel.UnsafeRegister(static alarm => ((Alarm)alarm!).Ring(), _alarm);
        try
        {
            await before.WaitAsync(cancel).ConfigureAwait(false);
            await PauseAsync(Server.InitialRegistrationDelay, cancel).ConfigureAwait(false);
            while (!cancel.IsCancellationRequested)
            {
                await RegisterAsync(cancel).ConfigureAwait(false);
                await KeepAsync(cancel).ConfigureAwait(false);
                if (_disableWanted)
                {
                    await StayAwayAsync(cancel).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Stopped in the middle of an exchange.
        }
        await _exchange.DeregisterAsync().ConfigureAwait(false);
        Enter(RegistrationState.Deregistered);
        _settled.TrySetResult();
    }

    public void Dispose()
    {
        _stop?.Dispose();
        _alarm.Dispose();
        _exchange.Dispose();
    }

    private async Task RegisterAsync(CancellationToken cancel)
    {
        var retry = new RetrySchedule(Server.RetryCount, Server.RetryTimer, Server.SequenceDelay, Server.SequenceRetryCount);
        while (!cancel.IsCancellationRequested)
        {
            _isVoid = false;
            Enter(RegistrationState.Registering);
            var setback = await _exchange.RegisterAsync(cancel).ConfigureAwait(false);
            if (setback is null)
            {
                _updateWanted = false;
                Enter(RegistrationState.Registered);
                _settled.TrySetResult();
                return;
            }
            var (delay, hasFailed) = retry.Next(setback.IsFinal);
            Log.RegistrationFailed(_context.Log, _context.Settings.Endpoint, _account.Uri, setback.Why, delay);
            Enter(hasFailed ? RegistrationState.Failed : RegistrationState.Backoff, setback.Why);
            if (hasFailed && !Server.BlocksOnFailure)
            {
                _settled.TrySetResult();
            }
            await PauseAsync(delay, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Returns when the registration has to be made again, when the server has disabled the client, or when it is cancelled.</summary>
    private async Task KeepAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested && !_disableWanted && !_isVoid && !_exchange.IsToMove)
        {
            var now = _context.Now;
            var isWanted = _updateWanted || now >= _exchange.Due || _exchange.HasNews;
            if (!isWanted || now < _exchange.NotBefore)
            {
                await _alarm.WaitAsync(isWanted ? _exchange.NotBefore - now : _exchange.Due - now).ConfigureAwait(false);
                continue;
            }
            _updateWanted = false;
            Enter(RegistrationState.Updating);
            if (!await _exchange.UpdateAsync(cancel).ConfigureAwait(false))
            {
                return;
            }
            Enter(RegistrationState.Registered);
        }
    }

    private async Task StayAwayAsync(CancellationToken cancel)
    {
        await PauseAsync(_answerFirst, cancel).ConfigureAwait(false);
        _disableWanted = false;
        var away = Server.DisableTimeout;
        await _exchange.DeregisterAsync().ConfigureAwait(false);
        Log.Disabled(_context.Log, _context.Settings.Endpoint, _account.Uri, away);
        Enter(RegistrationState.Disabled);
        await PauseAsync(away, cancel).ConfigureAwait(false);
    }

    // The argument may name another transport: then the registration is made again over it, as tokens and observations belong to a connection.
    private void TriggerUpdate(string? arguments)
    {
        if (TransportChoice.Told(arguments, Server.Binding, _exchange.SupportedBinding) is { } letter)
        {
            _exchange.MoveTo(letter);
        }
        RequestUpdate();
    }

    // Waits a time out; an update that is asked for meanwhile ends it.
    private async Task PauseAsync(TimeSpan span, CancellationToken cancel)
    {
        var end = _context.Now + span;
        _updateWanted = false;
        while (!cancel.IsCancellationRequested && !_updateWanted && _context.Now < end)
        {
            await _alarm.WaitAsync(end - _context.Now).ConfigureAwait(false);
        }
    }

    private void Enter(RegistrationState state, string? problem = null)
    {
        var location = state is RegistrationState.Registered or RegistrationState.Updating ? _exchange.Location?.ToString() : null;
        var status = new RegistrationStatus(_account.ShortServerId, state, _exchange.Version, location, problem)
        {
            NeedsBootstrap = state == RegistrationState.Failed && Server.BootstrapsOnFailure,
        };
        _status = status;
        if (state == RegistrationState.Registering)
        {
            _answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        else
        {
            _answered.TrySetResult();
        }
        StatusChanged?.Invoke(this, status);
    }
}
