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
    public async Task WriteAsync()
    {
        var changed = new List<KeptValue>();
        foreach (var (what, _) in _changed)
        {
            // Unmarked before it is looked at: what changes meanwhile is written once more.
            _changed.TryRemove(what, out _);
            changed.Add(new KeptValue(what.Device, what.Path, find(what.Device, what.Path)));
        }
        if (changed.Count == 0)
        {
            return;
        }
        try
        {
            await store.SaveAsync(changed).ConfigureAwait(false);
        }
        catch
        {
            changed.ForEach(c => Mark(c.Device, c.Path));
            throw;
        }
    }
}
