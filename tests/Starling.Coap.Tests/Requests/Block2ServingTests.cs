using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>The peer fetches a large body from us (RFC 7959 §2.4).</summary>
public sealed class Block2ServingTests : IAsyncDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly Scene _scene = new(Scene.Plain with
    {
        Blockwise = new() { TransferBytes = 8000, TransfersPerPeer = 2, IdleTimeout = TimeSpan.FromSeconds(60) },
    });

    private readonly Lockstep _peer;
    private int _id = 0x1000;

    public Block2ServingTests()
    {
        _peer = _scene.Script();
        _scene.Handler.Answer(_ => Large(Scene.Bytes(1200)));
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    // RFC 7959 figure 2 (simple block-wise GET); Size2 with the first block (§4), the entity tag with each.
    [Fact]
    public async Task Large_body_comes_by_blocks_of_one_representation()
    {
        await Ask("GET /a", "2.05 Block2:0/1/512 Size2:1200 ETag:$e", 0, 512);
        Assert.Equal(Transfers.Overhead + 1200, _scene.Endpoint.TransferBytes);
        await Ask("GET /a Block2:1/0/512", "2.05 Block2:1/1/512 ETag:$e", 512, 512);
        await Ask("GET /a Block2:2/0/512", "2.05 Block2:2/0/512 ETag:$e", 1024, 176);
        Assert.Single(_scene.Handler.Requests);
        await AssertFreeAsync();
    }

    // Figure 3: early negotiation. Figure 4: late negotiation.
    [Theory]
    [InlineData("GET /a Block2:0/0/64", 64)]
    [InlineData("GET /a Block2:0/0/1024", 512)]
    [InlineData("GET /a Block2:0/0/16", 16)]
    public async Task Peer_says_how_small_blocks_are_to_be(string line, int size)
    {
        await Ask(line, $"2.05 Block2:0/1/{size} Size2:1200 ETag:$e", 0, size);
        await Ask($"GET /a Block2:1/0/{size}", $"2.05 Block2:1/1/{size} ETag:$e", size, size);
    }

    [Fact]
    public async Task Peer_may_change_to_smaller_blocks_on_the_way()
    {
        await Ask("GET /a", "2.05 Block2:0/1/512 Size2:1200 ETag:$e", 0, 512);
        await Ask("GET /a Block2:8/0/64", "2.05 Block2:8/1/64 ETag:$e", 512, 64);
        await Ask("GET /a Block2:18/0/64", "2.05 Block2:18/0/64 ETag:$e", 1152, 48);
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Body_that_fits_comes_whole_whatever_was_asked_for()
    {
        _scene.Handler.Answer(_ => Scene.Content("small"));
        await Ask("GET /a Block2:0/0/64", "2.05 \"small\"");
        await Ask("GET /a Block2:0/0/16", "2.05 \"small\"");
        await AssertFreeAsync();
    }

    // Random access: every block can be asked for, also when nothing is kept.
    [Fact]
    public async Task Later_block_comes_without_the_ones_before_it()
    {
        await Ask("GET /a Block2:3/0/64", "2.05 Block2:3/1/64 ETag:$e", 192, 64);
        await Ask("GET /a Block2:18/0/64", "2.05 Block2:18/0/64 ETag:$e", 1152, 48);
        Assert.Single(_scene.Handler.Requests);
        await Ask("GET /a Block2:18/0/64", "2.05 Block2:18/0/64 ETag:$e", 1152, 48);
        await AssertFreeAsync();
    }

    [Theory]
    [InlineData("GET /a Block2:19/0/64", "4.02 ...")]            // beyond the end
    [InlineData("GET /a Block2:1048575/0/1024", "4.02 ...")]
    public async Task Block_beyond_the_end_is_refused(string line, string answer)
    {
        await Ask(line, answer);
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Later_block_of_an_error_or_of_nothing_is_just_that()
    {
        _scene.Handler.Answer(_ => CoapMessage.Error(CoapCode.NotFound, "nothing here"));
        await Ask("GET /a Block2:3/0/64", "4.04 \"nothing here\"");
        _scene.Handler.Answer(_ => CoapMessage.Response(CoapCode.Content));
        await Ask("GET /a Block2:3/0/64", "2.05");
        Assert.Equal(0, _scene.Telemetry.HandlerFailures);
    }

    [Fact]
    public async Task Error_is_never_sent_by_blocks()
    {
        _scene.Handler.Answer(_ => CoapMessage.Error(CoapCode.BadRequest, new string('x', 600)));
        await Ask("GET /a", "4.00");
        await AssertFreeAsync();
    }

    // What is kept stays what it was, though the resource changes; who begins again gets the new one.
    [Fact]
    public async Task Blocks_are_of_one_representation_while_it_changes()
    {
        await Ask("GET /a", "2.05 Block2:0/1/512 Size2:1200 ETag:$e", 0, 512);
        _scene.Handler.Answer(_ => Large(Scene.Bytes(700, 1)));
        await Ask("GET /a Block2:1/0/512", "2.05 Block2:1/1/512 ETag:$e", 512, 512);
        await Ask("GET /a", "2.05 Block2:0/1/512 Size2:700 ETag:$f", 0, 512, Scene.Bytes(700, 1));
        Assert.NotEqual(_peer["e"], _peer["f"]);
        await Ask("GET /a Block2:1/0/512", "2.05 Block2:1/0/512 ETag:$f", 512, 188, Scene.Bytes(700, 1));
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Bodies_of_two_requests_are_kept_apart()
    {
        _scene.Handler.Answer(r => Large(Scene.Bytes(600, r.Options.UriQuery == "x=1" ? 1 : 2)));
        await Ask("GET /a?x=1", "2.05 Block2:0/1/512 Size2:600 ETag:$e", 0, 512, Scene.Bytes(600, 1));
        await Ask("GET /a?x=2", "2.05 Block2:0/1/512 Size2:600 ETag:$f", 0, 512, Scene.Bytes(600, 2));
        await Ask("GET /a?x=1 Block2:1/0/512", "2.05 Block2:1/0/512 ETag:$e", 512, 88, Scene.Bytes(600, 1));
        await Ask("GET /a?x=2 Block2:1/0/512", "2.05 Block2:1/0/512 ETag:$f", 512, 88, Scene.Bytes(600, 2));
    }

    // RFC 8132: what a FETCH asks for stands in its body, so every block's request has it.
    [Fact]
    public async Task Fetches_of_one_path_are_kept_apart_by_their_bodies()
    {
        _scene.Handler.Answer(r => Large(Scene.Bytes(600, r.Payload.Span[0])));
        await Ask("FETCH /a \"A\"", "2.05 Block2:0/1/512 Size2:600 ETag:$e", 0, 512, Scene.Bytes(600, 'A'));
        await Ask("FETCH /a \"B\"", "2.05 Block2:0/1/512 Size2:600 ETag:$f", 0, 512, Scene.Bytes(600, 'B'));
        await Ask("FETCH /a Block2:1/0/512 \"A\"", "2.05 Block2:1/0/512 ETag:$e", 512, 88, Scene.Bytes(600, 'A'));
        await Ask("FETCH /a Block2:1/0/512 \"B\"", "2.05 Block2:1/0/512 ETag:$f", 512, 88, Scene.Bytes(600, 'B'));
    }

    // RFC 7959 figure 12: the later blocks are asked for without Block1 and without the body.
    [Theory]
    [InlineData("POST")]
    [InlineData("FETCH")]
    public async Task Answer_to_a_body_that_came_by_blocks_is_fetched_without_it(string method)
    {
        await Ask($"{method} /soap Block1:0/1/16 \"0123456789abcdef\"", "2.31 Block1:0/1/16");
        await Ask($"{method} /soap Block1:1/0/16 \"x\"", "2.05 Block1:1/0/16 Block2:0/1/512 Size2:1200 ETag:$e", 0, 512);
        await Ask($"{method} /soap Block2:1/0/512", "2.05 Block1:1/0/16 Block2:1/1/512 ETag:$e", 512, 512);
        await Ask($"{method} /soap Block2:2/0/512", "2.05 Block1:1/0/16 Block2:2/0/512 ETag:$e", 1024, 176);
        Assert.Single(_scene.Handler.Requests);
        await AssertFreeAsync();
    }

    // A request that changes something is not carried out again to make its answer again.
    [Fact]
    public async Task Later_block_of_an_answer_that_is_not_kept_is_incomplete()
    {
        await Ask("POST /a Block2:1/0/512", "4.08 ...");
        Assert.Empty(_scene.Handler.Requests);
    }

    [Fact]
    public async Task Body_source_is_read_where_the_peer_asks()
    {
        var source = new TestSource(1_000_000, tag: [7, 7]);
        _scene.Handler.Answer(_ => new CoapMessage { Code = CoapCode.Content, Body = source });
        await Ask("GET /fw", "2.05 Block2:0/1/512 Size2:1000000 ETag:0707", 0, 512, source.Bytes);
        Assert.Equal(Transfers.Overhead, _scene.Endpoint.TransferBytes);
        await Ask("GET /fw Block2:1000/0/512", "2.05 Block2:1000/1/512 ETag:0707", 512_000, 512, source.Bytes);
        await Ask("GET /fw Block2:1953/0/512", "2.05 Block2:1953/0/512 ETag:0707", 999_936, 64, source.Bytes);
        Assert.Equal(3, source.Reads);
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Body_that_cannot_be_read_is_not_kept()
    {
        _scene.Handler.Answer(_ => new CoapMessage { Code = CoapCode.Content, Body = new TestSource(2000, failsAt: 512, tag: [1]) });
        await Ask("GET /fw", "2.05 Block2:0/1/512 Size2:2000 ETag:01", 0, 512, new TestSource(2000).Bytes);
        await Ask("GET /fw Block2:1/0/512", "5.00 ...");
        await AssertFreeAsync();
        var other = new TestSource(2000, seed: 1, tag: [2]);
        _scene.Handler.Answer(_ => new CoapMessage { Code = CoapCode.Content, Body = other });
        await Ask("GET /fw Block2:1/0/512", "2.05 Block2:1/1/512 ETag:02", 512, 512, other.Bytes);
    }

    [Fact]
    public async Task Entity_tag_of_the_handler_is_kept()
    {
        _scene.Handler.Answer(_ => Large(Scene.Bytes(1200)) is var m ? m.With(m.Options.With(OptionNumber.ETag, [9]), m.Payload) : m);
        await Ask("GET /a", "2.05 Block2:0/1/512 Size2:1200 ETag:09", 0, 512);
    }

    [Fact]
    public async Task Idle_body_is_forgotten()
    {
        await Ask("GET /a", "2.05 Block2:0/1/512 Size2:1200 ETag:$e", 0, 512);
        await _scene.Network.RunAsync(59 * _second);
        await Ask("GET /a Block2:1/0/512", "2.05 Block2:1/1/512 ETag:$e", 512, 512);
        await _scene.Network.RunAsync(59 * _second);
        Assert.True(_scene.Endpoint.TransferBytes > 0);
        await _scene.Network.RunAsync(2 * _second);
        Assert.Equal(1, _scene.Telemetry.TransfersExpired);
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Vanished_peer_frees_what_it_fetched()
    {
        await Ask("GET /a", "2.05 Block2:0/1/512 Size2:1200 ETag:$e", 0, 512);
        _scene.Channel.Lose(_scene.Channel.PeerAt("10.0.0.1:40001"));
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Bodies_of_a_peer_are_limited_and_the_longest_idle_goes()
    {
        await Ask("GET /1", "2.05 Block2:0/1/512 Size2:1200 ETag:$e", 0, 512);
        await Ask("GET /2", "2.05 Block2:0/1/512 Size2:1200 ETag:$e", 0, 512);
        await Ask("GET /1 Block2:1/0/512", "2.05 Block2:1/1/512 ETag:$e", 512, 512);
        await Ask("GET /3", "2.05 Block2:0/1/512 Size2:1200 ETag:$e", 0, 512);
        Assert.Equal(2 * (Transfers.Overhead + 1200), _scene.Endpoint.TransferBytes);
        await Ask("GET /1 Block2:2/0/512", "2.05 Block2:2/0/512 ETag:$e", 1024, 176);
        Assert.Equal((3, 1), (_scene.Handler.Requests.Count, _scene.Telemetry.TransfersRefused));
    }

    // One's bodies that arrive do not push out those that it fetches.
    [Fact]
    public async Task Arriving_and_fetched_bodies_have_limits_of_their_own()
    {
        await Ask("GET /1", "2.05 Block2:0/1/512 Size2:1200 ETag:$e", 0, 512);
        await Ask("GET /2", "2.05 Block2:0/1/512 Size2:1200 ETag:$e", 0, 512);
        await Ask("PUT /3 Block1:0/1/16 \"0123456789abcdef\"", "2.31 Block1:0/1/16");
        await Ask("GET /1 Block2:1/0/512", "2.05 Block2:1/1/512 ETag:$e", 512, 512);
        Assert.Equal(2, _scene.Handler.Requests.Count);
    }

    [Fact]
    public async Task Bytes_of_all_peers_together_are_limited()
    {
        for (var i = 0; i < 4; i++)
        {
            var peer = _scene.Script();
            peer.Send("CON [0x0001] GET /a T=01");
            await peer.ExpectAsync("ACK [0x0001] 2.05 T=01 ...");
        }
        await Ask("GET /a", "5.03 ...");
        Assert.Equal(4 * (Transfers.Overhead + 1200), _scene.Endpoint.TransferBytes);
        Assert.Equal(1, _scene.Telemetry.TransfersRefused);
    }

    // RFC 7959 §2.6, figure 10: a large notification; its later blocks are asked for without Observe.
    [Theory]
    [InlineData(Delivery.Confirmable, "CON")]
    [InlineData(Delivery.NonConfirmable, "NON")]
    public async Task Large_notification_is_fetched_by_the_observer(Delivery delivery, string type)
    {
        await Ask("GET /a Observe:0", "2.05 Block2:0/1/512 Size2:1200 ETag:$e", 0, 512);
        var body = Scene.Bytes(700, 5);
        var notification = Large(body) is var m ? m.With(m.Options.With(OptionNumber.Observe, 3u), m.Payload) : m;
        var request = Scene.Message(CoapCode.Get, "/a", token: CoapToken.From([0x01]), observe: 0);
        var notified = _scene.Endpoint.NotifyAsync(_scene.Channel.PeerAt("10.0.0.1:40001"), request, notification, delivery, CancellationToken.None).AsTask();
        await _peer.ExpectAsync($"{type} [$m] 2.05 T=01 Observe:3 Block2:0/1/512 Size2:700 ETag:$f len=512");
        if (type == "CON")
        {
            _peer.Send("ACK [$m]");
        }
        await _scene.Network.UntilAsync(notified);
        await Ask("GET /a Block2:1/0/512", "2.05 Block2:1/0/512 ETag:$f", 512, 188, body);
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Learned_block_size_holds_for_answers_too()
    {
        var put = _scene.Request(_scene.PeerOf(), Scene.Message(CoapCode.Put, "/b", Scene.Bytes(300)));
        await _peer.ExpectAsync("CON [$m] PUT /b T=$t len=300");
        _peer.Send("ACK [$m] 4.13 T=$t Block1:0/0/64");
        await _peer.ExpectAsync("CON [$n] PUT /b T=$u Block1:0/1/64 Size1:300 len=64");
        _peer.Send("ACK [$n] 4.03 T=$u");
        await _scene.Network.UntilAsync(put);
        await Ask("GET /a", "2.05 Block2:0/1/64 Size2:1200 ETag:$e", 0, 64);
    }

    private static CoapMessage Large(byte[] body) => new() { Code = CoapCode.Content, Payload = body };

    // Sends a request; the answer is the line, with that part of the body as its payload.
    private async Task Ask(string request, string answer, int offset = -1, int length = 0, byte[]? body = null)
    {
        _peer.Send($"CON [0x{++_id:x4}] {request} T=01");
        var line = $"ACK [0x{_id:x4}] {answer} T=01" + (offset >= 0 ? $" len={length}" : "");
        var response = await _peer.ExpectAsync(line);
        if (offset >= 0)
        {
            Assert.Equal((body ?? Scene.Bytes(1200)).AsSpan(offset, length).ToArray(), response.Payload.ToArray());
        }
    }

    private async Task AssertFreeAsync()
    {
        await _scene.Network.RunAsync(0.1 * _second);
        Assert.Equal(0, _scene.Endpoint.TransferBytes);
        Assert.All(_scene.Channel.Peers, p => Assert.False(p.IsHeld));
    }
}
