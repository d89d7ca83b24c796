using System.Collections.Concurrent;

namespace Starling.Client;

/// <summary>The queue of each server for what is sent without being asked.</summary>
internal sealed class SendQueues(ClientContext context, CatalogTracker catalog)
{
    private readonly ConcurrentDictionary<RegistrationLoop, SendQueue> _all = [];

    /// <summary>How many Sends were refused in all.</summary>
    public long Refused => _all.Values.Sum(q => (long)q.Refused);

    /// <summary>The queue of a server.</summary>
    public SendQueue Of(RegistrationLoop server) => _all.GetOrAdd(server, s => new SendQueue(context, catalog, s));

    /// <summary>A server is gone.</summary>
    public void Forget(RegistrationLoop server) => _all.TryRemove(server, out _);
}
