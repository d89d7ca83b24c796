namespace Starling.Server.Tests;

/// <summary>What every <see cref="IOperationStore"/> does. A durable one overrides <see cref="ReopenAsync"/> with a fresh store over the same place.</summary>
public abstract class OperationStoreContract
{
    private static readonly DateTimeOffset _noon = new(2026, 5, 4, 12, 0, 0, 123, TimeSpan.Zero);

    protected abstract ValueTask<IOperationStore> OpenAsync();

    /// <summary>The store as the next process finds it.</summary>
    protected abstract ValueTask<IOperationStore> ReopenAsync(IOperationStore store);

    [Fact]
    public async Task Operation_that_was_saved_is_loaded_whole()
    {
        var store = await OpenAsync();
        var waiting = Operation("a", 1);
        var ended = Operation("b", 2) with
        {
            State = OperationState.Answered,
            Attempts = 3,
            EndedAt = _noon.AddMinutes(2),
            Reason = "später",
            Answer = new byte[] { 0x40, 0x45, 0, 0 },
        };
        await store.SaveAsync(waiting, default);
        await store.SaveAsync(ended, default);
        var loaded = await LoadAsync(await ReopenAsync(store));
        Assert.Equal([Flat(waiting), Flat(ended)], loaded.OrderBy(o => o.Order).Select(Flat));
    }

    [Fact]
    public async Task Later_state_takes_the_place_of_the_earlier_one()
    {
        var store = await OpenAsync();
        await store.SaveAsync(Operation("a", 1), default);
        await store.SaveAsync(Operation("a", 1) with { State = OperationState.Sending, Attempts = 1 }, default);
        var loaded = Assert.Single(await LoadAsync(await ReopenAsync(store)));
        Assert.Equal((OperationState.Sending, 1), (loaded.State, loaded.Attempts));
    }

    [Fact]
    public async Task Operation_that_was_deleted_is_gone_and_may_be_deleted_again()
    {
        var store = await OpenAsync();
        await store.SaveAsync(Operation("a", 1), default);
        await store.SaveAsync(Operation("b", 2), default);
        await store.DeleteAsync("a", default);
        await store.DeleteAsync("a", default);
        await store.DeleteAsync("never", default);
        Assert.Equal("b", Assert.Single(await LoadAsync(await ReopenAsync(store))).Id);
    }

    [Fact]
    public async Task Many_saves_at_once_are_all_kept()
    {
        var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => store.SaveAsync(Operation($"op-{i}", i), default).AsTask()));
        var loaded = await LoadAsync(await ReopenAsync(store));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => (long)i), loaded.Select(o => o.Order).Order());
    }

    private static StoredOperation Operation(string id, long order) => new(
        id, new DeviceKey("acme", "meter'1"), order, _noon, _noon.AddDays(1), OperationState.Waiting, new byte[] { 0x40, 1, 0, 0, 0xb1, (byte)'3' });

    // Memory is compared by reference: as text it is compared by content.
    private static object Flat(StoredOperation o) =>
        (o with { Request = default, Answer = default }, Convert.ToHexString(o.Request.Span), Convert.ToHexString(o.Answer.Span));

    private static async Task<List<StoredOperation>> LoadAsync(IOperationStore store)
    {
        var loaded = new List<StoredOperation>();
        await foreach (var operation in store.LoadAllAsync(default))
        {
            loaded.Add(operation);
        }
        return loaded;
    }
}
