using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>The peer sends a body by blocks that goes to a sink while it arrives (RFC 7959 §2.5): a firmware image, say.</summary>
public sealed class Block1SinkTests : IAsyncDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly Scene _scene = new(Scene.Plain with
    {
        Blockwise = new() { MaxBody = 1000, TransfersPerPeer = 2, IdleTimeout = TimeSpan.FromSeconds(60) },
    });

    private readonly Lockstep _peer;
    private readonly BlockScript _blocks;

    public Block1SinkTests()
    {
        _peer = _scene.Script();
        _blocks = new BlockScript(_peer);
        _scene.Handler.Answer(_ => CoapMessage.Response(CoapCode.Changed));
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Sink_takes_a_body_beyond_the_limit_while_it_arrives()
    {
        var sink = new TestSink();
        _scene.Handler.Open = (_, first) => first.Options.UriPath == "/5/0/0" ? sink : null;
        var body = Scene.Bytes(3000);
        for (var i = 0; i < 47; i++)
        {
            var more = i < 46 ? 1 : 0;
            Send("PUT /5/0/0 Size1:3000", $"{i}/{more}/64", body);
            await Expect(more == 1 ? "2.31" : "2.04", $"{i}/{more}/64");
            Assert.Equal(i + 1, sink.Blocks);
        }
        Assert.Equal(body, sink.Bytes);
        Assert.True(Assert.Single(_scene.Handler.Requests).Payload.IsEmpty);
        Assert.Equal(0, sink.Aborts);
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Sink_that_refuses_ends_the_transfer_with_its_code()
    {
        var sink = new TestSink { Before = i => i == 1 ? throw new CoapErrorException(CoapCode.RequestEntityTooLarge, "flash is full") : Task.CompletedTask };
        _scene.Handler.Open = (_, _) => sink;
        Send("PUT /a", "0/1/16", Scene.Bytes(48));
        await Expect("2.31", "0/1/16");
        Send("PUT /a", "1/1/16", Scene.Bytes(48));
        await _peer.ExpectAsync("ACK [$_] 4.13 T=01 \"flash is full\"");
        await AssertFreeAsync();
        Assert.Equal(1, sink.Aborts);
        Send("PUT /a", "2/0/16", Scene.Bytes(48));
        await Expect("4.08", "2/0/16");
        Assert.Empty(_scene.Handler.Requests);
    }

    [Fact]
    public async Task Handler_that_opens_no_sink_by_failing_answers_with_its_code()
    {
        _scene.Handler.Open = (_, _) => throw new CoapErrorException(CoapCode.Forbidden, "no");
        Send("PUT /a", "0/1/16", Scene.Bytes(48));
        await _peer.ExpectAsync("ACK [$_] 4.03 T=01 \"no\"");
        await AssertFreeAsync();
    }

    [Theory]
    [InlineData("vanishes")]
    [InlineData("is idle")]
    [InlineData("begins anew")]
    [InlineData("begins others")]
    [InlineData("endpoint stops")]
    public async Task Sink_is_told_once_when_the_body_does_not_come(string why)
    {
        var sinks = new List<TestSink>();
        _scene.Handler.Open = (_, _) =>
        {
            sinks.Add(new TestSink());
            return sinks[^1];
        };
        Send("PUT /a", "0/1/16", Scene.Bytes(48));
        await Expect("2.31", "0/1/16");
        switch (why)
        {
            case "vanishes":
                _scene.Channel.Lose(_scene.Channel.PeerAt("10.0.0.1:40001"));
                break;
            case "is idle":
                await _scene.Network.RunAsync(61 * _second);
                break;
            case "begins anew":
                Send("PUT /a", "0/1/16", Scene.Bytes(48));
                await Expect("2.31", "0/1/16");
                break;
            case "begins others":
                Send("PUT /b", "0/1/16", Scene.Bytes(48));
                await Expect("2.31", "0/1/16");
                Send("PUT /c", "0/1/16", Scene.Bytes(48));
                await Expect("2.31", "0/1/16");
                break;
            default:
                await _scene.Endpoint.DisposeAsync();
                Assert.Equal(0, _scene.Endpoint.TransferBytes);
                break;
        }
        Assert.Equal(1, sinks[0].Aborts);
        Assert.All(sinks.Skip(1), s => Assert.Equal(0, s.Aborts));
    }

    [Fact]
    public async Task Slow_sink_gets_one_block_at_a_time()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new TestSink { Before = i => i == 1 ? go.Task : Task.CompletedTask };
        _scene.Handler.Open = (_, _) => sink;
        var body = Scene.Bytes(48);
        Send("PUT /a", "0/1/16", body);
        await Expect("2.31", "0/1/16");
        Send("PUT /a", "1/1/16", body);
        await _peer.ExpectAsync("ACK [$_]");                     // it is taking its time
        Send("PUT /a", "1/1/16", body);                          // what does not wait for its answer is left without one
        Send("PUT /a", "2/0/16", body);
        Send("PUT /a", "0/1/16", body);
        await _peer.ExpectNothingAsync(0.4 * _second);
        go.SetResult();
        await _peer.ExpectAsync("CON [$m] 2.31 T=01 Block1:1/1/16");
        _peer.Send("ACK [$m]");
        Send("PUT /a", "2/0/16", body);
        await Expect("2.04", "2/0/16");
        Assert.Equal((body.Length, 3, 0), (sink.Bytes.Length, sink.Blocks, sink.Aborts));
        Assert.Equal(body, sink.Bytes);
        await AssertFreeAsync();
    }

    [Fact]
    public async Task Sink_that_is_writing_is_told_of_the_end_afterwards()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new TestSink { Before = i => i == 1 ? go.Task : Task.CompletedTask };
        _scene.Handler.Open = (_, _) => sink;
        Send("PUT /a", "0/1/16", Scene.Bytes(48));
        await Expect("2.31", "0/1/16");
        Send("PUT /a", "1/1/16", Scene.Bytes(48));
        await _scene.Network.RunAsync(0.1 * _second);
        _scene.Channel.Lose(_scene.Channel.PeerAt("10.0.0.1:40001"));
        Assert.Equal(0, sink.Aborts);
        go.SetResult();
        await _scene.Network.UntilAsync(() => sink.Aborts > 0);
        Assert.Equal((2, 1), (sink.Blocks, sink.Aborts));
        await AssertFreeAsync();
    }

    private void Send(string request, string block, byte[] body) => _blocks.Send(request, block, body);

    private Task<CoapMessage> Expect(string code, string block) => _blocks.ExpectAsync(code, block);

    private async Task AssertFreeAsync()
    {
        await _scene.Network.RunAsync(0.1 * _second);
        Assert.Equal(0, _scene.Endpoint.TransferBytes);
        Assert.All(_scene.Channel.Peers, p => Assert.False(p.IsHeld));
    }
}
