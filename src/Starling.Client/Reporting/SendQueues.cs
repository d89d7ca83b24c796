namespace Starling.Client;

/// <summary>The queue of each server for what is sent without being asked; a client that sends nothing has none.</summary>
internal sealed class SendQueues(ClientContext context, CatalogTracker catalog)
{
    private readonly Lock _lock = new();
    private Dictionary<RegistrationLoop, SendQueue>? _all;

    /// <summary>How many Sends were refused in all.</summary>
    public long Refused
    {
        get
        {
            lock (_lock)
            {
                return _all?.Values.Sum(q => (long)q.Refused) ?? 0;
            }
        }
    }

    /// <summary>The queue of a server.</summary>
    public SendQueue Of(RegistrationLoop server)
    {
        lock (_lock)
        {
            _all ??= [];
            if (!_all.TryGetValue(server, out var queue))
            {
                queue = new SendQueue(context, catalog, server);
                queue.OnStatus(server.Status);
                _all.Add(server, queue);
            }
            return queue;
        }
    }

    /// <summary>A registration stands or not.</summary>
    public void OnStatus(RegistrationLoop server, RegistrationStatus status)
    {
        lock (_lock)
        {
            _all?.GetValueOrDefault(server)?.OnStatus(status);
        }
    }

    /// <summary>A server is gone.</summary>
    public void Forget(RegistrationLoop server)
    {
        lock (_lock)
        {
            _all?.Remove(server);
        }
    }
}
