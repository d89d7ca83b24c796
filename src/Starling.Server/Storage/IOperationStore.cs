namespace Starling.Server;

/// <summary>Keeps queued operations beyond the process. The queue itself is the server's own; a store is told of every change.</summary>
/// <remarks>
/// Calls for one operation come one after the other. A call completes when the change is safe, and throws <see cref="IOException"/> when it cannot be
/// kept; many at once may share one commit.
/// </remarks>
public interface IOperationStore
{
    /// <summary>Every operation, in any order.</summary>
    IAsyncEnumerable<StoredOperation> LoadAllAsync(CancellationToken cancel);

    /// <summary>Keeps an operation, in place of the one with the same id.</summary>
    ValueTask SaveAsync(StoredOperation operation, CancellationToken cancel);

    /// <summary>Forgets an operation; one that is not there is forgotten already.</summary>
    ValueTask DeleteAsync(string id, CancellationToken cancel);
}
