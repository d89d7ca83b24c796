using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Starling.Server;

namespace Starling.Platform;

/// <summary>
/// Credentials in SQLite, each encrypted as a whole: neither its key nor the endpoint that it stands for can be read or changed without the data key, and one
/// row cannot be put in the place of another.
/// </summary>
internal sealed class SqliteCredentialStore(SqliteDatabase database, DataKey key) : ICredentialStore
{
    private const string Purpose = "credential:";

    private readonly SqliteStatement _save = database.Statement("INSERT OR REPLACE INTO credentials (id, sealed) VALUES ($id, $sealed)", "$id", "$sealed");

    private readonly SqliteStatement _delete = database.Statement("DELETE FROM credentials WHERE id = $id", "$id");

    private readonly SqliteStatement _page = database.Page("id, sealed", "credentials");

    /// <inheritdoc/>
    /// <exception cref="StorageException">What is kept is damaged, or was encrypted with another key.</exception>
    public IAsyncEnumerable<Credential> LoadAllAsync(CancellationToken cancel) => database.ReadAllAsync(_page, Read, cancel);

    /// <inheritdoc/>
    public async ValueTask SaveAsync(IReadOnlyCollection<Credential> credentials, CancellationToken cancel)
    {
        var rows = credentials.Select(c => (Id: Encoding.UTF8.GetBytes(c.Id), Sealed: Seal(c))).ToArray();
        await database.RunAsync(() => rows.Sum(r => _save.With(r.Id, r.Sealed).Run())).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        var rows = ids.Select(Encoding.UTF8.GetBytes).ToArray();
        await database.RunAsync(() => rows.Sum(id => _delete.With(id).Run())).ConfigureAwait(false);
    }

    private byte[] Seal(Credential credential)
    {
        var plain = CredentialCodec.Encode(credential);
        try
        {
            return key.Seal(plain, Encoding.UTF8.GetBytes(Purpose + credential.Id));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private Credential Read(SqliteDataReader row)
    {
        var id = Encoding.UTF8.GetString((byte[])row.GetValue(1));
        if (!key.TryOpen((byte[])row.GetValue(2), Encoding.UTF8.GetBytes(Purpose + id), out var plain))
        {
            throw new StorageException($"{database.File} holds credentials that {key.Place} does not open.",
                $"Put the key back that was there when they were made, as the file '{DataKey.FileName}' beside the database or in {DataKey.Variable}; "
                + "or move the database away to begin anew: devices then need new credentials.");
        }
        try
        {
            return CredentialCodec.TryDecode(id, plain, out var credential) ? credential : throw database.Damaged($"the credential {SafeText.Line(id, 80)}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
