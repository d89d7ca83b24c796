using Microsoft.Data.Sqlite;

namespace Starling.Platform;

/// <summary>A statement that is made ready at its first use and used again and again, by the writer's thread only.</summary>
internal sealed class SqliteStatement
{
    private readonly SqliteCommand _command;

    public SqliteStatement(SqliteConnection connection, string sql, ReadOnlySpan<string> parameters)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // Only ever our own words.
        _command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }
    }

    /// <summary>Sets the parameters, in the order in which they were named.</summary>
    public SqliteStatement With(params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
        return this;
    }

    /// <summary>Runs it and gives the number of rows that it changed.</summary>
    public int Run() => _command.ExecuteNonQuery();

    /// <summary>Runs it and gives the rows that it finds.</summary>
    public SqliteDataReader Read() => _command.ExecuteReader();
}
