using System.Collections.Concurrent;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>
/// The last value of each resource that was read, written or reported, and the recent ones of observed numbers. It is bounded in devices, resources,
/// text and points; what is beyond a bound is not kept. Where there is a store the values, not the recent ones, are written to it behind the
/// scenes, and are there again after a restart.
/// </summary>
internal sealed class LastValues : BackgroundService
{
    private const int MaxDevices = 20_000;
    private const long MaxText = 32 << 20;
    private const int MaxCurves = 10_000;
    private readonly ConcurrentDictionary<DeviceKey, DeviceValues> _devices = new();
    private readonly Lwm2mServer _server;
    private readonly TimeProvider _time;
    private readonly TimeSpan _every;
    private readonly ILogger<LastValues> _logger;
    private readonly AttachedConditions _attached;
    private readonly SqliteValueStore? _store;
    private readonly ValueBacklog? _backlog;
    private readonly bool _keepsSent;
    private readonly Lock _sending = new();
    private long _text;
    private int _curves;

    public LastValues(Lwm2mServer server, TimeProvider time, PlatformSettings settings, ILogger<LastValues> logger, AttachedConditions attached, SqliteValueStore? store = null)
    {
        _server = server;
        _time = time;
        _every = settings.Storage.ValuesEvery;
        _logger = logger;
        _attached = attached;
        _store = store;
        _backlog = store is null ? null : new ValueBacklog(store, Find);
        _keepsSent = _backlog is not null && settings.Storage.SendWaitsForCommit;
        if (_keepsSent)
        {
            server.KeepSent = KeepAsync;
        }
    }

    /// <summary>Keeps records. False when there is no room for one of them.</summary>
    public bool Take(DeviceKey key, IEnumerable<Lwm2mRecord> records, ValueSource source)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (DeviceFor(key) is not { } device)
        {
            return false;
        }
        var now = _time.GetUtcNow();
        var areKept = true;
        foreach (var record in records)
        {
            if (record.Value.Kind is ValueKind.None or ValueKind.Empty or ValueKind.Null)
            {
                continue;
            }
            var isKept = Set(device, record.Path, LastValue.Of(record, source, now));
            areKept &= isKept;
            if (isKept)
            {
                _backlog?.Mark(key, record.Path);
            }
            if (source is ValueSource.Reported or ValueSource.Sent && record.Value.IsNumeric && record.Value.TryConvert(ValueKind.Float, out var number)
                && device.AddPoint(record.Path, new CurvePoint(record.Time ?? now, number.AsFloat()), Volatile.Read(ref _curves) < MaxCurves))
            {
                Interlocked.Increment(ref _curves);
            }
        }
        return areKept;
    }

    /// <summary>What is known of a resource or resource instance.</summary>
    public LastValue? Find(DeviceKey key, Lwm2mPath path) => _devices.TryGetValue(key, out var device) ? device.Find(path) : null;

    /// <summary>What is known below a path, in the order of the tree.</summary>
    public IReadOnlyList<KeyValuePair<Lwm2mPath, LastValue>> Below(DeviceKey key, Lwm2mPath path) =>
        _devices.TryGetValue(key, out var device) ? device.Below(path) : [];

    /// <summary>The recent values of an observed number, oldest first.</summary>
    public IReadOnlyList<CurvePoint> Curve(DeviceKey key, Lwm2mPath path) => _devices.TryGetValue(key, out var device) ? device.Curve(path) : [];

    /// <summary>Forgets what is below a path.</summary>
    public void Forget(DeviceKey key, Lwm2mPath path)
    {
        if (_devices.TryGetValue(key, out var device))
        {
            Subtract(key, device.Remove(path));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var events = _server.Events(stoppingToken);   // from here on: what happens while the kept ones are loaded is not missed
        await LoadAsync(stoppingToken);
        var writing = WriteAsync(stoppingToken);
        try
        {
            await foreach (var happened in events)
            {
                Take(happened);
            }
        }
        finally
        {
            await writing;
        }
    }

    /// <summary>Keeps what an event tells.</summary>
    internal void Take(DeviceEvent happened)
    {
        switch (happened)
        {
            case DeviceEvent.Notified notified:
                Take(notified.Key, notified.Records, ValueSource.Reported);
                break;
            case DeviceEvent.Sent sent when !_keepsSent:
                Take(sent.Key, sent.Records, ValueSource.Sent);
                break;
            case DeviceEvent.OperationEnded { Operation: { Answer.Code.IsSuccess: true } operation }:
                TakeOf(operation);
                break;
            case DeviceEvent.Deregistered or DeviceEvent.Expired:
                _attached.Forget(happened.Key, Lwm2mPath.Root);
                ForgetAll(happened.Key);
                break;
            case DeviceEvent.Gap:
                ForgetGone();
                break;
        }
    }

    // That a device has gone may be among what was missed: what is kept of it would never leave.
    private void ForgetGone()
    {
        _attached.KeepOnly(key => _server.Find(key) is not null);
        foreach (var key in _devices.Keys)
        {
            if (_server.Find(key) is null)
            {
                ForgetAll(key);
            }
        }
    }

    // A device that is back already may have sent what was acknowledged: nothing of that is forgotten.
    private void ForgetAll(DeviceKey key)
    {
        lock (_sending)
        {
            if (!(_keepsSent && _server.Find(key) is not null) && _devices.TryRemove(key, out var device))
            {
                Subtract(key, device.Remove(Lwm2mPath.Root));
            }
        }
    }

    // Before the device is answered. What is sent is in the store's queue in the order in which it came: this runs on the thread that receives.
    private async ValueTask KeepAsync(DeviceKey key, RecordSet records)
    {
        lock (_sending)
        {
            if (!Take(key, records, ValueSource.Sent))
            {
                throw new CoapBusyException("There is no room for more last values.");
            }
        }
        await _backlog!.WriteAsync(key, records.Select(r => r.Path)).ConfigureAwait(false);
    }

    // What has become known already is newer than what was kept; what was kept of a device that is not registered any more is forgotten.
    private async Task LoadAsync(CancellationToken cancel)
    {
        if (_store is null)
        {
            return;
        }
        try
        {
            await foreach (var kept in _store.LoadAllAsync(cancel))
            {
                if (_server.Find(kept.Device) is null || DeviceFor(kept.Device) is not { } device
                    || (device.Find(kept.Path) is null && !Set(device, kept.Path, kept.Value!)))
                {
                    _backlog!.Mark(kept.Device, kept.Path);
                }
            }
        }
        catch (IOException damaged)
        {
            new StorageLog(_logger).ValuesNotLoaded(damaged);
        }
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(_every, _time);
        while (_backlog is not null)
        {
            var isLast = false;
            try
            {
                isLast = !await timer.WaitForNextTickAsync(cancel);
            }
            catch (OperationCanceledException)
            {
                isLast = true;
            }
            try
            {
                await _backlog.WriteAsync();
            }
            catch (Exception failure) when (failure is IOException or CoapException)
            {
                new StorageLog(_logger).ValuesNotKept(failure);
            }
            if (isLast)
            {
                return;
            }
        }
    }

    private DeviceValues? DeviceFor(DeviceKey key) =>
        _devices.TryGetValue(key, out var device) ? device
        : _devices.Count >= MaxDevices ? null
        : _devices.GetOrAdd(key, _ => new DeviceValues());

    private bool Set(DeviceValues device, Lwm2mPath path, LastValue value)
    {
        var isKept = device.Set(path, value, Volatile.Read(ref _text) < MaxText, out var grown);
        Interlocked.Add(ref _text, grown);
        return isKept;
    }

    // What was queued is done: what it read, or what it wrote, is known from now on.
    private void TakeOf(QueuedOperation operation)
    {
        if (_server.Find(operation.Device) is { } session)
        {
            _attached.Take(session, operation.Request, operation.Answer!);
        }
        switch (operation.Request)
        {
            case Lwm2mRequest.Write write:
                Take(operation.Device, write.Records, ValueSource.Written);
                break;
            case Lwm2mRequest.WriteComposite write:
                Take(operation.Device, write.Records, ValueSource.Written);
                break;
            case Lwm2mRequest.Delete delete:
                Forget(operation.Device, delete.Path);
                break;
            default:
                Take(operation.Device, operation.Answer!.Records, ValueSource.Read);
                break;
        }
    }

    private void Subtract(DeviceKey key, (long Text, int Curves, IReadOnlyList<Lwm2mPath> Paths) gone)
    {
        Interlocked.Add(ref _text, -gone.Text);
        Interlocked.Add(ref _curves, -gone.Curves);
        foreach (var path in gone.Paths)
        {
            _backlog?.Mark(key, path);
        }
    }
}
