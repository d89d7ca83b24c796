using Starling.Lwm2m;
using Starling.Server;
using Starling.Server.Tests;

namespace Starling.Platform.Tests;

public sealed class SqliteDeviceStoreTests : DeviceStoreContract, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private SqliteDatabase _database = null!;
    private IDeviceStore _store = null!;

    protected override IDeviceStore Store => _store;

    public Task InitializeAsync()
    {
        Open();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_was_kept_is_there_when_the_file_is_opened_again()
    {
        await Store.SaveAsync(Full("a", 1), 0, default);
        await Store.SaveAsync(Full("b", 1), 0, default);
        await Store.SaveAsync(Full("c", 1), 0, default);
        await Store.RenewAsync(new DeviceKey("b"), DateTimeOffset.UnixEpoch, null, 1, default);
        await Store.DeleteAsync(new DeviceKey("c"), 1, default);
        await ReopenAsync();
        var kept = (await AllAsync()).OrderBy(s => s.Key).ToList();
        Assert.Equal(2, kept.Count);
        AssertSame(Full("a", 1), kept[0]);
        AssertSame(Full("b", 1).Renewed(DateTimeOffset.UnixEpoch, null), kept[1]);
        Assert.True(await Store.SaveAsync(Full("b", 3), 2, default));
    }

    // A model: the same changes, valid and not, by the same seed, on the store in memory, with the file closed and opened again in between.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_changes_leave_what_they_leave_in_memory(int seed)
    {
        var (random, model) = (new Random(seed), new MemoryDeviceStore());
        for (var i = 0; i < 600; i++)
        {
            var (key, version) = (new DeviceKey($"dev-{random.Next(6)}"), random.Next(4));
            var change = random.Next(3);
            if (random.Next(100) == 0)
            {
                await ReopenAsync();
            }
            Assert.True(await ChangeAsync(model, change, key, version) == await ChangeAsync(Store, change, key, version), $"seed {seed}, change {i}: {change} {key} {version}");
        }
        var kept = (await AllAsync()).ToDictionary(s => s.Key);
        Assert.Equal(model.Count, kept.Count);
        await foreach (var state in model.LoadAllAsync(default))
        {
            AssertSame(state, kept[state.Key]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_comes_after_the_commit_unless_one_chose_otherwise(bool answerBeforeCommit)
    {
        var store = new SqliteDeviceStore(_database, answerBeforeCommit);
        using var disk = new ManualResetEventSlim();
        var busy = _database.RunAsync(() => disk.Wait(TimeSpan.FromSeconds(30)));
        var saved = store.SaveAsync(Full("a", 1), 0, default);
        Assert.Equal(answerBeforeCommit, saved.IsCompleted);
        disk.Set();
        Assert.True(await busy);
        Assert.True(await saved);
        Assert.Single(await AllAsync());
    }

    [Fact]
    public async Task Row_that_is_damaged_is_an_error_that_names_the_device()
    {
        await Store.SaveAsync(Full("dev-7", 1), 0, default);
        var spoil = _database.Statement("UPDATE devices SET state = x'a1'");
        await _database.RunAsync(spoil.Run);
        var damaged = await Assert.ThrowsAsync<StorageException>(AllAsync);
        Assert.Contains("dev-7", damaged.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("updated = -5")]
    [InlineData("updated = 9223372036854775807")]
    public async Task Column_that_is_damaged_is_an_error_of_the_store(string damage)
    {
        await Store.SaveAsync(Full("dev-7", 1), 0, default);
        var spoil = _database.Statement($"UPDATE contacts SET {damage}");
        await _database.RunAsync(spoil.Run);
        var damaged = await Assert.ThrowsAsync<StorageException>(AllAsync);
        Assert.NotNull(damaged.Hint);
    }

    [Fact]
    public void Every_property_of_a_state_has_its_place_in_the_row()
    {
        // One more property is one more field of DeviceStateCodec, and of the full state of DeviceStoreContract.
        Assert.Equal((14, 7, 8), (Properties<Registration>(), Properties<StoredObservation>(), Properties<DeviceState>()));

        static int Properties<T>() => typeof(T).GetProperties().Length;
    }

    private static ValueTask<bool> ChangeAsync(IDeviceStore store, int change, DeviceKey key, int version) => change switch
    {
        0 => store.SaveAsync(Full(key.Endpoint, version + 1), version, default),
        1 => store.RenewAsync(key, DateTimeOffset.UnixEpoch.AddSeconds(version), null, version, default),
        _ => store.DeleteAsync(key, version, default),
    };

    private async Task ReopenAsync()
    {
        await _database.DisposeAsync();
        Open();
    }

    private void Open()
    {
        _database = SqliteDatabase.Open(_folder.Path);
        _store = new SqliteDeviceStore(_database);
    }
}
