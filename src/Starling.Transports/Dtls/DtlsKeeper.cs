using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Starling.Coap;
using Starling.Dtls;

namespace Starling.Transports;

/// <summary>
/// Keeps established sessions in a store. Every few seconds it writes those that were heard from since, each with a block of record numbers that it may use
/// from then on; whoever takes a session up begins behind that block, so that no number is used twice with one key, whenever the process dies.
/// </summary>
internal sealed class DtlsKeeper : IAsyncDisposable
{
    /// <summary>How many record numbers a session may use until it is written again.</summary>
    public const ulong Block = 1 << 16;

    private const int Page = 512;
    private readonly DtlsChannel _channel;
    private readonly ISessionStore _store;
    private readonly DtlsChannelSettings _settings;
    private readonly ILogger _logger;
    private readonly ConcurrentQueue<long> _ended = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private long _lastId;

    public DtlsKeeper(DtlsChannel channel, ISessionStore store, DtlsChannelSettings settings, ILogger logger)
    {
        _channel = channel;
        _store = store;
        _settings = settings;
        _logger = logger;
    }

    /// <summary>Takes up what was kept. Before the channel starts.</summary>
    /// <param name="find">The peer below at an address; null where none is reached.</param>
    /// <param name="cancel">Stops.</param>
    public async Task RestoreAsync(Func<PeerAddress, Peer?> find, CancellationToken cancel)
    {
        var page = new List<StoredSession>();
        await foreach (var kept in _store.LoadAllAsync(cancel).ConfigureAwait(false))
        {
            _lastId = Math.Max(_lastId, kept.Id);
            page.Add(kept);
            if (page.Count == Page)
            {
                await TakeUpAsync(page, find, cancel).ConfigureAwait(false);
            }
        }
        await TakeUpAsync(page, find, cancel).ConfigureAwait(false);
    }

    /// <summary>Begins to write.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>A session has ended.</summary>
    public void Forget(DtlsPeer peer)
    {
        if (peer.Kept is { } kept)
        {
            _ended.Enqueue(kept.Id);
        }
    }

    /// <summary>Writes all sessions as they are now, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await WriteAsync(everything: true).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(_settings.KeepInterval, _channel.Clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                await WriteAsync(everything: false).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The channel ends.
        }
    }

    private async Task WriteAsync(bool everything)
    {
        try
        {
            foreach (var page in _channel.Sessions.All(session => everything || IsToWrite(session)).Chunk(Page))
            {
                await SaveAsync(page).ConfigureAwait(false);
            }
            for (var ended = TakeEnded(); ended.Count > 0; ended = TakeEnded())
            {
                await DeleteAsync(ended).ConfigureAwait(false);
            }
        }
        catch (Exception failure)   // also what a store may not throw: without this loop sessions would fall silent when their numbers are used up
        {
            Log.SessionsNotKept(_logger, failure);   // the next turn tries again; until then a session uses the numbers that it has
        }
    }

    // What could not be forgotten is to be forgotten the next time: a session that has ended is not to come back.
    private async Task DeleteAsync(List<long> ended)
    {
        try
        {
            await _store.DeleteAsync(ended, CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            ended.ForEach(_ended.Enqueue);
            throw;
        }
    }

    private List<long> TakeEnded()
    {
        List<long> ended = [];
        while (ended.Count < Page && _ended.TryDequeue(out var id))
        {
            ended.Add(id);
        }
        return ended;
    }

    private static bool IsToWrite(DtlsPeer session) =>
        session.Kept is not { } kept || session.HeardAt > kept.HeardAt || session.Connection.NextSequence + (Block / 2) > kept.Reserved;

    private async Task SaveAsync(DtlsPeer[] sessions)
    {
        List<(DtlsPeer Session, StoredSession Stored, long HeardAt)> saved = [];
        try
        {
            foreach (var session in sessions)
            {
                var heardAt = session.HeardAt;
                if (Export(session) is { } stored)
                {
                    saved.Add((session, stored, heardAt));
                }
            }
            await _store.SaveAsync([.. saved.Select(s => s.Stored)], CancellationToken.None).ConfigureAwait(false);
            foreach (var (session, stored, heardAt) in saved)
            {
                session.Kept!.Saved(stored.Reserved, heardAt);
            }
        }
        finally
        {
            saved.ForEach(s => CryptographicOperations.ZeroMemory(s.Stored.State));
        }
    }

    private StoredSession? Export(DtlsPeer session)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        try
        {
            lock (session.Connection)
            {
                if (session.IsGone || !session.Connection.TryExport(buffer))
                {
                    return null;
                }
                var reserved = session.Connection.NextSequence + Block;
                session.Kept ??= new DtlsKept(Interlocked.Increment(ref _lastId), reserved, long.MinValue);   // from here on it uses no more than what is written
                return new StoredSession(session.Kept.Id, buffer.WrittenSpan.ToArray(), reserved, session.Below.Address, session.Identity);
            }
        }
        finally
        {
            buffer.Clear();   // which wipes it
        }
    }

    // The new block is safe before a session uses a number of it.
    private async Task TakeUpAsync(List<StoredSession> page, Func<PeerAddress, Peer?> find, CancellationToken cancel)
    {
        await _store.SaveAsync([.. page.Select(kept => kept with { Reserved = kept.Reserved + Block })], cancel).ConfigureAwait(false);
        List<long> useless = [];
        foreach (var kept in page)
        {
            if (!TryTakeUp(kept, find))
            {
                useless.Add(kept.Id);
            }
            CryptographicOperations.ZeroMemory(kept.State);
        }
        if (useless.Count > 0)
        {
            await _store.DeleteAsync(useless, cancel).ConfigureAwait(false);
        }
        page.Clear();
    }

    private bool TryTakeUp(StoredSession kept, Func<PeerAddress, Peer?> find)
    {
        if (find(kept.Address) is not { } below || !DtlsConnection.TryImport(kept.State, _settings.Dtls, kept.Reserved, DtlsPeer.FirstPath, out var connection))
        {
            return false;
        }
        var session = new DtlsPeer(_channel, connection, below) { Kept = new DtlsKept(kept.Id, kept.Reserved + Block, 0) };
        session.Become(kept.Identity);
        if (_channel.Sessions.TryRestore(session))
        {
            _channel.Counters.AddRestored();
            return true;
        }
        connection.Dispose();
        return false;
    }
}
