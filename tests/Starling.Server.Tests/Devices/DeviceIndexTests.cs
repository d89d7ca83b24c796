using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Server.Tests;

public sealed class DeviceIndexTests
{
    [Theory]
    [InlineData(1, 3000)]
    [InlineData(2, 300)]
    [InlineData(3, 20)]
    public async Task Index_agrees_with_a_sorted_set_through_any_changes(int seed, int names)
    {
        var random = new Random(seed);
        await using var server = Server();
        var index = new DeviceIndex(server);
        var model = new SortedDictionary<DeviceKey, DeviceSession>();
        for (var i = 0; i < 20_000; i++)
        {
            var key = new DeviceKey($"dev-{random.Next(names)}");
            // Long spells of adding and of removing, so that chunks fill up, split, empty and join.
            if (random.Next(100) < (i / 4000 % 2 == 0 ? 80 : 20))
            {
                Assert.True(index.TryGetOrAdd(key, int.MaxValue, out var session));
                Assert.Equal(model.GetValueOrDefault(key) ?? session, session);
                model[key] = session;
            }
            else
            {
                Assert.Same(model.GetValueOrDefault(key), index.Find(key));
                Assert.Equal(model.TryGetValue(key, out var session), session is not null && index.Remove(session));
                model.Remove(key);
            }
            Assert.Equal(model.Count, index.Count);
        }
        Assert.Equal(model.Values, Everything(index, null, 7));
        Assert.Equal(model.Values, Everything(index, null, 1000));
        var middle = new DeviceKey("dev-15");
        Assert.Equal(model.Values.Where(s => s.Key > middle), Everything(index, middle, 100));
    }

    [Fact]
    public async Task Rising_names_fill_chunks_and_falling_ones_are_found_too()
    {
        await using var server = Server();
        var index = new DeviceIndex(server);
        for (var i = 0; i < 5000; i++)
        {
            Assert.True(index.TryGetOrAdd(new DeviceKey($"up-{i:D6}"), int.MaxValue, out _));
            Assert.True(index.TryGetOrAdd(new DeviceKey($"down-{9999 - i:D6}"), int.MaxValue, out _));
        }
        Assert.All(Enumerable.Range(0, 5000), i => Assert.NotNull(index.Find(new DeviceKey($"up-{i:D6}"))));
        Assert.All(Enumerable.Range(5000, 5000), i => Assert.NotNull(index.Find(new DeviceKey($"down-{i:D6}"))));
        Assert.Null(index.Find(new DeviceKey("up-5000")));
    }

    [Fact]
    public async Task Tenants_do_not_see_each_other()
    {
        await using var server = Server();
        var index = new DeviceIndex(server);
        Assert.True(index.TryGetOrAdd(new DeviceKey("b", "x"), 9, out var second));
        Assert.True(index.TryGetOrAdd(new DeviceKey("a", "x"), 9, out var first));
        Assert.NotSame(first, second);
        Assert.Same(first, index.Find(new DeviceKey("a", "x")));
        Assert.Null(index.Find(new DeviceKey("x")));
        Assert.Equal([first, second], Everything(index, null, 10));
    }

    [Fact]
    public async Task Full_index_still_finds_who_is_there()
    {
        await using var server = Server();
        var index = new DeviceIndex(server);
        Assert.True(index.TryGetOrAdd(new DeviceKey("a"), 1, out var one));
        Assert.False(index.TryGetOrAdd(new DeviceKey("b"), 1, out _));
        Assert.True(index.TryGetOrAdd(new DeviceKey("a"), 1, out var same));
        Assert.Same(one, same);
    }

    private static List<DeviceSession> Everything(DeviceIndex index, DeviceKey? after, int page)
    {
        var all = new List<DeviceSession>();
        var room = new DeviceSession[page];
        int copied;
        do
        {
            copied = index.CopyAfter(after, room);
            all.AddRange(room[..copied]);
            after = copied > 0 ? room[copied - 1].Key : after;
        }
        while (copied == page);
        return all;
    }

    private static Lwm2mServer Server() => new(new ServerSettings(), ObjectCatalog.Empty, new ManualTime());
}
