using System.Text;

namespace Starling.Lwm2m.Tests;

public sealed class LinkListCacheTests
{
    [Fact]
    public void Known_list_is_shared()
    {
        var cache = new LinkListCache();
        Assert.True(cache.TryParse("</1/0>,</3/0>"u8, out var first));
        Assert.True(cache.TryParse("</1/0>,</3/0>"u8, out var second));
        Assert.Same(first, second);
        Assert.True(cache.TryParse("</1/0>,</3/1>"u8, out var other));
        Assert.NotSame(first, other);
        Assert.Equal((1, 2, 0), (cache.Hits, cache.Misses, cache.Evictions));
    }

    [Fact]
    public void Known_list_costs_no_memory()
    {
        var cache = new LinkListCache();
        cache.TryParse("</1/0>,</3/0>"u8, out _);
        cache.TryParse("</1/0>,</3/0>"u8, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        cache.TryParse("</1/0>,</3/0>"u8, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Text_that_is_no_list_is_refused_and_not_kept()
    {
        var cache = new LinkListCache();
        Assert.False(cache.TryParse("<"u8, out _));
        Assert.False(cache.TryParse("<"u8, out _));
        Assert.Equal((0, 2), (cache.Hits, cache.Misses));
    }

    [Fact]
    public void List_beyond_the_size_is_read_each_time()
    {
        var cache = new LinkListCache(maxBytes: 4);
        Assert.True(cache.TryParse("</1/0>"u8, out var first));
        Assert.True(cache.TryParse("</1/0>"u8, out var second));
        Assert.NotSame(first, second);
        Assert.Equal(2, cache.Misses);
    }

    [Fact]
    public void Flood_of_odd_lists_does_not_drive_out_a_fleets_list()
    {
        var cache = new LinkListCache(capacity: 4);
        Assert.True(cache.TryParse("</1/0>,</3/0>"u8, out var fleet));
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(cache.TryParse(Encoding.UTF8.GetBytes($"</9/{i}>"), out _));
            Assert.True(cache.TryParse("</1/0>,</3/0>"u8, out var again));
            Assert.Same(fleet, again);
        }
        Assert.Equal(1000, cache.Hits);
        Assert.Equal(997, cache.Evictions);
    }

    [Fact]
    public void Many_threads_get_what_they_asked_for()
    {
        var cache = new LinkListCache(capacity: 16);
        Parallel.For(0, 20_000, i =>
        {
            var id = i % 40;
            Assert.True(cache.TryParse(Encoding.UTF8.GetBytes($"</9/{id}>"), out var list));
            Assert.Equal(new Lwm2mPath(9, id), Assert.Single(list.Paths));
        });
        Assert.Equal(20_000, cache.Hits + cache.Misses);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1 << 21, 1)]
    [InlineData(1, -1)]
    public void Sizes_out_of_range_are_the_callers_error(int capacity, int maxBytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinkListCache(capacity, maxBytes));
}
