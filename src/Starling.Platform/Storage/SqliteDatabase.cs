using Microsoft.Data.Sqlite;
using Starling.Coap;

namespace Starling.Platform;

/// <summary>
/// The one file that a server keeps its state in, and the one thread that uses it. Whatever waits when the thread comes round shares one transaction
/// and one write to the disk, and is told when it is there. The file belongs to one process at a time.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    /// <summary>What the file is called in its folder.</summary>
    public const string FileName = "starling.db";

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;
    private readonly StorageSettings _settings;
    private readonly SqliteWriter _writer;
    private readonly StorageTelemetry _telemetry;
    private readonly Thread _thread;
    private List<SqliteJob> _waiting = [];
    private volatile bool _isClosing;

    private SqliteDatabase(SqliteConnection connection, string file, StorageSettings settings, TimeProvider time)
    {
        _connection = connection;
        File = file;
        _settings = settings;
        _writer = new SqliteWriter(connection, file, settings.RetryAfter, time, () => _isClosing);
        _telemetry = new StorageTelemetry(Tally, () => Waiting);
        _thread = new Thread(Run) { IsBackground = true, Name = "starling-storage" };
        _thread.Start();
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>What it has done.</summary>
    public StorageTally Tally => _writer.Tally;

    /// <summary>How many changes wait for a commit or are in one.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count + _writer.Running;
            }
        }
    }

    /// <summary>Where to say that it fails; null for nowhere.</summary>
    public StorageLog? Log
    {
        get => _writer.Log;
        set => _writer.Log = value;
    }

    /// <summary>Opens the database of a folder, and makes both if they are not there.</summary>
    /// <exception cref="StorageException">It cannot be used; the message says why.</exception>
    public static SqliteDatabase Open(string folder, StorageSettings? settings = null, TimeProvider? time = null)
    {
        if (!SqliteLibrary.IsThere)
        {
            throw new StorageException("There is no SQLite library on this machine.", SqliteLibrary.Remedy);
        }
        settings ??= new StorageSettings();
        var connection = SqliteFile.Open(folder, settings.SurvivesPowerLoss);
        return new SqliteDatabase(connection, connection.DataSource, settings, time ?? TimeProvider.System);
    }

    /// <summary>The end of reading something that cannot be what was written.</summary>
    public StorageException Damaged(string what) =>
        new($"{File}: what is kept of {what} is damaged.", "Restore the file from a copy, or move it away to begin anew: devices then register again.");

    /// <summary>A statement that is made ready once; only for use inside <see cref="RunAsync"/>, and to be made before the first work is.</summary>
    public SqliteStatement Statement(string sql, params ReadOnlySpan<string> parameters) => new(_connection, sql, parameters);

    /// <summary>
    /// Does work on the writer's thread and completes when its transaction is safe, or fails for good. The call is the moment that counts: work is done in
    /// the order of the calls.
    /// </summary>
    /// <exception cref="CoapBusyException">As many changes wait as <see cref="StorageSettings.MaxWaiting"/> allows; nothing was taken.</exception>
    /// <exception cref="StorageException">The database is closed, or broken for good; nothing was taken.</exception>
    public ValueTask<T> RunAsync<T>(Func<T> work)
    {
        var job = new SqliteJob<T>(work);
        lock (_lock)
        {
            if (_isClosing || _writer.Failure is not null)
            {
                throw _writer.Failure ?? new StorageException($"{File} is closed.");
            }
            if (Waiting >= _settings.MaxWaiting)
            {
                Tally.CountRefused();
                throw new CoapBusyException($"{_settings.MaxWaiting} changes wait for the disk already.");
            }
            _waiting.Add(job);
            if (_waiting.Count == 1)
            {
                _writer.Wake();
            }
        }
        return job.Done;
    }

    /// <summary>Writes what waits, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isClosing)
            {
                return;
            }
            _isClosing = true;
            _writer.Wake();
        }
        await Task.Run(_thread.Join).ConfigureAwait(false);
        _telemetry.Dispose();
        _writer.Dispose();
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private void Run()
    {
        List<SqliteJob> spare = [];
        while (true)
        {
            var isLast = false;
            lock (_lock)
            {
                (_waiting, spare) = (spare, _waiting);
                _writer.Running = spare.Count;
                isLast = _isClosing;
            }
            if (spare.Count > 0)
            {
                _writer.Write(spare);
                spare.Clear();
            }
            else if (isLast)
            {
                return;
            }
            else
            {
                _writer.Wait();
            }
        }
    }
}
