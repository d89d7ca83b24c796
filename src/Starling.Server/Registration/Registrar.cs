using System.Text;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>
/// Register, Update, De-register and the end of lifetimes (LwM2M Core 1.2 §6.2). Everything runs on the caller's thread and waits for a store only.
/// Lock order: session, then table, index or wheel.
/// </summary>
internal sealed class Registrar : IDisposable
{
    private static readonly CoapMessage _changed = CoapMessage.Response(CoapCode.Changed);
    private static readonly CoapMessage _deleted = CoapMessage.Response(CoapCode.Deleted);
    private static readonly TimeSpan _storeRetry = TimeSpan.FromSeconds(10);

    private readonly Lwm2mServer _server;
    private readonly RegistrationIds _ids;
    private readonly RegistrationNews _news;
    private readonly StripedTable<RegistrationId, DeviceSession> _byId = new();
    private readonly TimerWheel _wheel;
    private readonly long _grace;
    private long _restoredEnd;   // restored registrations do not end before

    public Registrar(Lwm2mServer server, RegistrationIds ids)
    {
        _server = server;
        _ids = ids;
        _news = new RegistrationNews(server);
        Devices = new DeviceIndex(server);
        // A turn of 68 minutes: longer lifetimes are looked at once a turn.
        _wheel = new TimerWheel(server.Clock.Time, TimeSpan.FromSeconds(1), 4096);
        Absent = new AbsentDevices(server.Settings.MaxAbsentDevices, server.Tally.ForgottenDevices);
        _grace = (long)server.Settings.ExpiryGrace.TotalMilliseconds;
    }

    public DeviceIndex Devices { get; }

    /// <summary>Devices that are not registered and where something is wanted.</summary>
    public AbsentDevices Absent { get; }

    /// <summary>Lifetimes and everything else that is due after seconds or later.</summary>
    public TimerWheel Wheel => _wheel;

    public DeviceSession? Find(RegistrationId id) => _byId.Find(id);

    public ValueTask<CoapMessage?> Register(Peer peer, Lwm2mRequest.Register request)
    {
        var endpoint = request.Endpoint;
        if ((RegisterRules.Refuse(request, _server.Settings) ?? _server.Admission.Refuse(peer.Identity, ref endpoint)) is { } refusal)
        {
            return Answer(_news.Rejected(peer, request.Endpoint, null, refusal));
        }
        if (request.ProfileIds is { } ids)
        {
            if (!_server.Profiles.TryResolve(ids, request.Links, out var links, out var unknown))
            {
                return Answer(_news.Rejected(peer, request.Endpoint, null, RegisterRules.UnknownProfile(CoapCode.Conflict, unknown)));
            }
            request = request with { Links = links };
        }
        while (Devices.TryGetOrAdd(new DeviceKey(endpoint!), _server.Settings.MaxDevices, out var session))
        {
            ValueTask<bool> saved;
            CoapMessage created;
            lock (session)
            {
                if (session.State == DeviceLife.Gone)
                {
                    continue;   // it is out of the index by now: the next turn makes another one
                }
                if (session.State == DeviceLife.Registered && _server.Admission.RefusePlace(session.Identity, peer.Identity) is { } secured)
                {
                    return Answer(_news.Rejected(peer, endpoint, null, secured));
                }
                saved = Accept(session, peer, request);
                created = RegisterRules.Created(session.Id);
            }
            _server.Serve(session);
            return _server.Store.AnswerAsync(saved, created, session);
        }
        return Answer(_news.Rejected(peer, request.Endpoint, null, RegisterRules.Full));
    }

    /// <summary>An Update; null is one that says nothing but that the device is there, and costs no more than a time written into the session.</summary>
    public ValueTask<CoapMessage?> Update(Peer peer, RegistrationId id, Lwm2mRequest.Update? update)
    {
        if (_byId.Find(id) is not { } session)
        {
            return Answer(_news.Rejected(peer, null, id, RegisterRules.Unknown));
        }
        if (update?.ProfileIds is { } ids)
        {
            if (!_server.Profiles.TryResolve(ids, update.Links, out var links, out var unknown))
            {
                return Answer(_news.Rejected(peer, null, id, RegisterRules.UnknownProfile(CoapCode.BadRequest, unknown)));
            }
            update = update with { Links = links };
        }
        ValueTask<bool> saved;
        lock (session)
        {
            if (session.State != DeviceLife.Registered || session.Id != id || !IsOf(session, peer))
            {
                return Answer(_news.Rejected(peer, null, id, RegisterRules.Unknown));
            }
            session.UpdatedAt = _server.Clock.Now;
            var hasMoved = Bind(session, peer);
            var changes = update is null ? null : Apply(session, update);
            _server.Listening.Heard(session);
            _news.Updated(session, changes);
            saved = update is null ? _server.Store.Renew(session, hasMoved) : _server.Store.Save(session);
        }
        _server.Serve(session);
        return _server.Store.AnswerAsync(saved, _changed, session);
    }

    public ValueTask<CoapMessage?> Deregister(Peer peer, RegistrationId id) =>
        _byId.Find(id) is { } session && TryEnd(session, s => s.Id == id && IsOf(s, peer), s => _news.Deregistered(s, "by the device"), _server.Store.End, out var saved)
            ? _server.Store.AnswerAsync(saved, _deleted, null)
            : Answer(_news.Rejected(peer, null, id, RegisterRules.Unknown));

    /// <summary>Ends a registration from this side, and forgets what is wanted of the device. False when it is not known.</summary>
    public ValueTask<bool> Remove(DeviceKey key)
    {
        if (Devices.Find(key) is { } session
            && TryEnd(session, _ => true, s => _news.Deregistered(s, "removed on the server"), _server.Store.Delete, out var saved))
        {
            return saved;
        }
        return Absent.TryTake(key, out var absent) ? _server.Store.Delete(key, absent) : ValueTask.FromResult(false);
    }

    /// <summary>Something that is no Register, Update or De-register.</summary>
    public CoapMessage Reject(Peer peer, RegistrationId id, CoapMessage refusal) =>
        _news.Rejected(peer, null, id == default ? null : id, new Refusal(refusal.Code, Encoding.UTF8.GetString(refusal.Payload.Span)));

    /// <summary>Another server owns the device now: forgets it here and leaves the store alone.</summary>
    public void Lose(DeviceSession session)
    {
        lock (session)
        {
            if (session.State == DeviceLife.Registered)
            {
                _news.Deregistered(session, "taken over by another server");
                Forget(session);
            }
        }
    }

    /// <summary>The wheel says that a lifetime may be over.</summary>
    public void OnLifetime(DeviceSession session)
    {
        lock (session)
        {
            if (session.State != DeviceLife.Registered)
            {
                return;
            }
            _server.Listening.Look(session);
            if (session.Lifetime == 0 || Left(session) > 0)
            {
                StartTimer(session);
                return;
            }
        }
        if (!TryEnd(session, s => s.Lifetime != 0 && Left(s) <= 0, _news.Expired, _server.Store.End, out var saved))
        {
            return;
        }
        if (saved.IsFaulted)
        {
            _wheel.Schedule(session.Timer!, _storeRetry);
        }
        _ = _server.Store.AnswerAsync(saved, _deleted, null).AsTask();
    }

    /// <summary>
    /// Brings back a device that a store has kept, with the peer at its address. What was acknowledged stands: a limit that is lower now is for those who
    /// register from here on.
    /// </summary>
    /// <returns>False when it is no state of ours.</returns>
    public bool Restore(DeviceState state)
    {
        if (!RegistrationId.TryParse(state.Registration.Id, out var id)
            || !Devices.TryGetOrAdd(state.Key, int.MaxValue, out var session))
        {
            return false;
        }
        lock (session)
        {
            if (session.State != DeviceLife.Fresh)
            {
                return false;
            }
            _restoredEnd = _server.Clock.Now + (long)_server.Settings.RestoreGrace.TotalMilliseconds;
            session.Restore(id, state);
            session.State = DeviceLife.Registered;
            _byId.TryAdd(session);
            _server.Observer.Restore(session, state.Observations);
            session.IsAsleep = _server.Listening.Left(session) <= 0;
            StartTimer(session);
            BindKept(session, state.Registration.Address);
            return true;
        }
    }

    /// <summary>Speaks to the device through this peer from now on. Under the session's lock.</summary>
    /// <returns>Whether the device's address has become another one.</returns>
    public bool Bind(DeviceSession session, Peer peer)
    {
        var before = session.Peer;
        if (ReferenceEquals(before, peer))
        {
            return false;
        }
        var from = before?.Address ?? session.Restored?.Address;
        session.IsStoreBehind |= session.Identity != peer.Identity;   // a renewal would keep the one before
        peer.Hold();
        peer.HandlerState = session;
        session.Peer = peer;
        session.Restored = null;
        Unbind(session, before);
        if (from is not { } address || address == peer.Address)
        {
            return false;
        }
        _news.Moved(session, address);
        return true;
    }

    /// <summary>
    /// Sets the session's timer to the end of its lifetime or, before that, of its awake window. Not needed where both have become longer: it then comes up
    /// early and goes back. Under the session's lock.
    /// </summary>
    public void StartTimer(DeviceSession session)
    {
        long? due = session.Lifetime == 0 ? null : Left(session);
        due = _server.Listening.Left(session) is { } window && window < (due ?? long.MaxValue) ? window : due;
        if (due is { } left)
        {
            _wheel.Schedule(session.Timer ??= new ExpiryTimer(this, session), TimeSpan.FromMilliseconds(Math.Max(left, 0)));
        }
        else if (session.Timer is not null)
        {
            _wheel.Cancel(session.Timer);
        }
    }

    public async ValueTask SetAwakeWindowAsync(DeviceSession session, TimeSpan? window)
    {
        ValueTask<bool> saved;
        lock (session)
        {
            if (session.State != DeviceLife.Registered)
            {
                return;
            }
            session.AwakeWindow = window;
            _server.Listening.Look(session);   // what is asked for right behind this finds the device as it is thought to be now
            StartTimer(session);
            saved = _server.Store.Save(session);
        }
        if (!await saved.ConfigureAwait(false))
        {
            Lose(session);
        }
    }

    public void Dispose() => _wheel.Dispose();

    /// <summary>Whether a peer speaks for this device. Who knows an id has not proven anything by it. Under the session's lock.</summary>
    public bool IsOf(DeviceSession session, Peer peer) =>
        ReferenceEquals(session.Peer, peer) || _server.Admission.MayContinue(session.Identity, peer.Identity, session.Key.Endpoint);

    // Under the session's lock.
    private ValueTask<bool> Accept(DeviceSession session, Peer peer, Lwm2mRequest.Register request)
    {
        RegistrationId? before = null;
        if (session.State == DeviceLife.Registered)
        {
            before = session.Id;
            _byId.Remove(session);
        }
        else if (Absent.TryTake(session.Key, out var absent))
        {
            session.StoreVersion = absent.Version;
            session.AwakeWindow = absent.AwakeWindow;
            _server.Observer.Restore(session, absent.Observations);
        }
        session.Fill(request, _server.Clock.Now, _server.Settings.DefaultLifetime);
        do
        {
            session.Id = _ids.Next();
        }
        while (!_byId.TryAdd(session));
        session.State = DeviceLife.Registered;
        Bind(session, peer);
        StartTimer(session);
        if (before is null)
        {
            _server.Operations.Table.Attach(session);
        }
        else
        {
            Observer.Unsettle(session);
        }
        _news.Registered(session, before);
        return _server.Store.Save(session);
    }

    // Two devices may have been at one address, one after the other: what comes from there is of the one that was heard from last.
    private void BindKept(DeviceSession session, PeerAddress address)
    {
        if (!_server.Endpoint.TryRestore(address, out var peer) || !IsOf(session, peer))
        {
            return;
        }
        var other = _server.FindPeer(peer);
        Bind(session, peer);
        if (other is not null && other.UpdatedAt > session.UpdatedAt)
        {
            peer.HandlerState = other;
        }
    }

    // Under the session's lock. What changed, for the event; null when nobody listens or nothing did.
    private string? Apply(DeviceSession session, Lwm2mRequest.Update update)
    {
        var before = (session.Lifetime, session.QueueMode);
        session.Apply(update);
        if ((session.Lifetime, session.QueueMode) != before)
        {
            StartTimer(session);
        }
        return _server.EventHub.IsWanted ? RegistrationNews.Changes(update) : null;
    }

    // Below 0 is before this server was: the device could not be heard while nobody listened, and gets the time to be.
    private long Left(DeviceSession session)
    {
        var end = session.UpdatedAt + (session.Lifetime * 1000L) + _grace;
        return (session.UpdatedAt < 0 ? Math.Max(end, _restoredEnd) : end) - _server.Clock.Now;
    }

    private bool TryEnd(
        DeviceSession session, Func<DeviceSession, bool> condition, Action<DeviceSession> tell, Func<DeviceSession, ValueTask<bool>> save, out ValueTask<bool> saved)
    {
        lock (session)
        {
            saved = default;
            if (session.State != DeviceLife.Registered || !condition(session))
            {
                return false;
            }
            saved = save(session);
            if (saved.IsFaulted)
            {
                return true;   // what the store still keeps would come back after a restart: whoever wanted the end hears that it is none
            }
            tell(session);
            Forget(session);
            return true;
        }
    }

    // Under the session's lock.
    private void Forget(DeviceSession session)
    {
        session.State = DeviceLife.Gone;
        _byId.Remove(session);
        Devices.Remove(session);
        _server.Observer.Drop(session);
        if (session.Timer is not null)
        {
            _wheel.Cancel(session.Timer);
        }
        Unbind(session, session.Peer);
    }

    private static void Unbind(DeviceSession session, Peer? peer)
    {
        if (peer is null)
        {
            return;
        }
        if (ReferenceEquals(peer.HandlerState, session))
        {
            peer.HandlerState = null;
        }
        peer.Release();
    }

    private static ValueTask<CoapMessage?> Answer(CoapMessage message) => ValueTask.FromResult<CoapMessage?>(message);
}
