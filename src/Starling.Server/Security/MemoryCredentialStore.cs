using System.Runtime.CompilerServices;

namespace Starling.Server;

/// <summary>Keeps credentials in memory: for servers that follow one another in one process, and for tests.</summary>
public sealed class MemoryCredentialStore : ICredentialStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Credential> _credentials = new(StringComparer.Ordinal);

    /// <summary>How many credentials are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _credentials.Count;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Credential> LoadAllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var credential in Copy())
        {
            cancel.ThrowIfCancellationRequested();
            yield return credential;
        }
        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask SaveAsync(IReadOnlyCollection<Credential> credentials, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        lock (_lock)
        {
            foreach (var credential in credentials)
            {
                _credentials[credential.Id] = credential;
            }
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(ids);
        lock (_lock)
        {
            foreach (var id in ids)
            {
                _credentials.Remove(id);
            }
        }
        return ValueTask.CompletedTask;
    }

    private Credential[] Copy()
    {
        lock (_lock)
        {
            return [.. _credentials.Values];
        }
    }
}
