using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Starling.Server;

/// <summary>Devices whose registration has ended and where something is wanted: they find it again when they register. Bounded.</summary>
internal sealed class AbsentDevices(int limit, Tally forgotten)
{
    private readonly ConcurrentDictionary<DeviceKey, DeviceState> _states = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Remembers a device. False when there is no room.</summary>
    public bool TryAdd(DeviceState state)
    {
        if (Interlocked.Increment(ref _count) <= limit && _states.TryAdd(state.Key, state))
        {
            return true;
        }
        Interlocked.Decrement(ref _count);
        forgotten.Increment();
        return false;
    }

    public bool TryTake(DeviceKey key, [NotNullWhen(true)] out DeviceState? state)
    {
        if (_count == 0 || !_states.TryRemove(key, out state))
        {
            state = null;
            return false;
        }
        Interlocked.Decrement(ref _count);
        return true;
    }
}
