using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Starling.Server;

/// <summary>Keeps queued operations in memory: for servers that follow one another in one process, and for tests.</summary>
public sealed class MemoryOperationStore : IOperationStore
{
    private readonly ConcurrentDictionary<string, StoredOperation> _operations = new(StringComparer.Ordinal);

    /// <summary>How many operations are kept.</summary>
    public int Count => _operations.Count;

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredOperation> LoadAllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var (_, operation) in _operations)
        {
            cancel.ThrowIfCancellationRequested();
            yield return operation;
        }
        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask SaveAsync(StoredOperation operation, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(operation);
        _operations[operation.Id] = operation;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string id, CancellationToken cancel)
    {
        _operations.TryRemove(id, out _);
        return ValueTask.CompletedTask;
    }
}
