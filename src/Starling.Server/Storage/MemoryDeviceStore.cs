using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Starling.Coap;

namespace Starling.Server;

/// <summary>Keeps states in memory: for servers that follow one another in one process, and for tests.</summary>
public sealed class MemoryDeviceStore : IDeviceStore
{
    private readonly ConcurrentDictionary<DeviceKey, DeviceState> _states = new();

    /// <summary>How many states are kept.</summary>
    public int Count => _states.Count;

    /// <inheritdoc/>
    public async IAsyncEnumerable<DeviceState> LoadAllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var (_, state) in _states)
        {
            cancel.ThrowIfCancellationRequested();
            yield return state;
        }
        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(DeviceState state, long expectedVersion, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (expectedVersion == 0)
        {
            return ValueTask.FromResult(_states.TryAdd(state.Key, state));
        }
        var saved = _states.TryGetValue(state.Key, out var kept) && kept.Version == expectedVersion && _states.TryUpdate(state.Key, state, kept);
        return ValueTask.FromResult(saved);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(DeviceKey key, DateTimeOffset updatedAt, PeerAddress? address, long expectedVersion, CancellationToken cancel)
    {
        var renewed = _states.TryGetValue(key, out var kept) && kept.Version == expectedVersion && _states.TryUpdate(key, kept.Renewed(updatedAt, address), kept);
        return ValueTask.FromResult(renewed);
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(DeviceKey key, long expectedVersion, CancellationToken cancel)
    {
        var deleted = _states.TryGetValue(key, out var kept) && kept.Version == expectedVersion && _states.TryRemove(new(key, kept));
        return ValueTask.FromResult(deleted);
    }
}
