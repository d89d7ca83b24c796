using Microsoft.Data.Sqlite;

namespace Starling.Platform;

/// <summary>Opens the file of a folder, for us alone, or says why it cannot be had.</summary>
internal static class SqliteFile
{
    // https://www.sqlite.org/rescode.html
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NoDatabase = 26;

    private const string NotOurs = "Move the file away, or name another folder with --data DIR.";

    // A file that has been cut off below its header SQLite would take for an empty one.
    private const int HeaderSize = 100;

    public static SqliteConnection Open(string folder, bool survivesPowerLoss)
    {
        var file = Path.Combine(folder, SqliteDatabase.FileName);
        MakeFolder(folder);
        if (new FileInfo(file) is { Exists: true, Length: > 0 and < HeaderSize })
        {
            throw new StorageException($"{file} is no database.", NotOurs);
        }
        // The timeout is how long a server that is just ending may keep the file.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            // For us alone: a second process gets an error instead of half of the truth, and the log's index needs no shared memory.
            connection.Do("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;");
            connection.Do($"PRAGMA synchronous = {(survivesPowerLoss ? "FULL" : "NORMAL")}; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -32768;");
            SqliteSchema.Bring(connection, file);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Explain(file, e);
        }
        catch (StorageException)
        {
            connection.Dispose();
            throw;
        }
    }

    // What it keeps is nobody else's business: keys will be there as well.
    private static void MakeFolder(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{folder} cannot be used: {unusable.Message}", "Name another folder with --data DIR, or keep nothing with --data none.", unusable);
        }
    }

    private static StorageException Explain(string file, SqliteException e) => e.SqliteErrorCode switch
    {
        Busy => new StorageException($"{file} is in use by another process, perhaps another Starling.",
            "One server owns a folder. Name another one with --data DIR, or keep nothing with --data none.", e),
        ReadOnly or InputOutput or Full or CannotOpen => new StorageException($"{file} cannot be written: {e.Message}",
            "See that the folder is yours and the disk is whole and not full, or name another one with --data DIR.", e),
        NoDatabase => new StorageException($"{file} is no database.", NotOurs, e),
        Corrupt => new StorageException($"{file} is broken: {e.Message}", "Restore it from a copy, or move it away to begin anew: devices then register again.", e),
        _ => new StorageException($"{file} cannot be used: {e.Message}", null, e),
    };
}
