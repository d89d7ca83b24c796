using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>We fetch a large body from the peer (RFC 7959 §2.4, §2.6).</summary>
public sealed class Block2FetchingTests : IAsyncDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly Scene _scene = new(Scene.Plain with { Blockwise = new() { MaxBody = 1000, TransferBytes = 20_000 } });
    private readonly Lockstep _device;
    private int _asked;

    public Block2FetchingTests() => _device = _scene.Script();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Blocks_are_fetched_one_after_the_other_and_put_together()
    {
        var body = Scene.Bytes(150);
        var get = Scene.Get("/a");
        var request = _scene.Request(_scene.PeerOf(), get.With(get.Options.With(OptionNumber.UriQuery, "x=1"u8), default));
        await Serve("GET /a?x=1", "ETag:0a Content-Format:42 Block2:0/1/64 Size2:150", body[..64]);
        await Serve("GET /a?x=1 Block2:1/0/64", "ETag:0a Content-Format:42 Block2:1/1/64", body[64..128]);
        await Serve("GET /a?x=1 Block2:2/0/64", "ETag:0a Content-Format:42 Block2:2/0/64", body[128..]);
        var response = await _scene.Network.UntilAsync(request);
        Assert.Equal(body, response.Payload.ToArray());
        Assert.Equal(ContentFormat.OctetStream, response.Options.ContentFormat);
        Assert.Null(response.Options.Block2);
        Assert.Null(response.Options.GetUInt(OptionNumber.Size2));
        AssertFree();
    }

    [Fact]
    public async Task Observe_is_asked_for_once_and_told_once()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Message(CoapCode.Get, "/a", observe: 0));
        await Serve("GET /a Observe:0", "Observe:5 Block2:0/1/16", Scene.Bytes(16));
        await Serve("GET /a Block2:1/0/16", "Block2:1/0/16", Scene.Bytes(4));
        var response = await _scene.Network.UntilAsync(request);
        Assert.Equal((5u, 20), (response.Options.Observe, response.Payload.Length));
    }

    [Fact]
    public async Task Server_may_change_to_smaller_blocks_on_the_way()
    {
        var body = Scene.Bytes(110);
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await Serve("GET /a", "Block2:0/1/64", body[..64]);
        await Serve("GET /a Block2:1/0/64", "Block2:2/1/32", body[64..96]);
        await Serve("GET /a Block2:3/0/32", "Block2:3/0/32", body[96..]);
        Assert.Equal(body, (await _scene.Network.UntilAsync(request)).Payload.ToArray());
    }

    // What a server sends small for reasons of its own (an unproven address, say) does not teach us to send small.
    [Fact]
    public async Task Size_of_what_was_fetched_is_not_learned_for_what_is_sent()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await Serve("GET /a", "Block2:0/1/16", Scene.Bytes(16));
        await Serve("GET /a Block2:1/0/16", "Block2:1/0/16", Scene.Bytes(3));
        await _scene.Network.UntilAsync(request);
        _ = _scene.Request(_scene.PeerOf(), Scene.Message(CoapCode.Put, "/a", new byte[400]));
        await _device.ExpectAsync("CON [$_] PUT /a len=400");
    }

    [Fact]
    public async Task Last_block_may_be_empty()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await Serve("GET /a", "Block2:0/1/16", Scene.Bytes(16));
        await Serve("GET /a Block2:1/0/16", "Block2:1/0/16", []);
        Assert.Equal(16, (await _scene.Network.UntilAsync(request)).Payload.Length);
    }

    [Fact]
    public async Task Changed_representation_is_fetched_anew()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await Serve("GET /a", "ETag:01 Block2:0/1/16", Scene.Bytes(16, 1));
        await Serve("GET /a Block2:1/0/16", "ETag:02 Block2:1/0/16", Scene.Bytes(4, 2));
        await Serve("GET /a Block2:0/0/16", "ETag:02 Block2:0/1/16", Scene.Bytes(16, 2));
        await Serve("GET /a Block2:1/0/16", "ETag:02 Block2:1/0/16", Scene.Bytes(4, 3));
        var response = await _scene.Network.UntilAsync(request);
        Assert.Equal(Scene.Bytes(16, 2).Concat(Scene.Bytes(4, 3)), response.Payload.ToArray());
        AssertFree();
    }

    [Fact]
    public async Task Representation_that_shrinks_below_a_block_is_taken_whole()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await Serve("GET /a", "ETag:01 Block2:0/1/16", Scene.Bytes(16, 1));
        await Serve("GET /a Block2:1/0/16", "ETag:02 Block2:1/0/16", Scene.Bytes(4));
        await Serve("GET /a Block2:0/0/16", "ETag:03", Scene.Bytes(5));
        Assert.Equal(Scene.Bytes(5), (await _scene.Network.UntilAsync(request)).Payload.ToArray());
    }

    [Fact]
    public async Task Representation_that_never_stops_changing_is_given_up()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        for (var i = 0; i < 4; i++)
        {
            await Serve(i == 0 ? "GET /a" : "GET /a Block2:0/0/16", $"ETag:0{i} Block2:0/1/16", Scene.Bytes(16));
            await Serve("GET /a Block2:1/0/16", $"ETag:0{i + 1} Block2:1/0/16", Scene.Bytes(4));
        }
        await AssertUnusableAsync(request);
    }

    // Asking for the first block of a POST's answer again would be another POST.
    [Fact]
    public async Task Changed_answer_to_what_is_not_safe_is_given_up()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Message(CoapCode.Post, "/a", [1]));
        await Serve("POST /a x'01'", "ETag:01 Block2:0/1/16", Scene.Bytes(16));
        await Serve("POST /a Block2:1/0/16", "ETag:02 Block2:1/0/16", Scene.Bytes(4));
        await AssertUnusableAsync(request);
        await _device.ExpectNothingAsync(60 * _second);
    }

    [Fact]
    public async Task Tag_on_the_first_block_alone_says_nothing_of_a_change()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await Serve("GET /a", "ETag:01 Block2:0/1/16", Scene.Bytes(16));
        await Serve("GET /a Block2:1/0/16", "Block2:1/0/16", Scene.Bytes(4));
        Assert.Equal(20, (await _scene.Network.UntilAsync(request)).Payload.Length);
    }

    [Theory]
    [InlineData("Block2:0/1/16", 15)]
    [InlineData("Block2:0/1/16", 17)]
    [InlineData("Block2:0/1/64 Size2:1001", 64)]
    public async Task First_block_that_cannot_be_is_refused(string options, int length)
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await Serve("GET /a", options, Scene.Bytes(length));
        await AssertUnusableAsync(request);
        await _device.ExpectNothingAsync(60 * _second);
    }

    [Theory]
    [InlineData("2.05 Block2:2/0/16", 4)]           // another block
    [InlineData("2.05 Block2:0/1/16", 16)]
    [InlineData("2.05 Block2:1/1/16", 12)]          // too short for one that is not the last
    [InlineData("2.05 Block2:1/0/16", 17)]          // longer than its size
    [InlineData("2.05", 4)]                         // no block at all
    [InlineData("4.04", 0)]
    [InlineData("4.08", 0)]
    public async Task Later_block_that_does_not_fit_is_refused(string answer, int length)
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await Serve("GET /a", "Block2:0/1/16", Scene.Bytes(16));
        await Serve("GET /a Block2:1/0/16", answer[4..], Scene.Bytes(length), answer[..4]);
        await AssertUnusableAsync(request);
    }

    [Fact]
    public async Task Body_that_never_ends_is_given_up_at_the_limit()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await Serve("GET /a", "Block2:0/1/256", Scene.Bytes(256));
        for (var i = 1; i < 4; i++)
        {
            await Serve($"GET /a Block2:{i}/0/256", $"Block2:{i}/1/256", Scene.Bytes(256));
        }
        await AssertUnusableAsync(request);
    }

    [Fact]
    public async Task Bytes_of_all_that_is_fetched_are_limited()
    {
        await using var scene = new Scene(Scene.Plain with { Blockwise = new() { TransferBytes = 10_000 } });
        var (one, two) = (scene.Script(), scene.Script());
        var first = scene.Request(scene.PeerOf(1), Scene.Get("/a"));
        await one.ExpectAsync("CON [$m] GET /a T=$t");
        one.Send("ACK [$m] 2.05 T=$t Block2:0/1/16 \"0123456789abcdef\"");
        await one.ExpectAsync("CON [$n] GET /a T=$u Block2:1/0/16");
        var second = scene.Request(scene.PeerOf(2), Scene.Get("/a"));
        await two.ExpectAsync("CON [$m] GET /a T=$t");
        two.Send("ACK [$m] 2.05 T=$t Block2:0/1/16 \"0123456789abcdef\"");
        await Assert.ThrowsAsync<CoapBodyException>(() => scene.Network.UntilAsync(second));
        Assert.Equal(1, scene.Telemetry.TransfersRefused);
        one.Send("ACK [$n] 2.05 T=$u Block2:1/0/16 \"x\"");
        await scene.Network.UntilAsync(first);
        Assert.Equal(0, scene.Endpoint.TransferBytes);
    }

    [Fact]
    public async Task Silence_on_the_way_fails_the_request_and_frees_its_body()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await Serve("GET /a", "Block2:0/1/16", Scene.Bytes(16));
        await Assert.ThrowsAsync<CoapTimeoutException>(() => _scene.Network.UntilAsync(request));
        AssertFree();
    }

    [Fact]
    public async Task Cancelling_ends_the_transfer()
    {
        using var cancel = new CancellationTokenSource();
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"), cancel.Token);
        await Serve("GET /a", "Block2:0/1/16", Scene.Bytes(16));
        await _device.ExpectAsync("CON [$_] GET /a Block2:1/0/16");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _scene.Network.UntilAsync(request));
        await _device.ExpectNothingAsync(60 * _second);
        AssertFree();
    }

    // The caller may ask for one block only.
    [Fact]
    public async Task Later_block_that_was_asked_for_is_given_alone()
    {
        var get = Scene.Get("/a");
        var request = _scene.Request(_scene.PeerOf(), get.With(get.Options.With(OptionNumber.Block2, new BlockOption(5, false, 0).Value), default));
        await Serve("GET /a Block2:5/0/16", "Block2:5/1/16", Scene.Bytes(16));
        Assert.Equal("5/1/16", (await _scene.Network.UntilAsync(request)).Options.Block2.ToString());
    }

    [Fact]
    public async Task Fetch_asks_with_its_body_for_every_block()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Message(CoapCode.Fetch, "/a", "what"u8.ToArray()));
        await Serve("FETCH /a \"what\"", "Block2:0/1/16", Scene.Bytes(16));
        await Serve("FETCH /a Block2:1/0/16 \"what\"", "Block2:1/0/16", Scene.Bytes(2));
        Assert.Equal(18, (await _scene.Network.UntilAsync(request)).Payload.Length);
    }

    [Fact]
    public async Task Block_that_wants_an_echo_gets_it()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await Serve("GET /a", "Block2:0/1/16", Scene.Bytes(16));
        await Serve("GET /a Block2:1/0/16", "Echo:e0", [], "4.01");
        await Serve("GET /a Block2:1/0/16 Echo:e0", "Block2:1/0/16", Scene.Bytes(2));
        Assert.Equal(18, (await _scene.Network.UntilAsync(request)).Payload.Length);
    }

    // RFC 7959 figure 10: acknowledged at once, fetched, and then given to its owner whole.
    [Theory]
    [InlineData("CON")]
    [InlineData("NON")]
    public async Task Large_notification_is_fetched_whole(string type)
    {
        Observe(out var token);
        _device.Send($"{type} [0x0001] 2.05 T={token} Observe:62 ETag:01 Block2:0/1/16 \"0123456789abcdef\"");
        // The acknowledgement does not wait for the rest; which of the two leaves first is the threads' affair.
        var asks = await _device.NextAsync();
        if (type == "CON")
        {
            var second = await _device.NextAsync();
            var acknowledgement = asks.Length == CoapDatagram.HeaderSize ? asks : second;
            asks = asks.Length == CoapDatagram.HeaderSize ? second : asks;
            Assert.Equal([0x60, 0, 0, 1], acknowledgement);
        }
        Assert.Equal(ParseError.None, CoapDatagram.Parse(asks, out var get));
        Assert.Equal("1/0/16", get.ToMessage().Options.Block2.ToString());
        _device.Send($"ACK [0x{get.MessageId:x4}] 2.05 T={get.Token} ETag:01 Block2:1/0/16 \"ghi\"");
        await _scene.Network.UntilAsync(() => !_scene.Handler.Notifications.IsEmpty);
        var notification = Assert.Single(_scene.Handler.Notifications);
        Assert.Equal("0123456789abcdefghi"u8.ToArray(), notification.Payload.ToArray());
        Assert.Equal(62u, notification.Options.Observe);
        AssertFree();
    }

    [Fact]
    public async Task Notification_whose_content_changes_meanwhile_stays_a_notification()
    {
        Observe(out var token);
        _device.Send($"NON [0x0001] 2.05 T={token} Observe:62 ETag:01 Block2:0/1/16 \"0123456789abcdef\"");
        await Serve("GET /3303/0", "ETag:02 Block2:1/0/16", "ghi"u8.ToArray(), options: "Block2:1/0/16");
        await Serve("GET /3303/0", "ETag:02", "new"u8.ToArray(), options: "Block2:0/0/16");
        await _scene.Network.UntilAsync(() => !_scene.Handler.Notifications.IsEmpty);
        var notification = Assert.Single(_scene.Handler.Notifications);
        Assert.Equal("new"u8.ToArray(), notification.Payload.ToArray());
        Assert.Equal(62u, notification.Options.Observe);
    }

    [Fact]
    public async Task Notification_that_cannot_be_fetched_is_left_out_and_frees_its_place()
    {
        Observe(out var token);
        _device.Send($"NON [0x0001] 2.05 T={token} Observe:62 Block2:0/1/16 \"0123456789abcdef\"");
        await Serve("GET /3303/0", "", [], "4.04", options: "Block2:1/0/16");
        await _scene.Network.RunAsync(_second);
        Assert.Empty(_scene.Handler.Notifications);
        AssertFree();
    }

    private void Observe(out CoapToken token)
    {
        token = _scene.Endpoint.NewToken();
        _scene.Handler.Knows(token, Scene.Message(CoapCode.Get, "/3303/0", token: token, observe: 0));
    }

    // Expects a request and answers it.
    private async Task Serve(string request, string answer, byte[] payload, string code = "2.05", string options = "")
    {
        var n = ++_asked;
        await _device.ExpectAsync($"CON [$m{n}] {request} {options} T=$t{n}");
        _device.Send($"ACK [$m{n}] {code} T=$t{n} {answer}" + (payload.Length > 0 ? $" x'{Convert.ToHexStringLower(payload)}'" : ""));
    }

    private async Task AssertUnusableAsync(Task<CoapMessage> request)
    {
        await Assert.ThrowsAsync<CoapBodyException>(() => _scene.Network.UntilAsync(request));
        AssertFree();
    }

    private void AssertFree()
    {
        Assert.Equal((0, 0), (_scene.Endpoint.TransferBytes, _scene.Endpoint.PendingCount));
        Assert.False(_scene.PeerOf().IsHeld);
    }
}
