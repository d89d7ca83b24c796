using System.Text;
using Starling.Server;
using Starling.Server.Tests;

namespace Starling.Platform.Tests;

public sealed class SqliteCredentialStoreTests : CredentialStoreContract, IAsyncLifetime
{
    private const string Key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private readonly ReopenedDatabase _place = new();
    private SqliteDatabase _database = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _place.DisposeAsync().AsTask();

    [Fact]
    public async Task Another_key_opens_nothing_and_the_error_says_what_to_do()
    {
        await SaveAsync(Psk("a", "dev-1"));
        var other = Store(await _place.OpenAsync(), new string('f', 64));
        var refused = await Assert.ThrowsAsync<StorageException>(() => LoadAsync(other));
        Assert.Contains(DataKey.Variable, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Put the key back", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_were_swapped_are_noticed()
    {
        await SaveAsync(Psk("a", "dev-1"), Psk("b", "dev-2"));
        await _database.RunAsync(_database.Statement(
            "UPDATE credentials SET sealed = (SELECT sealed FROM credentials WHERE id = CAST('b' AS BLOB)) WHERE id = CAST('a' AS BLOB)").Run);
        await Assert.ThrowsAsync<StorageException>(() => LoadAsync(Store(_database, Key)));
    }

    [Fact]
    public async Task File_has_neither_key_nor_identity_in_it()
    {
        var secret = Encoding.ASCII.GetBytes("a-key-to-find-in");
        await SaveAsync(new Credential.PreSharedKey("a", "identity-to-find", secret) { Endpoint = "endpoint-to-find" });
        var folder = Path.GetDirectoryName(_database.File)!;
        await _place.CloseAsync();
        var all = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).SelectMany(File.ReadAllBytes).ToArray();
        Assert.NotEmpty(all);
        Assert.Equal(-1, all.AsSpan().IndexOf(secret));
        Assert.Equal(-1, all.AsSpan().IndexOf("identity-to-find"u8));
        Assert.Equal(-1, all.AsSpan().IndexOf("endpoint-to-find"u8));
    }

    [Fact]
    public async Task Database_without_credentials_gets_their_table()
    {
        var database = await _place.OpenAsync();
        await database.RunAsync(database.Statement("DROP TABLE sessions; DROP TABLE credentials; PRAGMA user_version = 2").Run);
        Assert.Empty(await LoadAsync(Store(await _place.OpenAsync(), Key)));
    }

    protected override async ValueTask<ICredentialStore> OpenAsync()
    {
        _database = await _place.OpenAsync();
        return Store(_database, Key);
    }

    protected override ValueTask<ICredentialStore> ReopenAsync(ICredentialStore store) => OpenAsync();

    private async Task SaveAsync(params Credential[] credentials) => await (await OpenAsync()).SaveAsync(credentials, default);

    private static SqliteCredentialStore Store(SqliteDatabase database, string key) => new(database, new DataKey("", key));

    private static async Task<List<Credential>> LoadAsync(SqliteCredentialStore store)
    {
        var loaded = new List<Credential>();
        await foreach (var credential in store.LoadAllAsync(default))
        {
            loaded.Add(credential);
        }
        return loaded;
    }

    private static Credential.PreSharedKey Psk(string id, string identity) => new(id, identity, new byte[] { 1, 2, 3 });
}
