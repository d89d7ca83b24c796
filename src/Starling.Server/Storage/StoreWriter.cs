using Starling.Coap;

namespace Starling.Server;

/// <summary>Tells the store of changes, and lets the device wait for its answer until they are safe. Without a store everything is safe at once.</summary>
internal sealed class StoreWriter(Lwm2mServer server, IDeviceStore? store)
{
    private static readonly CoapMessage _busy = CoapMessage.Error(CoapCode.ServiceUnavailable, "The registration could not be stored.");

    /// <summary>Under the session's lock.</summary>
    public ValueTask<bool> Save(DeviceSession session)
    {
        if (store is null)
        {
            return ValueTask.FromResult(true);
        }
        var before = session.StoreVersion++;
        return Save(session.ToState(), before);
    }

    /// <summary>The registration has ended. What is wanted of the device stays if there is room for it. Under the session's lock.</summary>
    public ValueTask<bool> End(DeviceSession session)
    {
        if (session.Watched.Length == 0 && session.AwakeWindow is null)
        {
            return Delete(session.Key, session.StoreVersion);
        }
        var before = session.StoreVersion++;
        var state = session.ToState() with { EndedAt = server.Clock.UtcNow };
        return server.Registrar.Absent.TryAdd(state) ? Save(state, before) : Delete(session.Key, before);
    }

    /// <summary>Under the session's lock, if there is a session.</summary>
    public ValueTask<bool> Delete(DeviceKey key, long version)
    {
        if (store is null)
        {
            return ValueTask.FromResult(true);
        }
        try
        {
            return store.DeleteAsync(key, version, CancellationToken.None);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<bool>(e);
        }
    }

    /// <summary>The answer once the change is safe; 5.03 when it is not. A session that another server owns is forgotten; null is one that is gone already.</summary>
    public ValueTask<CoapMessage?> AnswerAsync(ValueTask<bool> saved, CoapMessage answer, DeviceSession? session) =>
        saved.IsCompletedSuccessfully && saved.Result ? ValueTask.FromResult<CoapMessage?>(answer) : WaitAsync(saved, answer, session);

    private ValueTask<bool> Save(DeviceState state, long before)
    {
        if (store is null)
        {
            return ValueTask.FromResult(true);
        }
        try
        {
            return store.SaveAsync(state, before, CancellationToken.None);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<bool>(e);
        }
    }

    private async ValueTask<CoapMessage?> WaitAsync(ValueTask<bool> saved, CoapMessage answer, DeviceSession? session)
    {
        try
        {
            if (await saved.ConfigureAwait(false))
            {
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
            server.Log.StoreFailed(e);
        }
        return _busy;
    }

    /// <summary>Every device that is kept.</summary>
    public async Task RestoreAsync(CancellationToken cancel)
    {
        if (store is null)
        {
            return;
        }
        await foreach (var state in store.LoadAllAsync(cancel).ConfigureAwait(false))
        {
            if (state.EndedAt is null)
            {
                server.Registrar.Restore(state);
            }
            else
            {
                server.Registrar.Absent.TryAdd(state);
            }
        }
    }
}
