namespace Starling.Platform;

/// <summary>What a server keeps beyond its end, and where. Where nothing can be kept, it says so.</summary>
internal sealed class Keeping : IAsyncDisposable
{
    private Keeping(SqliteDatabase? database, string? folder, string told)
    {
        Database = database;
        Folder = folder;
        Key = folder is null ? null : new DataKey(Path.Combine(folder, DataKey.FileName), Environment.GetEnvironmentVariable(DataKey.Variable));
        Told = told;
    }

    /// <summary>The database; null when everything is in memory only.</summary>
    public SqliteDatabase? Database { get; }

    /// <summary>The folder; null when there is none.</summary>
    public string? Folder { get; }

    /// <summary>Under which secrets are kept; null when there is no folder.</summary>
    public DataKey? Key { get; }

    /// <summary>One line for the user.</summary>
    public string Told { get; }

    /// <summary>
    /// Opens what is in a folder. A usual folder that was never used and cannot be had now means that nothing is kept: who only wants to try the program
    /// can. What somebody named, or what was kept before, must work.
    /// </summary>
    /// <exception cref="StorageException">It cannot be used; the message says why.</exception>
    public static Keeping Open(DataFolder folder, StorageSettings? settings = null)
    {
        if (folder.Path is not { } path)
        {
            return new Keeping(null, null, folder.IsChosen ? "nothing, as told" : "nothing: this user has no home; name a folder with --data DIR");
        }
        var mustWork = folder.IsChosen || File.Exists(Path.Combine(path, SqliteDatabase.FileName));
        try
        {
            return new Keeping(SqliteDatabase.Open(path, settings), path, path);
        }
        catch (StorageException impossible) when (!mustWork)
        {
            return new Keeping(null, null, $"nothing: {impossible.Message} {impossible.Hint}");
        }
    }

    /// <summary>Writes what waits, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }
        Key?.Dispose();
    }
}
