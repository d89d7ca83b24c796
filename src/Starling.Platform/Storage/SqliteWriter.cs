using Microsoft.Data.Sqlite;

namespace Starling.Platform;

/// <summary>
/// Commits batches. What fails because the disk is full, or does not answer, is tried again until it works: nothing that was taken is dropped, and
/// the order stays. A file that is broken is the end: from then on nothing is taken any more.
/// </summary>
internal sealed class SqliteWriter(SqliteConnection connection, string file, TimeSpan retryAfter, TimeProvider time, Func<bool> isClosing) : IDisposable
{
    // https://www.sqlite.org/rescode.html: BUSY, LOCKED, NOMEM, IOERR and FULL may pass.
    private static readonly int[] _passing = [5, 6, 7, 10, 13];

    private readonly AutoResetEvent _wake = new(false);
    private readonly SqliteTransactions _transactions = new(connection);
    private volatile StorageException? _failure;

    /// <summary>What it has done.</summary>
    public StorageTally Tally { get; } = new();

    /// <summary>Why nothing is taken any more; null while all is well.</summary>
    public StorageException? Failure => _failure;

    /// <summary>How many jobs are being written.</summary>
    public int Running { get; set; }

    /// <summary>Where to say that it fails; null for nowhere.</summary>
    public StorageLog? Log { get; set; }

    public void Wake() => _wake.Set();

    public void Wait() => _wake.WaitOne();

    /// <summary>Writes a batch and tells everyone who waits for it.</summary>
    public void Write(List<SqliteJob> batch)
    {
        var isFailing = false;
        while (_failure is null && !TryWrite(batch, ref isFailing))
        {
            WaitToRetry();
        }
        if (isFailing && _failure is null)
        {
            Log?.Recovered();
        }
        foreach (var job in batch)
        {
            if (_failure is null)
            {
                job.Complete();
            }
            else
            {
                job.Fail(_failure);
            }
        }
    }

    public void Dispose() => _wake.Dispose();

    private bool TryWrite(List<SqliteJob> batch, ref bool isFailing)
    {
        try
        {
            _transactions.Begin();
            foreach (var job in batch)
            {
                job.Run();
            }
            _transactions.Commit();
            Tally.CountCommit(batch.Count);
            return true;
        }
        catch (SqliteException e)
        {
            _transactions.Rollback();
            OnFailed(e, isFailing);
            isFailing = true;
            return false;
        }
    }

    private void OnFailed(SqliteException e, bool isKnown)
    {
        Tally.CountFailure();
        if (_passing.Contains(e.SqliteErrorCode) && !isClosing())
        {
            if (!isKnown)
            {
                Log?.Failing(e.Message);
            }
            return;
        }
        _failure = new StorageException($"{file} cannot be written: {e.Message}", "Stop the server. Restore the file from a copy, or move it away to begin anew.", e);
        Log?.Broken(_failure.Message);
    }

    private void WaitToRetry()
    {
        if (_failure is not null)
        {
            return;
        }
        using var alarm = time.CreateTimer(_ => Wake(), null, retryAfter, Timeout.InfiniteTimeSpan);
        _wake.WaitOne();
    }
}
