namespace Starling.Server;

/// <summary>Keeps learned profiles beyond the process: what objects a profile id stands for (LwM2M Core 1.2 §6.2.1).</summary>
public interface IProfileStore
{
    /// <summary>Every profile, in any order.</summary>
    IAsyncEnumerable<StoredProfile> LoadAllAsync(CancellationToken cancel);

    /// <summary>Keeps a profile, in place of the one with the same id. Completes when it is safe; throws <see cref="IOException"/> when it cannot be kept.</summary>
    ValueTask SaveAsync(StoredProfile profile, CancellationToken cancel);
}
