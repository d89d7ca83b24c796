using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Starling.Platform;

/// <summary>Whole tables, read in pages: bounded memory, and other work comes in between.</summary>
internal static class SqlitePages
{
    /// <summary>How many rows a page has.</summary>
    public const int Size = 1000;

    /// <summary>A statement for <see cref="ReadAllAsync"/>: these columns of a table, behind its row number.</summary>
    public static SqliteStatement Page(this SqliteDatabase database, string columns, string table, string row = "rowid") =>
        database.Statement($"SELECT {row}, {columns} FROM {table} WHERE {row} > $after ORDER BY {row} LIMIT {Size}", "$after");

    /// <summary>Every row of a table. The row's own columns begin at 1.</summary>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this SqliteDatabase database, SqliteStatement page, Func<SqliteDataReader, T> read, [EnumeratorCancellation] CancellationToken cancel)
    {
        var after = long.MinValue;
        List<T> found;
        do
        {
            cancel.ThrowIfCancellationRequested();
            (found, after) = await database.RunAsync(() => ReadPage(database, page, read, after)).ConfigureAwait(false);
            foreach (var item in found)
            {
                yield return item;
            }
        }
        while (found.Count == Size);
    }

    private static (List<T> Found, long Last) ReadPage<T>(SqliteDatabase database, SqliteStatement page, Func<SqliteDataReader, T> read, long after)
    {
        var found = new List<T>(Size);
        using var rows = page.With(after).Read();
        while (rows.Read())
        {
            after = rows.GetInt64(0);
            found.Add(ReadRow(database, rows, read));
        }
        return (found, after);
    }

    // A column of another type, or a time that no calendar has: what a disk has done to a file is told as that, whoever reads it.
    private static T ReadRow<T>(SqliteDatabase database, SqliteDataReader row, Func<SqliteDataReader, T> read)
    {
        try
        {
            return read(row);
        }
        catch (Exception impossible) when (impossible is ArgumentException or InvalidCastException or InvalidOperationException or OverflowException)
        {
            throw database.Damaged($"a row ({SafeText.Line(impossible.Message)})");
        }
    }
}
