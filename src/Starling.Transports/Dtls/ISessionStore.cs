using Starling.Coap;

namespace Starling.Transports;

/// <summary>
/// Keeps established sessions beyond the process, so that devices need not shake hands again after a restart. What it is given is secret: it encrypts before
/// it writes. One process at a time.
/// </summary>
public interface ISessionStore
{
    /// <summary>Everything that is kept.</summary>
    IAsyncEnumerable<StoredSession> LoadAllAsync(CancellationToken cancel);

    /// <summary>Keeps sessions, in place of what was kept under their ids. They are safe when this completes.</summary>
    /// <exception cref="IOException">They could not be stored.</exception>
    ValueTask SaveAsync(IReadOnlyCollection<StoredSession> sessions, CancellationToken cancel);

    /// <summary>Forgets sessions; ids that are not there are none.</summary>
    /// <exception cref="IOException">They could not be forgotten.</exception>
    ValueTask DeleteAsync(IReadOnlyCollection<long> ids, CancellationToken cancel);
}
