using System.Collections.Concurrent;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>
/// The last value of each resource that was read, written or reported, and the recent ones of observed numbers. It lives as long as the program and
/// is bounded in devices, resources, text and points; what is beyond a bound is not kept.
/// </summary>
internal sealed class LastValues(Lwm2mServer server, TimeProvider time) : BackgroundService
{
    private const int MaxDevices = 20_000;
    private const long MaxText = 32 << 20;
    private const int MaxCurves = 10_000;
    private readonly ConcurrentDictionary<DeviceKey, DeviceValues> _devices = new();
    private long _text;
    private int _curves;

    /// <summary>Keeps records.</summary>
    public void Take(DeviceKey key, IEnumerable<Lwm2mRecord> records, ValueSource source)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (!_devices.TryGetValue(key, out var device))
        {
            if (_devices.Count >= MaxDevices)
            {
                return;
            }
            device = _devices.GetOrAdd(key, _ => new DeviceValues());
        }
        var now = time.GetUtcNow();
        foreach (var record in records)
        {
            if (record.Value.Kind is ValueKind.None or ValueKind.Empty or ValueKind.Null)
            {
                continue;
            }
            var grown = device.Set(record.Path, LastValue.Of(record, source, now), Volatile.Read(ref _text) < MaxText);
            Interlocked.Add(ref _text, grown);
            if (source == ValueSource.Reported && record.Value.IsNumeric && record.Value.TryConvert(ValueKind.Float, out var number)
                && device.AddPoint(record.Path, new CurvePoint(record.Time ?? now, number.AsFloat()), Volatile.Read(ref _curves) < MaxCurves))
            {
                Interlocked.Increment(ref _curves);
            }
        }
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
            Subtract(device.Remove(path));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var happened in server.Events(stoppingToken))
        {
            switch (happened)
            {
                case DeviceEvent.Notified notified:
                    Take(notified.Key, notified.Records, ValueSource.Reported);
                    break;
                case DeviceEvent.Deregistered or DeviceEvent.Expired when _devices.TryRemove(happened.Key, out var device):
                    Subtract(device.Remove(Lwm2mPath.Root));
                    break;
            }
        }
    }

    private void Subtract((long Text, int Curves) gone)
    {
        Interlocked.Add(ref _text, -gone.Text);
        Interlocked.Add(ref _curves, -gone.Curves);
    }
}
