using Starling.Server;
using Starling.Server.Tests;

namespace Starling.Platform.Tests;

public sealed class SqliteOperationStoreTests : OperationStoreContract, IAsyncLifetime
{
    private readonly ReopenedDatabase _place = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _place.DisposeAsync().AsTask();

    protected override async ValueTask<IOperationStore> OpenAsync() => new SqliteOperationStore(await _place.OpenAsync());

    protected override ValueTask<IOperationStore> ReopenAsync(IOperationStore store) => OpenAsync();
}

public sealed class SqliteProfileStoreTests : ProfileStoreContract, IAsyncLifetime
{
    private readonly ReopenedDatabase _place = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _place.DisposeAsync().AsTask();

    protected override async ValueTask<IProfileStore> OpenAsync() => new SqliteProfileStore(await _place.OpenAsync());

    protected override ValueTask<IProfileStore> ReopenAsync(IProfileStore store) => OpenAsync();
}

/// <summary>A database that is closed whenever it is opened again.</summary>
internal sealed class ReopenedDatabase : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private SqliteDatabase? _database;

    public async ValueTask<SqliteDatabase> OpenAsync()
    {
        await CloseAsync();
        return _database = SqliteDatabase.Open(_folder.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    public ValueTask CloseAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;
}
