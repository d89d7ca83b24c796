using System.Collections.Concurrent;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>
/// Last values that have changed and are not written yet. What changes often is written once; what a kill takes is what changed since the last write.
/// It is never longer than what is known, and what has just been forgotten.
/// </summary>
internal sealed class ValueBacklog(SqliteValueStore store, Func<DeviceKey, Lwm2mPath, LastValue?> find)
{
    private readonly ConcurrentDictionary<(DeviceKey Device, Lwm2mPath Path), bool> _changed = new();

    /// <summary>What is known of this has become something else.</summary>
    public void Mark(DeviceKey device, Lwm2mPath path) => _changed.TryAdd((device, path), true);

    /// <summary>Writes what has changed, as it stands now. What cannot be written stays marked.</summary>
    public Task WriteAsync() => SaveAsync(_changed.Select(c => c.Key));

    /// <summary>Writes this, as it stands now, and waits until it is safe.</summary>
    public Task WriteAsync(DeviceKey device, IEnumerable<Lwm2mPath> paths) => SaveAsync(paths.Distinct().Select(p => (device, p)));

    private async Task SaveAsync(IEnumerable<(DeviceKey, Lwm2mPath)> what)
    {
        var changed = new List<KeptValue>();
        try
        {
            await Begin(what, changed).ConfigureAwait(false);
        }
        catch
        {
            changed.ForEach(c => Mark(c.Device, c.Path));
            throw;
        }
    }

    // What is looked at first is in the store's queue first, so that nothing older is written over it.
    private ValueTask<int> Begin(IEnumerable<(DeviceKey Device, Lwm2mPath Path)> what, List<KeptValue> changed)
    {
        lock (_changed)
        {
            foreach (var one in what)
            {
                // Unmarked before it is looked at: what changes meanwhile is written once more.
                _changed.TryRemove(one, out _);
                changed.Add(new KeptValue(one.Device, one.Path, find(one.Device, one.Path)));
            }
            return changed.Count == 0 ? ValueTask.FromResult(0) : store.SaveAsync(changed);
        }
    }
}
