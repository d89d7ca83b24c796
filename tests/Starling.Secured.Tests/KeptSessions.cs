using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Starling.Transports;

namespace Starling.Secured.Tests;

/// <summary>A store of sessions in memory, with everything that was ever handed to it.</summary>
internal sealed class KeptSessions : ISessionStore
{
    private readonly ConcurrentDictionary<long, StoredSession> _kept = new();

    /// <summary>What it throws instead of keeping; null for nothing.</summary>
    public Exception? Failure { get; set; }

    public int Count => _kept.Count;

    public int Saves { get; private set; }

    /// <summary>How many deletions fail from now on.</summary>
    public int FailingDeletes { get; set; }

    /// <summary>Puts others in the place of all that it keeps.</summary>
    public void Change(Func<StoredSession, StoredSession> change)
    {
        foreach (var (id, session) in _kept)
        {
            _kept[id] = change(session);
        }
    }

    public async IAsyncEnumerable<StoredSession> LoadAllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var session in _kept.Values.ToArray())
        {
            await Task.CompletedTask;
            yield return session with { State = [.. session.State] };
        }
    }

    public ValueTask SaveAsync(IReadOnlyCollection<StoredSession> sessions, CancellationToken cancel)
    {
        if (Failure is not null)
        {
            throw Failure;
        }
        Saves++;
        foreach (var session in sessions)
        {
            _kept[session.Id] = session with { State = [.. session.State] };   // who gave it wipes it
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteAsync(IReadOnlyCollection<long> ids, CancellationToken cancel)
    {
        if (FailingDeletes > 0)
        {
            FailingDeletes--;
            throw new IOException("not now");
        }
        foreach (var id in ids)
        {
            _kept.TryRemove(id, out _);
        }
        return ValueTask.CompletedTask;
    }
}
