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
        try
        {
            var before = session.StoreVersion++;
            return store.SaveAsync(session.ToState(), before, CancellationToken.None);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<bool>(e);
        }
    }

    /// <summary>Under the session's lock.</summary>
    public ValueTask<bool> Delete(DeviceSession session)
    {
        if (store is null)
        {
            return ValueTask.FromResult(true);
        }
        try
        {
            return store.DeleteAsync(session.Key, session.StoreVersion, CancellationToken.None);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<bool>(e);
        }
    }

    /// <summary>The answer once the change is safe; 5.03 when it is not. A session that another server owns is forgotten; null is one that is gone already.</summary>
    public ValueTask<CoapMessage?> AnswerAsync(ValueTask<bool> saved, CoapMessage answer, DeviceSession? session) =>
        saved.IsCompletedSuccessfully && saved.Result ? ValueTask.FromResult<CoapMessage?>(answer) : WaitAsync(saved, answer, session);

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
            server.Registrar.Restore(state);
        }
    }
}
