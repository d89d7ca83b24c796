using System.Collections.Concurrent;
using Starling.Server;

namespace Starling.Platform;

/// <summary>
/// What devices told that has no place, the last of it for each device: whoever lacks a value finds out where it went. Bounded in devices and in reports
/// of each; what is beyond a bound is counted.
/// </summary>
internal sealed class UnmappedReports(Lwm2mServer server) : BackgroundService
{
    private const int MaxDevices = 5000;
    private const int MaxPerDevice = 20;
    private readonly ConcurrentDictionary<DeviceKey, Kept> _devices = new();
    private long _notKept;

    /// <summary>How many reports of devices beyond the bound were not kept.</summary>
    public long NotKept => Volatile.Read(ref _notKept);

    /// <summary>The last reports of a device, the newest first, and how many there were in all.</summary>
    public (IReadOnlyList<UnmappedReport> Last, long Total) Find(DeviceKey key) => _devices.TryGetValue(key, out var kept) ? kept.Read() : ([], 0);

    /// <summary>Keeps a report.</summary>
    public void Take(DeviceKey key, UnmappedReport report)
    {
        if (!_devices.TryGetValue(key, out var kept))
        {
            if (_devices.Count >= MaxDevices)
            {
                Interlocked.Increment(ref _notKept);
                return;
            }
            kept = _devices.GetOrAdd(key, _ => new Kept());
        }
        kept.Add(report);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var happened in server.Events(stoppingToken))
        {
            Take(happened);
        }
    }

    /// <summary>Keeps what an event tells.</summary>
    internal void Take(DeviceEvent happened)
    {
        switch (happened)
        {
            case DeviceEvent.Unmapped unmapped:
                Take(unmapped.Key, UnmappedReport.Of(unmapped));
                break;
            case DeviceEvent.Deregistered or DeviceEvent.Expired:
                _devices.TryRemove(happened.Key, out _);
                break;
            case DeviceEvent.Gap:   // that a device has gone may be among what was missed
                foreach (var key in _devices.Keys.Where(k => server.Find(k) is null))
                {
                    _devices.TryRemove(key, out _);
                }
                break;
        }
    }

    private sealed class Kept
    {
        private readonly Queue<UnmappedReport> _last = new();
        private long _total;

        public void Add(UnmappedReport report)
        {
            lock (_last)
            {
                _total++;
                _last.Enqueue(report);
                if (_last.Count > MaxPerDevice)
                {
                    _last.Dequeue();
                }
            }
        }

        public (IReadOnlyList<UnmappedReport> Last, long Total) Read()
        {
            lock (_last)
            {
                return ([.. _last.Reverse()], _total);
            }
        }
    }
}
