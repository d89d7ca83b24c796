using Starling.Coap;
using Starling.Testing;

namespace Starling.Testing.Tests;

public sealed class SimNetworkTests
{
    private const string A = "10.0.0.1:5683";
    private const string B = "10.0.0.2:5683";
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Datagram_arrives_after_the_delay_from_a_peer_that_can_be_answered()
    {
        var network = new SimNetwork(_time);
        var (a, b) = (await Sink.StartAsync(network.Host(A)), await Sink.StartAsync(network.Host(B), echo: true));
        Assert.Equal(SendOutcome.Sent, a.Channel.Send(await ConnectAsync(a, B), [1, 2, 3]));
        Assert.Empty(b.Got);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal($"{A} 010203", Assert.Single(b.Got));
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal($"{B} 010203", Assert.Single(a.Got));
        Assert.Same(a.Channel.Peers.Single(), await ConnectAsync(a, B));
    }

    [Fact]
    public async Task Same_seed_gives_the_same_run_and_another_seed_another()
    {
        Assert.Equal(await RoughRunAsync(7), await RoughRunAsync(7));
        Assert.NotEqual(await RoughRunAsync(7), await RoughRunAsync(8));
    }

    [Fact]
    public async Task Rough_network_loses_doubles_and_reorders_about_as_often_as_it_says()
    {
        var network = new SimNetwork(_time, 42, SimConditions.Rough);
        var (a, b) = (await Sink.StartAsync(network.Host(A)), await Sink.StartAsync(network.Host(B)));
        var peer = await ConnectAsync(a, B);
        for (var i = 0; i < 2000; i++)
        {
            a.Channel.Send(peer, BitConverter.GetBytes(i));
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(network.Frames.Count(f => f.Lost is not null), 320, 480);
        Assert.InRange(network.Frames.Count(f => f.Arrivals.Count == 2), 110, 210);
        Assert.Equal(network.Frames.Sum(f => f.Arrivals.Count), b.Got.Count);
        Assert.NotEqual(b.Got.Order(StringComparer.Ordinal), b.Got);
    }

    [Fact]
    public async Task Script_loses_exactly_what_it_names()
    {
        var network = new SimNetwork(_time) { Lose = frame => frame.Number == 2 };
        var (a, b) = (await Sink.StartAsync(network.Host(A)), await Sink.StartAsync(network.Host(B)));
        var peer = await ConnectAsync(a, B);
        foreach (var i in new byte[] { 1, 2, 3 })
        {
            a.Channel.Send(peer, [i]);
        }
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([$"{A} 01", $"{A} 03"], b.Got);
        Assert.Equal("by script", network.Frames[1].Lost);
    }

    [Fact]
    public async Task Copies_of_a_doubled_datagram_do_not_share_their_bytes()
    {
        var network = new SimNetwork(_time, 1, new SimConditions { Duplication = 1 });
        var (a, b) = (await Sink.StartAsync(network.Host(A)), await Sink.StartAsync(network.Host(B), scribble: true));
        a.Channel.Send(await ConnectAsync(a, B), [5]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([$"{A} 05", $"{A} 05"], b.Got);
        Assert.Equal(5, network.Frames[0].Bytes.Span[0]);
    }

    [Fact]
    public async Task Moved_host_is_a_stranger_and_its_old_address_is_nobody()
    {
        var network = new SimNetwork(_time);
        var (a, b) = (await Sink.StartAsync(network.Host(A)), await Sink.StartAsync(network.Host(B), echo: true));
        network.Move(a.Channel, "10.0.0.9:1");
        a.Channel.Send(await ConnectAsync(a, B), [1]);
        await ((SimChannel)b.Channel).SendToAsync(A, [2]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("10.0.0.9:1 01", Assert.Single(b.Got));
        Assert.Equal($"{B} 01", Assert.Single(a.Got));
    }

    [Fact]
    public async Task Name_leads_to_the_address_that_has_it()
    {
        var network = new SimNetwork(_time);
        network.Name("server.example.com", "10.0.0.2");
        var (a, b) = (await Sink.StartAsync(network.Host(A)), await Sink.StartAsync(network.Host(B)));
        a.Channel.Send(await ConnectAsync(a, "server.example.com:5683"), [1]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal($"{A} 01", Assert.Single(b.Got));
    }

    [Fact]
    public async Task Closed_peer_is_reported_and_takes_no_more()
    {
        var network = new SimNetwork(_time);
        var a = await Sink.StartAsync(network.Host(A));
        var peer = await ConnectAsync(a, B);
        a.Channel.Close(peer);
        Assert.Equal([PeerLoss.Closed], a.Losses);
        Assert.Equal(SendOutcome.Dropped, a.Channel.Send(peer, [1]));
        Assert.NotSame(peer, await ConnectAsync(a, B));
    }

    [Fact]
    public void Second_host_of_an_address_is_refused()
    {
        var network = new SimNetwork(_time);
        network.Host(A);
        Assert.Throws<IOException>(() => network.Host(A));
    }

    [Fact]
    public async Task Until_tells_the_ladder_when_it_gives_up()
    {
        var network = new SimNetwork(_time, 77);
        var a = await Sink.StartAsync(network.Host(A));
        a.Channel.Send(await ConnectAsync(a, B), [0x40, 1, 0, 9]);
        var thrown = await Assert.ThrowsAsync<ScriptException>(() => network.UntilAsync(() => false, TimeSpan.FromSeconds(5)));
        Assert.Contains("CON [0x0009] GET", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("seed 77", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), _time.Elapsed);
    }

    [Fact]
    public async Task Until_gives_work_on_the_pool_its_turn_before_time_moves()
    {
        var network = new SimNetwork(_time);
        var done = new TaskCompletionSource<int>();
        _time.CreateTimer(_ => ThreadPool.QueueUserWorkItem(_ => done.SetResult(3)), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        Assert.Equal(3, await network.UntilAsync(done.Task));
        Assert.Equal(TimeSpan.FromSeconds(2), _time.Elapsed);
    }

    private static async Task<string> RoughRunAsync(int seed)
    {
        var network = new SimNetwork(new ManualTime(), seed, SimConditions.Rough with { Reordering = 0.1 });
        var (a, b) = (await Sink.StartAsync(network.Host(A)), await Sink.StartAsync(network.Host(B), echo: true));
        var peer = await ConnectAsync(a, B);
        for (var i = 0; i < 200; i++)
        {
            a.Channel.Send(peer, [(byte)i]);
            network.Time.Advance(TimeSpan.FromMilliseconds(20));
        }
        network.Time.Advance(TimeSpan.FromSeconds(2));
        return string.Join('\n', a.Got.Concat(b.Got)) + network.Ladder();
    }

    private static async Task<Peer> ConnectAsync(Sink sink, string host) =>
        await sink.Channel.ConnectAsync(new PeerTarget(new Uri("coap://" + host)), CancellationToken.None);
}
