using System.Text;
using Microsoft.Data.Sqlite;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Learned profiles in SQLite.</summary>
internal sealed class SqliteProfileStore(SqliteDatabase database) : IProfileStore
{
    private readonly SqliteStatement _save = database.Statement("INSERT OR REPLACE INTO profiles (id, links) VALUES ($id, $links)", "$id", "$links");

    private readonly SqliteStatement _page = database.Page("id, links", "profiles");

    /// <inheritdoc/>
    /// <exception cref="StorageException">What is kept is damaged.</exception>
    public IAsyncEnumerable<StoredProfile> LoadAllAsync(CancellationToken cancel) => database.ReadAllAsync(_page, Read, cancel);

    /// <inheritdoc/>
    public async ValueTask SaveAsync(StoredProfile profile, CancellationToken cancel) =>
        await database.RunAsync(() => _save.With(Encoding.UTF8.GetBytes(profile.Id), Encoding.UTF8.GetBytes(profile.Links.Text)).Run()).ConfigureAwait(false);

    private StoredProfile Read(SqliteDataReader row)
    {
        var (id, text) = (Encoding.UTF8.GetString((byte[])row.GetValue(1)), (byte[])row.GetValue(2));
        var links = LinkList.None;
        return text.Length == 0 || LinkList.TryParse(text, out links) ? new StoredProfile(id, links) : throw database.Damaged($"the profile {SafeText.Line(id, 80)}");
    }
}
