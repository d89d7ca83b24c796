using Starling.Coap;

namespace Starling.Server;

/// <summary>Sends what waits for a device, one after the other (NSTART 1, LwM2M Core 1.2 §6.5), for as long as the device listens.</summary>
internal sealed class QueueRunner(Lwm2mServer server, OperationQueue queue)
{
    public const string MayHaveBeenDone = "The device may or may not have done it: it was sent, and no answer is known.";

    /// <summary>Runs until nothing waits or the device does not listen. By one caller at a time, see <see cref="QueueTable.TryBegin"/>.</summary>
    public async Task RunAsync(DeviceKey device)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);   // the caller may be the thread that receives
        // The session is looked up for each: the device may have registered anew meanwhile.
        while (server.Registrar.Devices.Find(device) is var session && queue.Table.Take(device, session) is { } entry)
        {
            try
            {
                if (!await SendAsync(session!, entry).ConfigureAwait(false))
                {
                    queue.Table.Stop(device);
                    return;
                }
            }
            catch (Exception e)
            {
                server.Log.QueueFailed(session!, e);
                await FailAsync(entry, $"The server could not send it: {e.Message}").ConfigureAwait(false);
            }
        }
    }

    // False when it makes no sense to go on for now.
    private async ValueTask<bool> SendAsync(DeviceSession session, QueueEntry entry)
    {
        var since = server.Clock.Now;
        try
        {
            if (!entry.IsRepeatable)
            {
                await queue.SaveAsync(entry).ConfigureAwait(false);   // so that after a kill nobody sends it a second time
            }
            var answer = await server.Sender.SendAsync(session, entry.Request, default, CancellationToken.None).ConfigureAwait(false);
            await queue.EndAsync(entry, OperationState.Sending, OperationState.Answered, "", answer).ConfigureAwait(false);
        }
        catch (CoapTimeoutException e) when (e.IsAcknowledged)
        {
            await queue.EndAsync(entry, OperationState.Sending, OperationState.Delivered, e.Message, null).ConfigureAwait(false);
        }
        catch (CoapTimeoutException e)
        {
            server.Listening.TrySilence(session, since);   // it may have been heard from meanwhile: then the next one goes out at once
            if (entry.IsRepeatable)
            {
                PutBack(entry, e.Message);
            }
            else
            {
                await FailAsync(entry, MayHaveBeenDone).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is PeerLostException or CoapBusyException or ObjectDisposedException)   // the last: the server is stopping
        {
            PutBack(entry, e.Message);
            return server.Registrar.Devices.Find(session.Key) != session;   // nothing was sent; a new session is another try
        }
        catch (CoapException e)
        {
            await FailAsync(entry, e.Message).ConfigureAwait(false);
        }
        return true;
    }

    private void PutBack(QueueEntry entry, string reason)
    {
        queue.Table.PutBack(entry, reason);
        if (entry.IsUnwanted || server.Clock.UtcNow >= entry.ExpiresAt)
        {
            queue.OnDue(entry);
        }
    }

    private ValueTask<bool> FailAsync(QueueEntry entry, string reason) =>
        queue.EndAsync(entry, OperationState.Sending, OperationState.Failed, reason, null);
}
