using Microsoft.Data.Sqlite;

namespace Starling.Platform;

/// <summary>
/// The tables, in the order in which they came. A file is brought from the version that it has to the newest, each step in one transaction. A step
/// that was released is never changed: what has to be different is one more step.
/// </summary>
internal static class SqliteSchema
{
    // "Star": tells our files from those of other programs.
    private const int ApplicationId = 0x53746172;

    private static readonly string[] _steps =
    [
        // Names are bytes: they come from the network, and text of SQLite's could end within one.
        // What a device says all day stands apart from what it says once: a renewal writes a row of 60 bytes, not one of hundreds.
        """
        CREATE TABLE devices (id INTEGER PRIMARY KEY, tenant BLOB NOT NULL, endpoint BLOB NOT NULL, state BLOB NOT NULL, UNIQUE (tenant, endpoint));
        CREATE TABLE contacts (device INTEGER PRIMARY KEY, version INTEGER NOT NULL, updated INTEGER NOT NULL, transport TEXT NOT NULL, address TEXT NOT NULL);
        CREATE TABLE last_values (
            tenant BLOB NOT NULL, endpoint BLOB NOT NULL, path TEXT NOT NULL, kind INTEGER NOT NULL, source INTEGER NOT NULL, at INTEGER NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (tenant, endpoint, path)) WITHOUT ROWID;
        """,
        """
        DROP TABLE last_values;
        CREATE TABLE last_values (
            tenant BLOB NOT NULL, endpoint BLOB NOT NULL, path TEXT NOT NULL, kind INTEGER NOT NULL, source INTEGER NOT NULL, at INTEGER NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (tenant, endpoint, path));
        CREATE TABLE operations (
            id BLOB PRIMARY KEY, tenant BLOB NOT NULL, endpoint BLOB NOT NULL, place INTEGER NOT NULL, queued INTEGER NOT NULL, expires INTEGER NOT NULL,
            state INTEGER NOT NULL, request BLOB NOT NULL, attempts INTEGER NOT NULL, ended INTEGER, reason BLOB NOT NULL, answer BLOB NOT NULL);
        CREATE TABLE profiles (id BLOB PRIMARY KEY, links BLOB NOT NULL);
        """,
        """
        CREATE TABLE credentials (id BLOB PRIMARY KEY, sealed BLOB NOT NULL);
        """,
        """
        CREATE TABLE sessions (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
        """,
    ];

    /// <summary>The version that this program writes.</summary>
    public static int Newest => _steps.Length;

    /// <summary>Makes the tables of a new file, or brings those of an older one up to date.</summary>
    /// <exception cref="StorageException">The file is another program's, or of a newer Starling.</exception>
    public static void Bring(SqliteConnection connection, string file)
    {
        var application = connection.Ask("PRAGMA application_id");
        var version = connection.Ask("PRAGMA user_version");
        if (application != ApplicationId && (application != 0 || version != 0 || connection.Ask("SELECT count(*) FROM sqlite_master") != 0))
        {
            throw new StorageException($"{file} is a database of another program.", "Name another folder with --data.");
        }
        if (version > Newest)
        {
            throw new StorageException($"{file} was written by a newer Starling: its tables have version {version}, this one knows {Newest}.",
                "Run the newer Starling, or name another folder with --data.");
        }
        for (var next = version; next < Newest; next++)
        {
            // What fails within is rolled back by SQLite, or by closing: a rollback of ours would hide why.
            connection.Do($"BEGIN IMMEDIATE; {_steps[next]} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {next + 1}; COMMIT;");
        }
    }

    /// <summary>Runs statements that give nothing.</summary>
    public static void Do(this SqliteConnection connection, string statements)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only ever our own words.
        command.CommandText = statements;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static long Ask(this SqliteConnection connection, string question)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only ever our own words.
        command.CommandText = question;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }
}
