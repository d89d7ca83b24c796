namespace Starling.Server;

/// <summary>Which operations there are and in which order: nothing here waits, sends or stores. One lock for all: what is queued is little beside what is sent.</summary>
internal sealed class QueueTable(QueueSettings settings)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, QueueEntry> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<DeviceKey, DeviceQueue> _devices = [];
    private readonly Queue<QueueEntry> _results = [];   // in the order in which they came
    private long _resultBytes;
    private int _waiting;
    private long _order;

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How many devices have something here.</summary>
    public int Devices
    {
        get
        {
            lock (_lock)
            {
                return _devices.Count;
            }
        }
    }

    public QueueEntry? Find(string id)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    public QueuedOperation Read(QueueEntry entry)
    {
        lock (_lock)
        {
            return entry.Snapshot();
        }
    }

    public StoredOperation Store(QueueEntry entry)
    {
        lock (_lock)
        {
            return entry.ToStored(settings.MaxAnswerSize);
        }
    }

    public IReadOnlyList<QueuedOperation> List(DeviceKey? device, long after, int limit)
    {
        // Put in order outside of the lock: nobody who queues or sends waits for it.
        QueueEntry[] page = [.. EntriesOf(device).Where(e => e.Order > after).OrderBy(e => e.Order).Take(limit)];
        lock (_lock)
        {
            return [.. page.Select(e => e.Snapshot())];
        }
    }

    /// <summary>What is kept of one device, found without looking at the others; null is all of them. In no order, and without what is not in the store yet.</summary>
    public QueueEntry[] EntriesOf(DeviceKey? device)
    {
        lock (_lock)
        {
            return device is not { } key ? [.. _byId.Values.Where(e => e.IsKept)]
                : _devices.TryGetValue(key, out var queue) ? [.. queue.Entries.Where(e => e.IsKept), .. queue.Results]
                : [];
        }
    }

    /// <summary>The devices for which something waits.</summary>
    public DeviceKey[] ListAwaited()
    {
        lock (_lock)
        {
            return [.. _devices.Where(d => d.Value.Entries.Count > 0).Select(d => d.Key)];
        }
    }

    public QueueEntry[] ListWaiting(DeviceKey device)
    {
        lock (_lock)
        {
            return _devices.TryGetValue(device, out var queue) ? [.. queue.Entries] : [];
        }
    }

    /// <summary>Makes an entry with the next number and puts it at the end of its device's queue. Null when there is no place.</summary>
    public QueueEntry? Admit(DeviceSession session, Func<long, QueueEntry> make)
    {
        lock (_lock)
        {
            var full = _waiting >= settings.MaxWaiting
                || (_devices.TryGetValue(session.Key, out var queue) && queue.Entries.Count >= settings.MaxPerDevice);
            if (full)
            {
                return null;
            }
            var entry = make(++_order);
            Enter(entry);
            session.HasQueued = true;
            return entry;
        }
    }

    /// <summary>Takes up an entry of before.</summary>
    public void Restore(QueueEntry entry, DeviceSession? session)
    {
        lock (_lock)
        {
            _order = Math.Max(_order, entry.Order);
            if (entry.HasEnded)
            {
                _byId[entry.Id] = entry;
                KeepResult(entry);
                return;
            }
            Enter(entry);
            if (session is not null)
            {
                session.HasQueued = true;
            }
        }
    }

    /// <summary>The store could not keep it: it has never been here.</summary>
    public void Remove(QueueEntry entry)
    {
        lock (_lock)
        {
            Leave(entry);
            _byId.Remove(entry.Id);
        }
    }

    /// <summary>A new session for a device that may have operations from before.</summary>
    public void Attach(DeviceSession session)
    {
        lock (_lock)
        {
            session.HasQueued = _devices.TryGetValue(session.Key, out var queue) && queue.Entries.Count > 0;
        }
    }

    /// <summary>Begins to send what waits for a device. False when nothing does, or somebody sends it already.</summary>
    public bool TryBegin(DeviceSession session)
    {
        lock (_lock)
        {
            if (!_devices.TryGetValue(session.Key, out var queue) || queue.Entries.Count == 0)
            {
                session.HasQueued = false;
                return false;
            }
            var begins = !queue.IsRunning;
            queue.IsRunning = true;
            return begins;
        }
    }

    /// <summary>The next one for this device, marked as being sent. Null when there is none or the device does not listen: then nobody sends any more.</summary>
    public QueueEntry? Take(DeviceKey device, DeviceSession? session)
    {
        lock (_lock)
        {
            if (!_devices.TryGetValue(device, out var queue))
            {
                return null;
            }
            if (session is not null && Listening.IsListening(session) && queue.Entries is [{ IsKept: true, State: OperationState.Waiting } next, ..])
            {
                next.State = OperationState.Sending;
                next.Attempts++;
                return next;
            }
            Halt(device, queue);
            return null;
        }
    }

    /// <summary>Nobody sends any more, though something waits.</summary>
    public void Stop(DeviceKey device)
    {
        lock (_lock)
        {
            if (_devices.TryGetValue(device, out var queue))
            {
                Halt(device, queue);
            }
        }
    }

    /// <summary>It has not been done: it waits again.</summary>
    public void PutBack(QueueEntry entry, string reason)
    {
        lock (_lock)
        {
            entry.State = OperationState.Waiting;
            entry.Reason = reason;
        }
    }

    /// <summary>Gives an entry its result if it stands where that is said, and is in the store. This is what makes it exactly one.</summary>
    public bool TryEnd(QueueEntry entry, OperationState from, Action<QueueEntry> set)
    {
        lock (_lock)
        {
            if (entry.State != from || !entry.IsKept)
            {
                return false;
            }
            entry.Before = from;
            set(entry);
            KeepResult(entry);
            Leave(entry);
            return true;
        }
    }

    /// <summary>Takes out the oldest result if it has been kept long enough, or there are too many.</summary>
    public QueueEntry? TakeOld(DateTimeOffset now)
    {
        lock (_lock)
        {
            var isFull = _results.Count > settings.MaxResults || (_results.Count > 1 && _resultBytes > settings.MaxResultBytes);
            if (!_results.TryPeek(out var oldest) || (!isFull && oldest.EndedAt + settings.KeepResults > now))
            {
                return null;
            }
            _resultBytes -= oldest.AnswerSize;
            _byId.Remove(oldest.Id);
            var queue = _devices[oldest.Device];
            queue.Results.Dequeue();   // the same one: results came in the same order
            Drop(oldest.Device, queue);
            return _results.Dequeue();
        }
    }

    private void KeepResult(QueueEntry entry)
    {
        QueueOf(entry.Device).Results.Enqueue(entry);
        _results.Enqueue(entry);
        _resultBytes += entry.AnswerSize;
    }

    private void Enter(QueueEntry entry)
    {
        _byId[entry.Id] = entry;
        QueueOf(entry.Device).Entries.Add(entry);
        _waiting++;
    }

    private void Leave(QueueEntry entry)
    {
        _waiting--;
        var queue = _devices[entry.Device];
        queue.Entries.Remove(entry);
        Drop(entry.Device, queue);
    }

    private DeviceQueue QueueOf(DeviceKey device)
    {
        if (!_devices.TryGetValue(device, out var queue))
        {
            _devices.Add(device, queue = new DeviceQueue());
        }
        return queue;
    }

    private void Halt(DeviceKey device, DeviceQueue queue)
    {
        queue.IsRunning = false;
        Drop(device, queue);
    }

    private void Drop(DeviceKey device, DeviceQueue queue)
    {
        if (queue.IsIdle)
        {
            _devices.Remove(device);
        }
    }
}
