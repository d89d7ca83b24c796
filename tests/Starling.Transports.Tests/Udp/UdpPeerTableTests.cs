using System.Net;

namespace Starling.Transports.Tests;

public sealed class UdpPeerTableTests
{
    private readonly List<UdpPeer> _evicted = [];

    [Fact]
    public void Same_key_is_the_same_peer_and_every_part_of_the_key_counts()
    {
        var table = Table(100);
        UdpAddress[] keys =
        [
            Key(1), Key(2),
            UdpAddress.From(IPAddress.Loopback, 9),
            UdpAddress.From(IPAddress.IPv6Loopback, 9),
            UdpAddress.From(IPAddress.Parse("fe80::1%1"), 9),
            UdpAddress.From(IPAddress.Parse("fe80::1%2"), 9),
            Key(1).WithLocal(1), Key(1).WithLocal(2),
        ];
        var peers = keys.Select(key => table.GetOrAdd(key)).ToList();
        Assert.Equal(keys.Length, peers.Distinct().Count());
        Assert.Equal(peers, keys.Select(key => table.GetOrAdd(key)));
        Assert.Equal(keys.Length, table.Count);
    }

    [Fact]
    public void Table_grows_and_still_finds_all()
    {
        var table = Table(100_000);
        var peers = Enumerable.Range(0, 50_000).Select(i => table.GetOrAdd(Key(i))).ToList();
        for (var i = 0; i < peers.Count; i++)
        {
            Assert.Same(peers[i], table.Find(Key(i)));
        }
        Assert.Null(table.Find(Key(50_000)));
        Assert.Empty(_evicted);
    }

    [Fact]
    public void Flood_does_not_grow_the_table()
    {
        var table = Table(1000);
        var held = table.GetOrAdd(Key(-1));
        held.Hold();
        for (var i = 0; i < 20_000; i++)
        {
            table.GetOrAdd(Key(i));
            Assert.True(table.Count <= 1001);
        }
        Assert.Same(held, table.Find(Key(-1)));
        Assert.Equal(Enumerable.Range(0, _evicted.Count).Select(i => table.Find(Key(i))), new UdpPeer?[_evicted.Count]);
        Assert.Equal(20_000 - 1000, _evicted.Count);
    }

    [Fact]
    public void Released_peer_stands_at_the_end_of_the_queue()
    {
        var table = Table(3);
        var peer = table.GetOrAdd(Key(100));
        peer.Hold();
        Add(table, 0, 5);
        Assert.Equal(2, _evicted.Count);
        peer.Release();
        Assert.Equal(3, table.Count);
        Add(table, 5, 7);
        Assert.Same(peer, table.Find(Key(100)));
        Add(table, 7, 8);
        Assert.Null(table.Find(Key(100)));
        Assert.Same(peer, _evicted[^1]);
    }

    [Fact]
    public void Peer_that_is_held_and_released_in_its_place_is_queued_once()
    {
        var table = Table(3);
        var peer = table.GetOrAdd(Key(100));
        for (var i = 0; i < 10; i++)
        {
            peer.Hold();
            peer.Release();
        }
        Add(table, 0, 2);
        Assert.Empty(_evicted);
        Add(table, 2, 3);
        Assert.Same(peer, Assert.Single(_evicted));
    }

    [Fact]
    public void Connected_peer_is_held_until_it_is_removed()
    {
        var table = Table(2);
        var peer = table.Connect(Key(100));
        Assert.Same(peer, table.Connect(Key(100)));
        Add(table, 0, 10);
        Assert.Same(peer, table.Find(Key(100)));
        Assert.True(table.Remove(peer));
        Assert.False(table.Remove(peer));
        Assert.Null(table.Find(Key(100)));
        Assert.Equal(2, table.Count);
        peer.Release();
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void Removed_peer_leaves_its_neighbours_in_the_bucket()
    {
        var table = Table(1000);
        var peers = Enumerable.Range(0, 200).Select(i => table.GetOrAdd(Key(i))).ToList();
        for (var i = 0; i < peers.Count; i += 2)
        {
            Assert.True(table.Remove(peers[i]));
        }
        for (var i = 0; i < peers.Count; i++)
        {
            Assert.Same(i % 2 == 0 ? null : peers[i], table.Find(Key(i)));
        }
        Add(table, 1000, 3000);
        Assert.True(table.Count <= 1000);
    }

    [Fact]
    public async Task Threads_that_find_add_remove_and_hold_agree_on_one_peer_a_key()
    {
        var evicted = 0;
        var table = new UdpPeerTable(500, _ => Interlocked.Increment(ref evicted));
        var seeds = new[] { 1, 2, 3, 4 };
        await Task.WhenAll(seeds.Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 40_000; i++)
            {
                var key = Key(random.Next(2000));
                var peer = table.GetOrAdd(key);
                Assert.Equal(key, peer.Key);
                switch (random.Next(20))
                {
                    case 0:
                        peer.Hold();
                        Assert.Equal(key, table.Find(key)?.Key ?? key);
                        peer.Release();
                        break;
                    case 1:
                        table.Remove(peer);
                        break;
                    default:
                        Assert.Equal(key, table.Find(key)?.Key ?? key);
                        break;
                }
            }
        })));
        Assert.InRange(table.Count, 1, 500);
        Assert.Equal(table.Count, Enumerable.Range(0, 2000).Count(i => table.Find(Key(i)) is not null));
        Assert.True(evicted > 0);
    }

    private UdpPeerTable Table(int maxUnheld) => new(maxUnheld, _evicted.Add);

    private static void Add(UdpPeerTable table, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            table.GetOrAdd(Key(i));
        }
    }

    private static UdpAddress Key(int i) => UdpAddress.From(new IPAddress((uint)i), 5683);
}
