using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>The peer sends a body by blocks (RFC 7959 §2.5, §3.2).</summary>
public sealed class Block1ReceivingTests : IAsyncDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private static readonly CoapSettings _small =
        Scene.Plain with { Blockwise = new() { MaxBody = 1000, TransferBytes = 5000, TransfersPerPeer = 2, IdleTimeout = TimeSpan.FromSeconds(60) } };

    private readonly Scene _scene = new(_small);
    private readonly Lockstep _peer;
    private readonly BlockScript _blocks;

    public Block1ReceivingTests()
    {
        _peer = _scene.Script();
        _blocks = new BlockScript(_peer);
        _scene.Handler.Answer(_ => CoapMessage.Response(CoapCode.Changed));
    }

    private CoapMessage Taken => Assert.Single(_scene.Handler.Requests);

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    // RFC 7959 figure 7 (simple atomic block-wise PUT).
    [Fact]
    public async Task Blocks_are_assembled_and_handled_once()
    {
        var body = Scene.Bytes(300);
        Send("PUT /options", "0/1/128", body);
        await Expect("2.31", "0/1/128");
        Send("PUT /options", "1/1/128", body);
        await Expect("2.31", "1/1/128");
        Assert.Empty(_scene.Handler.Requests);
        Assert.Equal(Transfers.Overhead + 256, _scene.Endpoint.TransferBytes);
        Send("PUT /options", "2/0/128", body);
        await Expect("2.04", "2/0/128");
        Assert.Equal(body, Taken.Payload.ToArray());
        Assert.Null(Taken.Options.Block1);
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Body_in_one_block_is_handled_at_once()
    {
        Send("PUT /a", "0/0/64", Scene.Bytes(10));
        await Expect("2.04", "0/0/64");
        Assert.Equal(10, Taken.Payload.Length);
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Copy_of_a_block_is_answered_alike()
    {
        var body = Scene.Bytes(48);
        Send("PUT /a", "0/1/16", body);
        await Expect("2.31", "0/1/16");
        var line = Line("PUT /a", "1/1/16", body);
        _peer.Send(line);
        await Expect("2.31", "1/1/16");
        _peer.Send(line);
        await _peer.NextAsync();
        Send("PUT /a", "1/1/16", body);                 // and in a message of its own
        await Expect("2.31", "1/1/16");
        Send("PUT /a", "0/1/16", body);                 // the first one begins anew
        await Expect("2.31", "0/1/16");
        Send("PUT /a", "1/1/16", body);
        await Expect("2.31", "1/1/16");
        Send("PUT /a", "2/0/16", body);
        await Expect("2.04", "2/0/16");
        Assert.Equal(body, Taken.Payload.ToArray());
        await AssertFreeAsync();
    }

    [Theory]
    [InlineData("1/1/16")]
    [InlineData("2/1/16")]
    [InlineData("1/0/16")]
    [InlineData("1048575/0/16")]
    public async Task Block_without_the_ones_before_it_is_incomplete(string block)
    {
        Send("PUT /a", block, Scene.Bytes(16), whole: true);
        await Expect("4.08", block);
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Gap_is_incomplete_and_can_be_filled()
    {
        var body = Scene.Bytes(64);
        Send("PUT /a", "0/1/16", body);
        await Expect("2.31", "0/1/16");
        Send("PUT /a", "2/1/16", body);
        await Expect("4.08", "2/1/16");
        Send("PUT /a", "3/0/16", body);
        await Expect("4.08", "3/0/16");
        Send("PUT /a", "1/1/16", body);
        await Expect("2.31", "1/1/16");
        Send("PUT /a", "2/1/16", body);
        await Expect("2.31", "2/1/16");
        Send("PUT /a", "3/0/16", body);
        await Expect("2.04", "3/0/16");
        Assert.Equal(body, Taken.Payload.ToArray());
    }

    [Theory]
    [InlineData("0/1/16", 15)]
    [InlineData("0/1/16", 17)]
    [InlineData("0/1/16", 0)]
    [InlineData("0/0/16", 17)]
    public async Task Block_of_a_wrong_length_is_bad(string block, int length)
    {
        Send("PUT /a", block, Scene.Bytes(length), whole: true);
        await _peer.ExpectAsync("ACK [$_] 4.00 ...");
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Size_of_blocks_may_change_on_the_way()
    {
        var body = Scene.Bytes(200);
        Send("PUT /a", "0/1/64", body);
        await Expect("2.31", "0/1/64");
        for (var i = 4; i < 12; i++)
        {
            Send("PUT /a", $"{i}/1/16", body);
            await Expect("2.31", $"{i}/1/16");
        }
        Send("PUT /a", "12/0/16", body);
        await Expect("2.04", "12/0/16");
        Assert.Equal(body, Taken.Payload.ToArray());
    }

    // Two queries or two Request-Tags: two bodies (RFC 7959 §2.5, RFC 9175 §3.3).
    [Theory]
    [InlineData("PUT /a?x=1", "PUT /a?x=2")]
    [InlineData("PUT /a", "POST /a")]
    [InlineData("PUT /a Request-Tag:01", "PUT /a Request-Tag:02")]
    [InlineData("PUT /a", "PUT /a Request-Tag:")]
    [InlineData("PUT /a Content-Format:0", "PUT /a Content-Format:42")]
    public async Task Interleaved_bodies_are_kept_apart(string one, string two)
    {
        var (first, second) = (Scene.Bytes(40, 1), Scene.Bytes(40, 2));
        for (var i = 0; i < 3; i++)
        {
            var block = $"{i}/{(i < 2 ? 1 : 0)}/16";
            Send(one, block, first);
            await Expect(i < 2 ? "2.31" : "2.04", block);
            Send(two, block, second);
            await Expect(i < 2 ? "2.31" : "2.04", block);
        }
        Assert.Equal([first, second], _scene.Handler.Requests.Select(r => r.Payload.ToArray()));
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Bodies_of_two_peers_are_kept_apart()
    {
        var other = _scene.Script();
        var (first, second) = (Scene.Bytes(32, 1), Scene.Bytes(32, 2));
        Send("PUT /a", "0/1/16", first);
        await Expect("2.31", "0/1/16");
        other.Send(Line("PUT /a", "0/1/16", second));
        await other.NextAsync();
        Send("PUT /a", "1/0/16", first);
        await Expect("2.04", "1/0/16");
        Assert.Equal(first, Taken.Payload.ToArray());
    }

    [Fact]
    public async Task Size_that_is_told_beforehand_is_refused_beforehand()
    {
        Send("PUT /a Size1:1001", "0/1/64", Scene.Bytes(64), whole: true);
        await _peer.ExpectAsync("ACK [$_] 4.13 T=01 Block1:0/0/64 Size1:1000");
        await AssertFreeAsync();
        Assert.Empty(_scene.Handler.Requests);
    }

    [Fact]
    public async Task Body_that_grows_beyond_the_limit_is_refused()
    {
        var body = Scene.Bytes(1200);
        for (var i = 0; i < 15; i++)
        {
            Send("PUT /a", $"{i}/1/64", body);
            await Expect("2.31", $"{i}/1/64");
        }
        Send("PUT /a", "15/1/64", body);
        await _peer.ExpectAsync("ACK [$_] 4.13 T=01 Block1:15/0/64 Size1:1000");
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Bytes_of_all_peers_together_are_limited()
    {
        var peers = Enumerable.Range(0, 8).Select(_ => _scene.Script()).ToArray();
        foreach (var peer in peers)
        {
            peer.Send(Line("PUT /a", "0/1/64", Scene.Bytes(64)));
            var answer = await peer.NextAsync();
            Assert.Equal(CoapCode.Continue.Value, answer[1]);
        }
        Assert.Equal(8 * (Transfers.Overhead + 64), _scene.Endpoint.TransferBytes);
        Send("PUT /a", "0/1/64", Scene.Bytes(64));
        await _peer.ExpectAsync("ACK [$_] 5.03 ...");
        Assert.Equal(1, _scene.Telemetry.TransfersRefused);
        await _scene.Network.RunAsync(61 * _second);
        await AssertFreeAsync();
        Assert.Equal(8, _scene.Telemetry.TransfersExpired);
    }

    [Fact]
    public async Task Longest_idle_body_of_a_peer_makes_room()
    {
        var body = Scene.Bytes(32);
        Send("PUT /1", "0/1/16", body);
        await Expect("2.31", "0/1/16");
        Send("PUT /2", "0/1/16", body);
        await Expect("2.31", "0/1/16");
        Send("PUT /1", "0/1/16", body);
        await Expect("2.31", "0/1/16");
        Send("PUT /3", "0/1/16", body);
        await Expect("2.31", "0/1/16");
        Send("PUT /2", "1/0/16", body);
        await Expect("4.08", "1/0/16");
        Send("PUT /1", "1/0/16", body);
        await Expect("2.04", "1/0/16");
        Assert.Equal(1, _scene.Telemetry.TransfersRefused);
    }

    [Fact]
    public async Task Idle_body_is_forgotten()
    {
        Send("PUT /a", "0/1/16", Scene.Bytes(32));
        await Expect("2.31", "0/1/16");
        await _scene.Network.RunAsync(59 * _second);
        Send("PUT /a", "0/1/16", Scene.Bytes(32));
        await Expect("2.31", "0/1/16");
        await _scene.Network.RunAsync(59 * _second);
        Assert.True(_scene.Endpoint.TransferBytes > 0);
        await _scene.Network.RunAsync(2 * _second);
        await AssertFreeAsync();
        Send("PUT /a", "1/0/16", Scene.Bytes(32));
        await Expect("4.08", "1/0/16");
    }

    [Fact]
    public async Task Vanished_peer_frees_what_it_held()
    {
        Send("PUT /a", "0/1/16", Scene.Bytes(32));
        await Expect("2.31", "0/1/16");
        _scene.Channel.Lose(_scene.Channel.PeerAt("10.0.0.1:40001"));
        await AssertFreeAsync();
    }

    private void Send(string request, string block, byte[] body, bool whole = false) => _blocks.Send(request, block, body, whole);

    private string Line(string request, string block, byte[] body) => _blocks.Line(request, block, body);

    private Task<CoapMessage> Expect(string code, string block) => _blocks.ExpectAsync(code, block);

    private Task AssertFreeAsync() => _scene.AssertFreeAsync();
}
