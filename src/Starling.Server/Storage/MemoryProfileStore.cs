using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Starling.Server;

/// <summary>Keeps profiles in memory: for servers that follow one another in one process, and for tests.</summary>
public sealed class MemoryProfileStore : IProfileStore
{
    private readonly ConcurrentDictionary<string, StoredProfile> _profiles = new(StringComparer.Ordinal);

    /// <summary>How many profiles are kept.</summary>
    public int Count => _profiles.Count;

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredProfile> LoadAllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var (_, profile) in _profiles)
        {
            cancel.ThrowIfCancellationRequested();
            yield return profile;
        }
        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask SaveAsync(StoredProfile profile, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(profile);
        _profiles[profile.Id] = profile;
        return ValueTask.CompletedTask;
    }
}
