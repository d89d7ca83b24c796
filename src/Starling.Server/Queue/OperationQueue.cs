using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>
/// Operations that wait for devices which sleep (LwM2M Core 1.2 §6.5): in order, one at a time when the device is heard from, with a time to live and
/// exactly one result. With an <see cref="IOperationStore"/> they outlive the process.
/// </summary>
public sealed class OperationQueue
{
    private readonly Lwm2mServer _server;
    private readonly RegistrationIds _ids;
    private readonly QueueSettings _settings;
    private readonly QueueRunner _runner;

    internal OperationQueue(Lwm2mServer server, RegistrationIds ids)
    {
        _server = server;
        _ids = ids;
        _settings = server.Settings.Queue;
        Table = new QueueTable(_settings);
        _runner = new QueueRunner(server, this);
    }

    /// <summary>How many operations have no result yet.</summary>
    public int Waiting => Table.Waiting;

    internal QueueTable Table { get; }

    /// <summary>An operation by its id; null when there is none, or its result has been forgotten.</summary>
    public QueuedOperation? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Table.Find(id) is { } entry ? Table.Read(entry) : null;
    }

    /// <summary>Operations with and without result, in the order in which they were queued.</summary>
    /// <param name="device">Of this device; null is of all.</param>
    /// <param name="after">Begin behind this <see cref="QueuedOperation.Order"/>.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<QueuedOperation> List(DeviceKey? device, long after, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return Table.List(device, after, limit);
    }

    /// <summary>Takes an operation back that is not being sent. What comes back tells whether it was in time; null when there is no such operation.</summary>
    public async ValueTask<QueuedOperation?> CancelAsync(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (Table.Find(id) is not { } entry)
        {
            return null;
        }
        await EndAsync(entry, OperationState.Waiting, OperationState.Cancelled, "It was taken back.", null).ConfigureAwait(false);
        return Table.Read(entry);
    }

    /// <summary>Waits for an operation's result, but no longer than one has patience. Null when there is no such operation.</summary>
    public async ValueTask<QueuedOperation?> WaitAsync(string id, TimeSpan patience, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (Table.Find(id) is not { } entry)
        {
            return null;
        }
        try
        {
            await entry.Ended.WaitAsync(patience, _server.Clock.Time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What is known so far is the answer then.
        }
        return Table.Read(entry);
    }

    internal async ValueTask<QueuedOperation> AddAsync(DeviceSession session, Lwm2mRequest request, TimeSpan? timeToLive)
    {
        var packed = OperationArchive.Pack(request, session.Catalog);
        var lives = timeToLive ?? _settings.TimeToLive;
        if (packed.Length > _settings.MaxRequestSize || lives <= TimeSpan.Zero || lives > _settings.MaxTimeToLive)
        {
            throw new ArgumentException(
                $"A queued request has at most {_settings.MaxRequestSize} bytes and waits at most {_settings.MaxTimeToLive.TotalSeconds:0} s.", nameof(request));
        }
        var now = _server.Clock.UtcNow;
        var entry = Table.Admit(session, order => new QueueEntry(
            this, new StoredOperation(_ids.Next().ToString(), session.Key, order, now, now + lives, OperationState.Waiting, packed), OperationArchive.Open(request)));
        if (entry is null)
        {
            _server.Tally.RefusedOperations.Increment();
            throw new CoapBusyException($"{session} has no place in the queue: {Table.ListWaiting(session.Key).Length} operations wait for it, {Waiting} for all.");
        }
        try
        {
            await SaveAsync(entry).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _server.Log.NotStored(e);
            _server.Tally.RefusedOperations.Increment();
            Table.Remove(entry);
            Wake(session);   // one behind it may have waited for its place
            throw new CoapBusyException($"The operation could not be stored: {e.Message}");
        }
        entry.IsKept = true;
        _server.Registrar.Wheel.Schedule(entry, lives);
        Wake(session);
        return Table.Read(entry);
    }

    /// <summary>The device was heard from: what waits for it goes out, if something does.</summary>
    internal void Wake(DeviceSession session)
    {
        if (session.HasQueued && Table.TryBegin(session))
        {
            _ = _runner.RunAsync(session.Key);
        }
    }

    /// <summary>The server has started: what waits for devices that are thought to listen goes out.</summary>
    internal void WakeAll()
    {
        foreach (var device in Table.ListAwaited())
        {
            if (_server.Registrar.Devices.Find(device) is { } session && Listening.IsListening(session))
            {
                Wake(session);
            }
        }
    }

    internal ValueTask SaveAsync(QueueEntry entry) =>
        _server.OperationStore?.SaveAsync(Table.Store(entry), CancellationToken.None) ?? ValueTask.CompletedTask;

    /// <summary>Gives an operation its result, if it stands where that is said. It is told when it is safe.</summary>
    internal async ValueTask<bool> EndAsync(QueueEntry entry, OperationState from, OperationState result, string reason, Lwm2mResponse? answer)
    {
        if (!Table.TryEnd(entry, from, e => (e.State, e.Reason, e.Answer, e.EndedAt) = (result, reason, answer, _server.Clock.UtcNow)))
        {
            return false;
        }
        try
        {
            await SaveAsync(entry).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _server.Log.NotStored(e);   // the result stands all the same; only a restart would not know it
        }
        _server.Registrar.Wheel.Schedule(entry, _settings.KeepResults);
        if (result == OperationState.Expired)
        {
            _server.Tally.ExpiredOperations.Increment();
        }
        entry.SetEnded();
        Tell(entry);
        await TrimAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>The wheel says that a time to live, or the time of a result, is over.</summary>
    internal void OnDue(QueueEntry entry)
    {
        var now = _server.Clock.UtcNow;
        if (entry.HasEnded)
        {
            _ = TrimAsync();
        }
        else if (entry.IsUnwanted)
        {
            _ = RemoveAsync(entry).AsTask();
        }
        else if (now < entry.ExpiresAt)
        {
            _server.Registrar.Wheel.Schedule(entry, entry.ExpiresAt - now);   // somebody has set the time of day
        }
        else
        {
            _ = EndAsync(entry, OperationState.Waiting, OperationState.Expired, "The device did not take it in time.", null).AsTask();
        }
    }

    /// <summary>The device is removed: nothing waits for it any more.</summary>
    internal async ValueTask CancelAllAsync(DeviceKey device)
    {
        foreach (var entry in Table.ListWaiting(device))
        {
            entry.IsUnwanted = true;   // first: one that is being sent ends when it comes back
            await RemoveAsync(entry).ConfigureAwait(false);
        }
    }

    private ValueTask<bool> RemoveAsync(QueueEntry entry) =>
        EndAsync(entry, OperationState.Waiting, OperationState.Cancelled, "The device was removed.", null);

    /// <summary>Takes up what the store has kept, after the devices have been restored.</summary>
    internal async Task RestoreAsync(CancellationToken cancel)
    {
        var kept = new List<StoredOperation>();
        if (_server.OperationStore is { } store)
        {
            await foreach (var stored in store.LoadAllAsync(cancel).ConfigureAwait(false))
            {
                kept.Add(stored);
            }
        }
        // Results first, the oldest of them first: those that are given here and now come behind them, and are forgotten after them.
        foreach (var stored in kept.OrderBy(s => s.EndedAt ?? DateTimeOffset.MaxValue).ThenBy(s => s.Order))
        {
            await RestoreAsync(stored).ConfigureAwait(false);
        }
        await TrimAsync().ConfigureAwait(false);
    }

    private async ValueTask RestoreAsync(StoredOperation stored)
    {
        var session = _server.Registrar.Devices.Find(stored.Device);
        var catalog = session?.Catalog ?? new CatalogView(_server.Catalog);
        var isReadable = OperationArchive.TryUnpack(stored.Request, catalog, out var request);
        var entry = new QueueEntry(this, stored, request ?? new Lwm2mRequest.Read(Lwm2mPath.Root)) { IsKept = true };
        entry.Answer = request is null ? null : OperationArchive.Unpack(stored.Answer, request, catalog);
        Table.Restore(entry, session);
        var now = _server.Clock.UtcNow;
        if (entry.HasEnded)
        {
            entry.SetEnded();
            _server.Registrar.Wheel.Schedule(entry, stored.EndedAt!.Value + _settings.KeepResults - now);
        }
        else if (!isReadable)
        {
            await EndAsync(entry, entry.State, OperationState.Failed, "What was queued cannot be read any more.", null).ConfigureAwait(false);
        }
        else if (entry.State == OperationState.Sending && !entry.IsRepeatable)
        {
            await EndAsync(entry, OperationState.Sending, OperationState.Failed, QueueRunner.MayHaveBeenDone, null).ConfigureAwait(false);
        }
        else
        {
            Table.PutBack(entry, "");
            _server.Registrar.Wheel.Schedule(entry, entry.ExpiresAt - now);
        }
    }

    private async Task TrimAsync()
    {
        while (Table.TakeOld(_server.Clock.UtcNow) is { } old)
        {
            _server.Registrar.Wheel.Cancel(old);
            if (_server.OperationStore is { } store)
            {
                await DeleteAsync(store, old).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask DeleteAsync(IOperationStore store, QueueEntry old)
    {
        try
        {
            await store.DeleteAsync(old.Id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _server.Log.NotStored(e);   // after a restart it is found again, and is as old
        }
    }

    private void Tell(QueueEntry entry)
    {
        if (_server.EventHub.IsWanted)
        {
            _server.EventHub.Publish(Table.Read(entry), static (o, sequence, at) => new DeviceEvent.OperationEnded(o.Device, sequence, at, null, o.Reason, o));
        }
    }
}
