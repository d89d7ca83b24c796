namespace Starling.Server;

/// <summary>Keeps credentials beyond the process. What counts is in memory, in <see cref="DeviceCredentials"/>; a store is told of every change.</summary>
public interface ICredentialStore
{
    /// <summary>Every credential, in any order.</summary>
    /// <exception cref="IOException">What is kept cannot be read: it is damaged, or encrypted with another key.</exception>
    IAsyncEnumerable<Credential> LoadAllAsync(CancellationToken cancel);

    /// <summary>
    /// Keeps credentials, each in place of the one with the same id: all of them or none. Completes when they are safe; throws <see cref="IOException"/>
    /// when they cannot be kept.
    /// </summary>
    ValueTask SaveAsync(IReadOnlyCollection<Credential> credentials, CancellationToken cancel);

    /// <summary>Forgets credentials, all or none; those that are not there are forgotten already.</summary>
    ValueTask DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancel);
}
