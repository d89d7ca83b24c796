using Microsoft.Data.Sqlite;

namespace Starling.Platform;

/// <summary>The three statements of a transaction, made ready once.</summary>
internal sealed class SqliteTransactions(SqliteConnection connection)
{
    private readonly SqliteStatement _begin = new(connection, "BEGIN IMMEDIATE", []);
    private readonly SqliteStatement _commit = new(connection, "COMMIT", []);
    private readonly SqliteStatement _rollback = new(connection, "ROLLBACK", []);

    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    /// <summary>Some failures have rolled back already.</summary>
    public void Rollback()
    {
        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // There was nothing to roll back.
        }
    }
}
