using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>We send a body by blocks (RFC 7959 §2.5, §3.2).</summary>
public sealed class Block1SendingTests : IAsyncDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly Scene _scene = new();
    private readonly Lockstep _device;

    public Block1SendingTests() => _device = _scene.Script();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Body_of_one_block_goes_in_one_piece()
    {
        var request = Put(512);
        await _device.ExpectAsync("CON [$m] PUT /a T=$t len=512");
        _device.Send("ACK [$m] 2.04 T=$t");
        await _scene.Network.UntilAsync(request);
    }

    // RFC 7959 figure 7; the first block tells the size of all (§4).
    [Fact]
    public async Task Larger_body_goes_by_blocks()
    {
        var request = Put(1200);
        await _device.ExpectAsync("CON [$m1] PUT /a T=$t1 Block1:0/1/512 Size1:1200 len=512");
        _device.Send("ACK [$m1] 2.31 T=$t1 Block1:0/1/512");
        await _device.ExpectAsync("CON [$m2] PUT /a T=$t2 Block1:1/1/512 len=512");
        _device.Send("ACK [$m2] 2.31 T=$t2 Block1:1/1/512");
        await _device.ExpectAsync("CON [$m3] PUT /a T=$t3 Block1:2/0/512 len=176");
        _device.Send("ACK [$m3] 2.04 T=$t3 Block1:2/0/512");
        Assert.Equal(CoapCode.Changed, (await _scene.Network.UntilAsync(request)).Code);
    }

    // Figure 8: a server that carries out each block by itself says so by M=0.
    [Fact]
    public async Task Server_that_handles_each_block_by_itself_gets_them_all()
    {
        var request = Put(1100);
        for (var i = 0; i < 3; i++)
        {
            await _device.ExpectAsync($"CON [$m{i}] PUT /a T=$t{i} Block1:{i}/{(i < 2 ? 1 : 0)}/512 ...");
            _device.Send($"ACK [$m{i}] 2.04 T=$t{i} Block1:{i}/0/512");
        }
        Assert.Equal(CoapCode.Changed, (await _scene.Network.UntilAsync(request)).Code);
    }

    // Figure 9: late negotiation. The size that was agreed on is learned for this device.
    [Fact]
    public async Task Smaller_blocks_are_taken_up_on_the_way_and_remembered()
    {
        var request = Put(1100);
        await _device.ExpectAsync("CON [$m] PUT /a T=$t Block1:0/1/512 Size1:1100 len=512");
        _device.Send("ACK [$m] 2.31 T=$t Block1:0/1/256");
        for (var i = 2; i < 5; i++)
        {
            await _device.ExpectAsync($"CON [$m{i}] PUT /a T=$t{i} Block1:{i}/{(i < 4 ? 1 : 0)}/256 ...");
            _device.Send($"ACK [$m{i}] {(i < 4 ? "2.31" : "2.04")} T=$t{i} Block1:{i}/{(i < 4 ? 1 : 0)}/256");
        }
        await _scene.Network.UntilAsync(request);
        _ = Put(300);
        await _device.ExpectAsync("CON [$n] PUT /a T=$u Block1:0/1/256 Size1:300 len=256");
        _device.Send("RST [$n]");
        _ = _scene.Request(_scene.PeerOf(), Scene.Get("/b"));
        await _device.ExpectAsync("CON [$o] GET /b Block2:0/0/256");            // and hinted at (early negotiation, §2.4)
    }

    // RFC 7959 §2.9.3: 4.13 with a smaller size asks to begin again with it.
    [Theory]
    [InlineData(512, "len=512")]
    [InlineData(700, "Block1:0/1/512 Size1:700 len=512")]
    public async Task Too_large_with_a_hint_begins_again_with_smaller_blocks(int length, string first)
    {
        var request = Put(length);
        await _device.ExpectAsync($"CON [$m] PUT /a T=$t {first}");
        _device.Send("ACK [$m] 4.13 T=$t Block1:0/0/128");
        var blocks = (length + 127) / 128;
        for (var i = 0; i < blocks; i++)
        {
            var more = i < blocks - 1;
            await _device.ExpectAsync($"CON [$m{i}] PUT /a T=$t{i} Block1:{i}/{(more ? 1 : 0)}/128 ...");
            _device.Send($"ACK [$m{i}] {(more ? "2.31" : "2.04")} T=$t{i} Block1:{i}/{(more ? 1 : 0)}/128");
        }
        Assert.Equal(CoapCode.Changed, (await _scene.Network.UntilAsync(request)).Code);
    }

    [Theory]
    [InlineData("4.13")]
    [InlineData("4.13 Size1:100")]
    [InlineData("4.13 Block1:0/0/512")]
    [InlineData("4.03")]
    [InlineData("2.04")]
    public async Task Final_response_ends_the_transfer_early(string response)
    {
        var request = Put(1100);
        await _device.ExpectAsync("CON [$m] PUT /a T=$t Block1:0/1/512 Size1:1100 len=512");
        _device.Send($"ACK [$m] {response} T=$t");
        Assert.Equal(response[..4], (await _scene.Network.UntilAsync(request)).Code.ToString());
        await _device.ExpectNothingAsync(60 * _second);
    }

    // The device has lost the first blocks, after a reboot say: once more, but not for ever.
    [Fact]
    public async Task Incomplete_begins_again_a_few_times()
    {
        var request = Put(600);
        for (var i = 0; i < 4; i++)
        {
            await _device.ExpectAsync($"CON [$m{i}] PUT /a T=$t{i} Block1:0/1/512 Size1:600 len=512");
            _device.Send($"ACK [$m{i}] 2.31 T=$t{i} Block1:0/1/512");
            await _device.ExpectAsync($"CON [$n{i}] PUT /a T=$u{i} Block1:1/0/512 len=88");
            _device.Send($"ACK [$n{i}] 4.08 T=$u{i}");
        }
        Assert.Equal(CoapCode.RequestEntityIncomplete, (await _scene.Network.UntilAsync(request)).Code);
    }

    [Fact]
    public async Task Lost_blocks_fail_the_request()
    {
        var request = Put(600);
        await _device.ExpectAsync("CON [$m] PUT /a T=$t Block1:0/1/512 Size1:600 len=512");
        _device.Send("ACK [$m] 2.31 T=$t Block1:0/1/512");
        await Assert.ThrowsAsync<CoapTimeoutException>(() => _scene.Network.UntilAsync(request));
    }

    [Fact]
    public async Task Body_source_is_read_block_by_block()
    {
        var source = new TestSource(1300);
        var request = _scene.Request(_scene.PeerOf(), new CoapMessage { Code = CoapCode.Put, Options = Scene.Get("/5/0/0").Options, Body = source });
        var received = new List<byte>();
        for (var i = 0; i < 3; i++)
        {
            var message = await _device.ExpectAsync($"CON [$m{i}] PUT /5/0/0 T=$t{i} ...");
            Assert.Equal(i + 1, source.Reads);
            received.AddRange(message.Payload.ToArray());
            _device.Send($"ACK [$m{i}] {(i < 2 ? "2.31" : "2.04")} T=$t{i} Block1:{i}/{(i < 2 ? 1 : 0)}/512");
        }
        await _scene.Network.UntilAsync(request);
        Assert.Equal(source.Bytes, received);
    }

    [Fact]
    public async Task Body_source_that_fails_fails_the_request()
    {
        var source = new TestSource(1300, failsAt: 512);
        var request = _scene.Request(_scene.PeerOf(), new CoapMessage { Code = CoapCode.Put, Options = Scene.Get("/a").Options, Body = source });
        await _device.ExpectAsync("CON [$m] PUT /a T=$t ...");
        _device.Send("ACK [$m] 2.31 T=$t Block1:0/1/512");
        await Assert.ThrowsAsync<IOException>(() => _scene.Network.UntilAsync(request));
    }

    // RFC 9175 §3.3: two bodies on their way at the same time are told apart.
    [Fact]
    public async Task Second_body_at_the_same_time_has_a_tag()
    {
        var (first, second) = (Put(600), Put(600));
        await _device.ExpectAsync("CON [$m1] PUT /a T=$t1 Block1:0/1/512 Size1:600 len=512");
        _device.Send("ACK [$m1] 2.31 T=$t1 Block1:0/1/512");
        await _device.ExpectAsync("CON [$m2] PUT /a T=$t2 Block1:0/1/512 Size1:600 Request-Tag:$tag len=512");
        _device.Send("ACK [$m2] 2.31 T=$t2 Block1:0/1/512");
        await _device.ExpectAsync("CON [$m3] PUT /a T=$t3 Block1:1/0/512 len=88");
        _device.Send("ACK [$m3] 2.04 T=$t3 Block1:1/0/512");
        await _device.ExpectAsync("CON [$m4] PUT /a T=$t4 Block1:1/0/512 Request-Tag:$tag len=88");
        _device.Send("ACK [$m4] 2.04 T=$t4 Block1:1/0/512 Block2:0/1/16 \"0123456789abcdef\"");
        await _device.ExpectAsync("CON [$m5] PUT /a T=$t5 Block2:1/0/16 Request-Tag:$tag");
        _device.Send("ACK [$m5] 2.04 T=$t5 Block2:1/0/16 \"x\"");
        await _scene.Network.UntilAsync(Task.WhenAll(first, second));
        _ = Put(600);
        await _device.ExpectAsync("CON [$_] PUT /a Block1:0/1/512 Size1:600 len=512");
    }

    // RFC 7959 figure 12 and 13: body and answer both by blocks.
    [Fact]
    public async Task Answer_to_a_body_may_come_by_blocks_too()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Message(CoapCode.Post, "/soap", Scene.Bytes(700)));
        await _device.ExpectAsync("CON [$m1] POST /soap T=$t1 Block1:0/1/512 Size1:700 len=512");
        _device.Send("ACK [$m1] 2.31 T=$t1 Block1:0/1/512");
        await _device.ExpectAsync("CON [$m2] POST /soap T=$t2 Block1:1/0/512 len=188");
        _device.Send("ACK [$m2] 2.04 T=$t2 Block1:1/0/512 Block2:0/1/16 \"0123456789abcdef\"");
        await _device.ExpectAsync("CON [$m3] POST /soap T=$t3 Block2:1/0/16");
        _device.Send("ACK [$m3] 2.04 T=$t3 Block2:1/1/16 \"ghijklmnopqrstuv\"");
        await _device.ExpectAsync("CON [$m4] POST /soap T=$t4 Block2:2/0/16");
        _device.Send("ACK [$m4] 2.04 T=$t4 Block2:2/0/16 \"wxyz\"");
        var response = await _scene.Network.UntilAsync(request);
        Assert.Equal("0123456789abcdefghijklmnopqrstuvwxyz"u8.ToArray(), response.Payload.ToArray());
        Assert.Equal(CoapCode.Changed, response.Code);
    }

    [Fact]
    public async Task Every_block_wants_its_echo_back_if_asked()
    {
        var request = Put(600);
        await _device.ExpectAsync("CON [$m1] PUT /a T=$t1 Block1:0/1/512 Size1:600 len=512");
        _device.Send("ACK [$m1] 4.01 T=$t1 Echo:aa");
        await _device.ExpectAsync("CON [$m2] PUT /a T=$t2 Block1:0/1/512 Size1:600 Echo:aa len=512");
        _device.Send("ACK [$m2] 2.31 T=$t2 Block1:0/1/512");
        await _device.ExpectAsync("CON [$m3] PUT /a T=$t3 Block1:1/0/512 len=88");
        _device.Send("ACK [$m3] 2.04 T=$t3");
        await _scene.Network.UntilAsync(request);
    }

    [Fact]
    public async Task Token_of_the_caller_stands_on_every_block()
    {
        var token = _scene.Endpoint.NewToken();
        var request = _scene.Request(_scene.PeerOf(), Scene.Message(CoapCode.Fetch, "/", Scene.Bytes(600), token, observe: 0));
        await _device.ExpectAsync($"CON [$m1] FETCH T={token} Observe:0 Block1:0/1/512 Size1:600 len=512");
        _device.Send($"ACK [$m1] 2.31 T={token} Block1:0/1/512");
        await _device.ExpectAsync($"CON [$m2] FETCH T={token} Observe:0 Block1:1/0/512 len=88");
        _device.Send($"ACK [$m2] 2.05 T={token} Observe:1 Block1:1/0/512 \"x\"");
        await _scene.Network.UntilAsync(request);
    }

    private Task<CoapMessage> Put(int length) => _scene.Request(_scene.PeerOf(), Scene.Message(CoapCode.Put, "/a", Scene.Bytes(length)));
}
