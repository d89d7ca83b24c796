using System.Net.Sockets;
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
    private readonly Alarm _alarm;
    private volatile RegistrationStatus _status;
    private volatile TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _updateWanted;
    private volatile bool _disableWanted;
    private volatile Peer? _peer;
    private Location? _location;
    private Told _told = new(0, "", LinkList.None);
    private TimeSpan? _due;
    private TimeSpan _notBefore;

    public RegistrationLoop(ClientContext context, ServerAccount account, ServerObject server)
    {
        _context = context;
        _account = account;
        Server = server;
        _alarm = new Alarm(context.Time);
        _status = new RegistrationStatus(account.ShortServerId, RegistrationState.Idle, context.Settings.Version);
        server.UpdateTriggered = RequestUpdate;
        server.DisableTriggered = RequestDisable;
    }

    /// <summary>The account's instance of the object Server.</summary>
    public ServerObject Server { get; }

    /// <summary>What this server has attached.</summary>
    public ServerAttributes Attributes { get; } = new();

    /// <summary>How it stands.</summary>
    public RegistrationStatus Status => _status;

    /// <summary>The server; null before it was first looked for.</summary>
    public Peer? Peer => _peer;

    /// <summary>Told each new status, on the loop's thread.</summary>
    public Action<RegistrationLoop, RegistrationStatus>? StatusChanged { get; set; }

    /// <summary>Update as soon as may be; in Backoff, the next attempt.</summary>
    public void RequestUpdate()
    {
        _updateWanted = true;
        _alarm.Ring();
    }

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

    /// <summary>Runs until it is cancelled; then De-registers.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = cancel.UnsafeRegister(static alarm => ((Alarm)alarm!).Ring(), _alarm);
        try
        {
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
        await DeregisterAsync().ConfigureAwait(false);
        Enter(RegistrationState.Deregistered);
    }

    public void Dispose()
    {
        _alarm.Dispose();
        _peer?.Release();
    }

    private async Task RegisterAsync(CancellationToken cancel)
    {
        var retry = new RetrySchedule(Server.RetryCount, Server.RetryTimer, Server.SequenceDelay, Server.SequenceRetryCount);
        while (!cancel.IsCancellationRequested)
        {
            Enter(RegistrationState.Registering);
            var problem = await TryRegisterAsync(cancel).ConfigureAwait(false);
            if (problem is null)
            {
                Enter(RegistrationState.Registered);
                return;
            }
            var (delay, hasFailed) = retry.Next();
            Log.RegistrationFailed(_context.Log, _context.Settings.Endpoint, _account.Uri, problem, delay);
            Enter(hasFailed ? RegistrationState.Failed : RegistrationState.Backoff, problem);
            await PauseAsync(delay, cancel).ConfigureAwait(false);
        }
    }

    /// <returns>Why not; null when the server has accepted.</returns>
    private async Task<string?> TryRegisterAsync(CancellationToken cancel)
    {
        try
        {
            var peer = await ConnectAsync(cancel).ConfigureAwait(false);
            for (var version = _status.Version; ; version = Lower(version))
            {
                var told = Current(version);
                var request = new Lwm2mRequest.Register(
                    _context.Settings.Endpoint, told.Lifetime, version, told.Binding, QueueMode: false, _account.SmsNumber, told.Links);
                var sent = _context.Now;
                var message = await _context.Endpoint.RequestAsync(peer, RegistrationCodec.Encode(request), cancel).ConfigureAwait(false);
                var response = RegistrationCodec.DecodeResponse(message);
                _status = _status with { Version = version };
                if (response.Code == CoapCode.Created && Location.Of(message) is { } location)
                {
                    Accept(location, told, sent);
                    return null;
                }
                if (response.Code != CoapCode.PreconditionFailed || version <= Lwm2mVersion.V10)
                {
                    return response.Code == CoapCode.Created ? "2.01 without a location" : $"{response.Code} {response.Diagnostic}";
                }
            }
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            return failure.Message;
        }
    }

    // A 4.12 says that the server does not know the version (§6.2.1): the next lower one is tried at once.
    private static Lwm2mVersion Lower(Lwm2mVersion version) => version > Lwm2mVersion.V11 ? Lwm2mVersion.V11 : Lwm2mVersion.V10;

    private async ValueTask<Peer> ConnectAsync(CancellationToken cancel)
    {
        var peer = await _context.Endpoint.ConnectAsync(new PeerTarget(_account.Uri), cancel).ConfigureAwait(false);
        if (peer != _peer)
        {
            peer.Hold();
            _peer?.Release();
            _peer = peer;
        }
        return peer;
    }

    private void Accept(Location location, Told told, TimeSpan sent)
    {
        _location = location;
        _updateWanted = false;
        Remember(told, sent);
        Log.Registered(_context.Log, _context.Settings.Endpoint, _account.Uri, location.ToString(), _status.Version.ToString());
    }

    // The server counts the lifetime from when it got the message, which is not before it was sent.
    private void Remember(Told told, TimeSpan sent)
    {
        _told = told;
        _notBefore = TimeSpan.Zero;
        _due = UpdateSchedule.Interval(told.Lifetime, _context.Settings.Coap.Transmission.MaxTransmitWait) is { } interval ? sent + interval : null;
    }

    /// <summary>Returns when the registration has to be made again, when the server has disabled the client, or when it is cancelled.</summary>
    private async Task KeepAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested && !_disableWanted)
        {
            var now = _context.Now;
            var wanted = _updateWanted || now >= _due || Current(_status.Version).DiffersFrom(_told);
            if (!wanted || now < _notBefore)
            {
                await _alarm.WaitAsync(wanted ? _notBefore - now : _due - now).ConfigureAwait(false);
            }
            else if (!await TryUpdateAsync(cancel).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <returns>Whether the registration still stands.</returns>
    private async Task<bool> TryUpdateAsync(CancellationToken cancel)
    {
        _updateWanted = false;
        var told = Current(_status.Version);
        var request = new Lwm2mRequest.Update(
            _location!.ToString(),
            told.Lifetime == _told.Lifetime ? null : told.Lifetime,
            told.Binding == _told.Binding ? null : told.Binding,
            Links: told.Links.Text == _told.Links.Text ? null : told.Links);
        Enter(RegistrationState.Updating);
        try
        {
            var sent = _context.Now;
            var message = _location.Address(RegistrationCodec.Encode(request));
            var response = await _context.Endpoint.RequestAsync(_peer!, message, cancel).ConfigureAwait(false);
            if (response.Code == CoapCode.ServiceUnavailable || response.Code == CoapCode.TooManyRequests)
            {
                // The server is busy; the registration has not gone. Max-Age is 60 s where it is not told (RFC 7252 §5.10.5).
                _updateWanted = true;
                _notBefore = _context.Now + TimeSpan.FromSeconds(response.Options.GetUInt(OptionNumber.MaxAge) ?? 60);
            }
            else if (response.Code != CoapCode.Changed)
            {
                Log.UpdateRefused(_context.Log, _context.Settings.Endpoint, _account.Uri, response.Code.ToString());
                return false;
            }
            else
            {
                Remember(told, sent);
            }
            Enter(RegistrationState.Registered);
            return true;
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            Log.UpdateUnanswered(_context.Log, _context.Settings.Endpoint, _account.Uri, failure.Message);
            return false;
        }
    }

    private async Task StayAwayAsync(CancellationToken cancel)
    {
        await PauseAsync(_answerFirst, cancel).ConfigureAwait(false);
        _disableWanted = false;
        var away = Server.DisableTimeout;
        await DeregisterAsync().ConfigureAwait(false);
        Log.Disabled(_context.Log, _context.Settings.Endpoint, _account.Uri, away);
        Enter(RegistrationState.Disabled);
        await PauseAsync(away, cancel).ConfigureAwait(false);
    }

    private async Task DeregisterAsync()
    {
        if (!_status.IsRegistered || _location is null)
        {
            return;
        }
        using var limit = new CancellationTokenSource(_context.Settings.StopTimeout, _context.Time);
        try
        {
            var request = _location.Address(RegistrationCodec.Encode(new Lwm2mRequest.Deregister(_location.ToString())));
            await _context.Endpoint.RequestAsync(_peer!, request, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsOutage(failure) || failure is OperationCanceledException)
        {
            Log.DeregisterUnanswered(_context.Log, _context.Settings.Endpoint, _account.Uri);
        }
        _location = null;
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
        var status = _status with { State = state, Problem = problem, Location = state is RegistrationState.Registered or RegistrationState.Updating ? _location?.ToString() : null };
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

    private Told Current(Lwm2mVersion version) => new(Server.Lifetime, Server.Binding, DeviceLinks.Of(_context.Tree, version));

    private static bool IsOutage(Exception failure) => failure is CoapException or IOException or SocketException;

    /// <summary>What the server knows of the device.</summary>
    private sealed record Told(long Lifetime, string Binding, LinkList Links)
    {
        public bool DiffersFrom(Told other) => Lifetime != other.Lifetime || Binding != other.Binding || Links.Text != other.Links.Text;
    }
}
