namespace Starling.Client;

/// <summary>The servers of a client, which come and go while it runs. Readers see them as they were at one moment.</summary>
internal sealed class ServerSet : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RegistrationLoop[] _all;   // replaced as a whole
    private CancellationToken? _running;

    public ServerSet(IEnumerable<RegistrationLoop> servers) => _all = [.. servers];

    /// <summary>All of them, at this moment.</summary>
    public RegistrationLoop[] All => _all;

    /// <summary>The server that is this peer; null when none is.</summary>
    public RegistrationLoop? Find(Coap.Peer peer) => Array.Find(_all, s => s.Peer == peer);

    /// <summary>
    /// Registers with all until it is cancelled, then de-registers: with those that have a place in the order (/1/x/13) one after the other, each when
    /// the one before is registered or has failed without blocking; with all others at once (LwM2M Core 1.2 §6.2.1.1).
    /// </summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = cancel.UnsafeRegister(static ended => ((TaskCompletionSource)ended!).TrySetResult(), _ended);
        RegistrationLoop[] servers;
        lock (_lock)
        {
            _running = cancel;
            servers = _all;
        }
        foreach (var server in servers.OrderBy(s => s.Server.RegistrationOrder ?? long.MaxValue))
        {
            Start(server, cancel);
        }
        await _ended.Task.ConfigureAwait(false);
        await Task.WhenAll(_all.Select(s => s.Run)).ConfigureAwait(false);
    }

    /// <summary>One more; registered with at once when the client runs, or when its turn in the order comes.</summary>
    public void Add(RegistrationLoop server)
    {
        CancellationToken? running;
        lock (_lock)
        {
            _all = [.. _all, server];
            running = _running;
        }
        if (running is { } cancel)
        {
            Start(server, cancel);
        }
    }

    /// <summary>Takes a server away, and de-registers.</summary>
    /// <returns>It; null when there was none of this id.</returns>
    public async Task<RegistrationLoop?> RemoveAsync(int shortServerId)
    {
        RegistrationLoop? server;
        lock (_lock)
        {
            server = Array.Find(_all, s => s.Status.ShortServerId == shortServerId);
            _all = Array.FindAll(_all, s => s != server);
        }
        if (server is not null)
        {
            await server.StopAsync().ConfigureAwait(false);
            server.Dispose();
        }
        return server;
    }

    public void Dispose() => Array.ForEach(_all, server => server.Dispose());

    private void Start(RegistrationLoop server, CancellationToken cancel)
    {
        var order = server.Server.RegistrationOrder;
        var before = _all.Where(s => s != server && s.IsStarted && s.Server.RegistrationOrder <= order).Select(s => s.Settled);
        server.Start(Task.WhenAll(before), cancel);
        _ = WatchAsync(server.Run);
    }

    // A loop ends by itself only when something is wrong that nobody foresaw: then the client ends too.
    private async Task WatchAsync(Task run)
    {
        try
        {
            await run.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _ended.TrySetException(failure);
        }
    }
}
