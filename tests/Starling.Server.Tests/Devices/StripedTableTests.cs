namespace Starling.Server.Tests;

public sealed class StripedTableTests
{
    [Theory]
    [InlineData(1, ulong.MaxValue)]
    [InlineData(2, 0x7c0UL)]   // one stripe, few places: every run of neighbours is exercised
    public void Table_agrees_with_a_dictionary_through_any_changes(int seed, ulong mask)
    {
        var random = new Random(seed);
        var table = new StripedTable<Key, Item>();
        var model = new Dictionary<Key, Item>();
        var keys = Enumerable.Range(0, 500).Select(_ => new Key((ulong)random.NextInt64(), mask)).ToArray();
        for (var i = 0; i < 50_000; i++)
        {
            var key = keys[random.Next(keys.Length)];
            switch (random.Next(3))
            {
                case 0:
                    var item = new Item(key);
                    Assert.Equal(model.TryAdd(key, item), table.TryAdd(item));
                    break;
                case 1 when model.Remove(key, out var known):
                    Assert.True(table.Remove(known));
                    Assert.False(table.Remove(known));
                    break;
                default:
                    Assert.Same(model.GetValueOrDefault(key), table.Find(key));
                    break;
            }
        }
        Assert.All(keys, k => Assert.Same(model.GetValueOrDefault(k), table.Find(k)));
    }

    [Fact]
    public void Another_item_with_the_same_key_is_not_removed()
    {
        var table = new StripedTable<Key, Item>();
        var key = new Key(7, ulong.MaxValue);
        var item = new Item(key);
        Assert.True(table.TryAdd(item));
        Assert.False(table.TryAdd(new Item(key)));
        Assert.False(table.Remove(new Item(key)));
        Assert.Same(item, table.Find(key));
    }

    private readonly record struct Key(ulong Bits, ulong Mask) : ITableKey
    {
        public ulong Hash => Bits & Mask;
    }

    private sealed class Item(Key key) : IKeyed<Key>
    {
        public Key TableKey => key;
    }
}
