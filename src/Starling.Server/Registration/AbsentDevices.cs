using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Starling.Server;

/// <summary>Devices whose registration has ended and where something is wanted: they find it again when they register. Bounded.</summary>
internal sealed class AbsentDevices(int limit, Tally forgotten)
{
    private readonly ConcurrentDictionary<DeviceKey, AbsentDevice> _devices = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Remembers a device. False when there is no room.</summary>
    public bool TryAdd(in DeviceKey key, AbsentDevice device)
    {
        if (Interlocked.Increment(ref _count) <= limit && _devices.TryAdd(key, device))
        {
            return true;
        }
        Interlocked.Decrement(ref _count);
        forgotten.Increment();
        return false;
    }

    public bool TryTake(DeviceKey key, [NotNullWhen(true)] out AbsentDevice? device)
    {
        if (_count == 0 || !_devices.TryRemove(key, out device))
        {
            device = null;
            return false;
        }
        Interlocked.Decrement(ref _count);
        return true;
    }
}
