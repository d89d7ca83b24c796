using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>Tells the store of changes, and lets the device wait for its answer until they are safe. Without a store everything is safe at once.</summary>
internal sealed class StoreWriter(Lwm2mServer server, IDeviceStore? store)
{
    private static readonly CoapMessage _busy = CoapMessage.Error(CoapCode.ServiceUnavailable, "The registration could not be stored.");
    private static readonly CoapMessage _kept = CoapMessage.Response(CoapCode.Empty);
    private int _isFailing;

    /// <summary>Keeps the whole state. Under the session's lock.</summary>
    public ValueTask<bool> Save(DeviceSession session) => Write(session, session.StoreVersion + 1, static (store, session) =>
        store.SaveAsync(session.ToState(), session.StoreVersion - 1, CancellationToken.None));

    /// <summary>Keeps that the device was heard from, and from where if that is another place; all of it when the store lags behind. Under the session's lock.</summary>
    public ValueTask<bool> Renew(DeviceSession session, bool hasMoved)
    {
        if (session.IsStoreBehind)
        {
            return Save(session);
        }
        return hasMoved
            ? Write(session, session.StoreVersion + 1, static (store, session) => Renew(store, session, session.Peer!.Address))
            : Write(session, session.StoreVersion + 1, static (store, session) => Renew(store, session, null));
    }

    /// <summary>The registration has ended. What is wanted of the device stays if there is room for it. Under the session's lock.</summary>
    public ValueTask<bool> End(DeviceSession session)
    {
        if (session.Watched.Length == 0 && session.AwakeWindow is null)
        {
            return Delete(session);
        }
        if (!server.Registrar.Absent.TryAdd(session.Key, new AbsentDevice(session.ToObservations(), session.AwakeWindow, session.StoreVersion + 1)))
        {
            return Delete(session);
        }
        var saved = Write(session, session.StoreVersion + 1, static (store, session) =>
            store.SaveAsync(session.ToState() with { EndedAt = session.Server.Clock.UtcNow }, session.StoreVersion - 1, CancellationToken.None));
        if (saved.IsFaulted)
        {
            server.Registrar.Absent.TryTake(session.Key, out _);
        }
        return saved;
    }

    /// <summary>Under the session's lock.</summary>
    public ValueTask<bool> Delete(DeviceSession session) => Write(session, session.StoreVersion, static (store, session) =>
        store.DeleteAsync(session.Key, session.StoreVersion, CancellationToken.None));

    /// <summary>Forgets what was wanted of a device that is not registered, and has been taken from the absent ones; it is back there when the store has no room.</summary>
    public ValueTask<bool> Delete(DeviceKey key, AbsentDevice absent)
    {
        var deleted = Write((key, absent.Version), static (store, kept) => store.DeleteAsync(kept.key, kept.Version, CancellationToken.None));
        if (deleted.IsFaulted)
        {
            server.Registrar.Absent.TryAdd(key, absent);
        }
        return deleted;
    }

    /// <summary>The answer once the change is safe; 5.03 when it is not. A session that another server owns is forgotten; null is one that is gone already.</summary>
    public ValueTask<CoapMessage?> AnswerAsync(ValueTask<bool> saved, CoapMessage answer, DeviceSession? session) =>
        saved.IsCompletedSuccessfully && saved.Result ? ValueTask.FromResult<CoapMessage?>(answer) : WaitAsync(saved, answer, session);

    /// <summary>Whether a change is safe, for what no device waits for.</summary>
    public async ValueTask<bool> IsKeptAsync(ValueTask<bool> saved, DeviceSession session) =>
        await AnswerAsync(saved, _kept, session).ConfigureAwait(false) == _kept;

    /// <summary>Whether what a device sent is safe with whoever keeps it.</summary>
    public async ValueTask<bool> IsKeptAsync(Func<DeviceKey, RecordSet, ValueTask> keep, DeviceKey key, RecordSet records)
    {
        try
        {
            await keep(key, records).ConfigureAwait(false);
            return true;
        }
        catch (Exception e)
        {
            OnFailed(e);
            return false;
        }
    }

    /// <summary>Every device that is kept.</summary>
    public async Task RestoreAsync(CancellationToken cancel)
    {
        if (store is null)
        {
            return;
        }
        var left = 0;
        await foreach (var state in store.LoadAllAsync(cancel).ConfigureAwait(false))
        {
            if (state.EndedAt is null && server.Registrar.Restore(state))
            {
                continue;
            }
            left += state.EndedAt is null ? 1 : 0;   // what cannot be taken up waits for its device like one that has ended
            if (!server.Registrar.Absent.TryAdd(state.Key, AbsentDevice.From(state)))
            {
                await store.DeleteAsync(state.Key, state.Version, cancel).ConfigureAwait(false);   // else its next Register would find it in the way
            }
        }
        if (left > 0)
        {
            server.Log.NotRestored(left);
        }
        if (server.Count > server.Settings.MaxDevices)
        {
            server.Log.MoreThanMayBe(server.Count, server.Settings.MaxDevices);
        }
    }

    // What the store does not take must not move the version on: the next change builds on what is kept.
    private ValueTask<bool> Write(DeviceSession session, long version, Func<IDeviceStore, DeviceSession, ValueTask<bool>> write)
    {
        var before = session.StoreVersion;
        session.StoreVersion = version;
        var saved = Write(session, write);
        session.IsStoreBehind = saved.IsFaulted;
        if (saved.IsFaulted)
        {
            session.StoreVersion = before;
        }
        return saved;
    }

    private ValueTask<bool> Write<T>(T what, Func<IDeviceStore, T, ValueTask<bool>> write)
    {
        try
        {
            return store is null ? ValueTask.FromResult(true) : write(store, what);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<bool>(e);
        }
    }

    private static ValueTask<bool> Renew(IDeviceStore store, DeviceSession session, PeerAddress? address) =>
        store.RenewAsync(session.Key, session.Server.Clock.ToTime(session.UpdatedAt), address, session.StoreVersion - 1, CancellationToken.None);

    private async ValueTask<CoapMessage?> WaitAsync(ValueTask<bool> saved, CoapMessage answer, DeviceSession? session)
    {
        try
        {
            if (await saved.ConfigureAwait(false))
            {
                Interlocked.Exchange(ref _isFailing, 0);
                return answer;
            }
            if (session is null)
            {
                return answer;   // somebody else's by now: for the device it is as if it had been removed
            }
            server.Registrar.Lose(session);
        }
        catch (Exception e)
        {
            OnFailed(e);
        }
        return _busy;
    }

    // A store that is full or broken fails for every device: the log says it once, the counter counts.
    private void OnFailed(Exception why)
    {
        server.Tally.StoreFailures.Increment();
        if (Interlocked.Exchange(ref _isFailing, 1) == 0)
        {
            server.Log.StoreFailed(why);
        }
    }
}
