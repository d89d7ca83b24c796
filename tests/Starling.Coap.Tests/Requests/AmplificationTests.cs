using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>What may go to an address that nobody has proven (docs/decisions/0004): at most max(3 × received, 136) bytes.</summary>
public sealed class AmplificationTests : IAsyncDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly Scene _scene;
    private readonly Lockstep _peer;

    public AmplificationTests()
    {
        _scene = new Scene();
        _scene.Channel.AddressesMayBeForged = true;
        _peer = _scene.Script();
    }

    private Peer Peer => _scene.Channel.PeerAt("10.0.0.1:40001");

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Small_response_goes_out_at_once()
    {
        _peer.Send("CON [0x0001] GET /a T=01");
        await _peer.ExpectAsync("ACK [0x0001] 2.05 T=01 \"/a\"");
        AssertWithinBudget();
    }

    // First the blocks get smaller, to 16 bytes; when not even one fits, an Echo has to come back (RFC 9175 §2.4).
    [Fact]
    public async Task Large_response_comes_in_small_blocks_and_then_wants_an_echo()
    {
        _scene.Handler.Answer(_ => Large());
        _peer.Send("CON [0x0001] GET /a T=01");
        await _peer.ExpectAsync("ACK [0x0001] 2.05 T=01 Block2:0/1/64 Size2:1000 ETag:$e len=64");
        _peer.Send("CON [0x0002] GET /a T=02 Block2:1/0/64");
        await _peer.ExpectAsync("ACK [0x0002] 4.01 T=02 Echo:$echo");
        AssertWithinBudget();
        await _scene.Network.RunAsync(60 * _second);
        _peer.Send("CON [0x0003] GET /a T=03 Block2:1/0/64 Echo:$echo");
        await _peer.ExpectAsync("ACK [0x0003] 2.05 T=03 Block2:1/1/64 ETag:$e len=64");
        Assert.Equal(int.MaxValue, _scene.Layer.Allowance(Peer));
        _peer.Send("CON [0x0004] GET /b T=04");
        await _peer.ExpectAsync("ACK [0x0004] 2.05 T=04 Block2:0/1/512 Size2:1000 ETag:$_ len=512");
    }

    [Fact]
    public async Task Echo_of_another_address_or_time_proves_nothing()
    {
        _scene.Handler.Answer(_ => Large());
        await DrainAsync(_peer);
        await AskAsync(_peer, "CON [0x0101] GET /a T=01", "ACK [0x0101] 4.01 T=01 Echo:$echo");
        var thief = _scene.Script();
        await DrainAsync(thief);
        thief["echo"] = _peer["echo"];
        await AskAsync(thief, "CON [0x0102] GET /a T=02 Echo:$echo", "ACK [0x0102] 4.01 T=02 Echo:$other");
        await _scene.Network.RunAsync(241 * _second);
        await AskAsync(_peer, "CON [0x0103] GET /a T=03 Echo:$echo", "ACK [0x0103] 4.01 T=03 Echo:$new");
        Assert.NotEqual(int.MaxValue, _scene.Layer.Allowance(Peer));
    }

    [Fact]
    public async Task Response_without_payload_is_never_replaced_by_an_echo()
    {
        _scene.Handler.Answer(_ => CoapMessage.Response(CoapCode.Changed));
        for (var i = 1; i < 60; i++)
        {
            _peer.Send($"CON [0x{i:x4}] POST /rd/x?lt=300 T=01");
            await _peer.ExpectAsync($"ACK [0x{i:x4}] 2.04 T=01");
        }
        AssertWithinBudget();
    }

    // Asking again would carry it out again.
    [Fact]
    public async Task Request_that_changes_something_is_never_asked_for_again()
    {
        _scene.Handler.Answer(_ => Large());
        await DrainAsync(_peer);
        _scene.Handler.Requests.Clear();
        await AskAsync(_peer, "CON [0x0001] POST /act T=01", "ACK [0x0001] 2.05 T=01 Block2:0/1/16 Size2:1000 ETag:$_ len=16");
        Assert.Single(_scene.Handler.Requests);
        AssertWithinBudget();
    }

    [Fact]
    public async Task Diagnostic_text_that_does_not_fit_is_left_out()
    {
        _scene.Handler.Handle = (_, _, _) => throw new CoapErrorException(CoapCode.NotFound, new string('x', 200));
        _peer.Send("CON [0x0001] GET /a T=01");
        await _peer.ExpectAsync("ACK [0x0001] 4.04 T=01");
    }

    [Fact]
    public async Task Retransmissions_count()
    {
        _peer.Send("CON [0x0001] GET /a T=01");
        await _peer.ExpectAsync("ACK [0x0001] 2.05 T=01 \"/a\"");
        var request = _scene.Request(PeerOf(), Scene.Get($"/{new string('x', 40)}"));
        await Assert.ThrowsAsync<CoapTimeoutException>(() => _scene.Network.UntilAsync(request));
        AssertWithinBudget();
        Assert.InRange(_scene.Network.Frames.Count(f => f.From == Scene.Home), 2, 3);
        Assert.True(_scene.Telemetry.RefusedUnproven > 0);
    }

    [Fact]
    public async Task Request_that_does_not_fit_is_refused_to_its_sender()
    {
        _peer.Send("CON [0x0001] GET /a T=01");
        await _peer.ExpectAsync("ACK [0x0001] 2.05 T=01 \"/a\"");
        await Assert.ThrowsAsync<CoapBusyException>(() => _scene.Request(PeerOf(), Scene.Message(CoapCode.Put, "/a", new byte[200])));
        AssertWithinBudget();
    }

    // After a Register the first request of ours is small and the others wait for its acknowledgement, which proves the address.
    [Theory]
    [InlineData("ACK")]
    [InlineData("RST")]
    public async Task Reply_to_our_message_id_proves_and_lets_the_others_go(string reply)
    {
        _scene.Handler.Answer(_ => CoapMessage.Response(CoapCode.Created));
        _peer.Send("CON [0x0001] POST /rd?ep=x&lt=300&lwm2m=1.1 T=01");
        await _peer.ExpectAsync("ACK [0x0001] 2.01 T=01");
        var small = _scene.Request(PeerOf(), Scene.Get("/3/0/0"));
        var large = _scene.Request(PeerOf(), Scene.Message(CoapCode.Put, "/5/0/0", new byte[300]));
        await _peer.ExpectAsync("CON [$m] GET /3/0/0 T=$t");
        _peer.Send($"{reply} [$m]");
        await _peer.ExpectAsync("CON [$n] PUT /5/0/0 T=$u len=300");
        Assert.Equal(int.MaxValue, _scene.Layer.Allowance(Peer));
        _peer.Send("ACK [$n] 2.04 T=$u");
        await _scene.Network.UntilAsync(large);
        _ = small.ContinueWith(t => t.Exception, TaskScheduler.Default);
    }

    [Fact]
    public async Task Response_to_our_token_proves()
    {
        _peer.Send("CON [0x0001] GET /a T=01");
        await _peer.ExpectAsync("ACK [0x0001] 2.05 T=01 \"/a\"");
        var request = _scene.Request(PeerOf(), Scene.Get("/3/0/0"));
        await _peer.ExpectAsync("CON [$m] GET /3/0/0 T=$t");
        Assert.NotEqual(int.MaxValue, _scene.Layer.Allowance(Peer));
        _peer.Send("NON [0x0009] 2.05 T=$t \"x\"");
        await _scene.Network.UntilAsync(request);
        Assert.Equal(int.MaxValue, _scene.Layer.Allowance(Peer));
    }

    [Fact]
    public async Task Wrong_replies_prove_nothing()
    {
        _peer.Send("CON [0x0001] GET /a T=01");
        await _peer.ExpectAsync("ACK [0x0001] 2.05 T=01 \"/a\"");
        _ = _scene.Request(PeerOf(), Scene.Get("/3/0/0"));
        await _peer.ExpectAsync("CON [$m] GET /3/0/0 T=$t");
        var other = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(_peer["m"]) ^ 1;
        _peer.Send($"ACK [0x{other:x4}]");
        _peer.Send($"RST [0x{other:x4}]");
        _peer.Send("ACK [$m] 2.05 T=0000000000000000 \"guessed\"");
        _peer.Send("NON [0x0009] 2.05 T=0000000000000000 \"guessed\"");
        await _peer.ExpectAsync("RST [0x0009]");
        Assert.NotEqual(int.MaxValue, _scene.Layer.Allowance(Peer));
    }

    [Fact]
    public void Connected_or_authentic_addresses_need_no_proof()
    {
        _scene.Channel.AddressesMayBeForged = false;
        Assert.Equal(int.MaxValue, _scene.Layer.Allowance(_scene.Channel.PeerAt("10.0.0.1:40077")));
    }

    [Theory]
    [InlineData(0, 136)]
    [InlineData(45, 136)]
    [InlineData(46, 138)]
    [InlineData(1000, 3000)]
    public void Budget_is_three_times_what_came_and_at_least_136(int received, int allowance)
    {
        var budget = new AmplificationBudget();
        var limits = new CoapSettings.ReliabilitySettings();
        budget.Receive(received);
        Assert.Equal(allowance, budget.Allowance(limits));
        Assert.False(budget.TrySpend(allowance + 1, limits));
        Assert.True(budget.TrySpend(allowance, limits));
        Assert.False(budget.TrySpend(1, limits));
        budget.Proven = true;
        Assert.True(budget.TrySpend(1 << 20, limits));
    }

    [Fact]
    public void Budget_does_not_overflow()
    {
        var budget = new AmplificationBudget();
        var limits = new CoapSettings.ReliabilitySettings();
        for (var i = 0; i < 40_000; i++)
        {
            budget.Receive(65_535);
        }
        Assert.Equal(int.MaxValue, budget.Allowance(limits));
        for (var i = 0; i < 40_000; i++)
        {
            budget.TrySpend(65_535, limits);
        }
        Assert.InRange(budget.Allowance(limits), 0, int.MaxValue);
    }

    // Whatever strangers send: never more goes to an address than the rule allows. Nothing they send can prove it here, for they do not listen.
    [Fact]
    public async Task Any_traffic_keeps_to_the_budget()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            await using var scene = new Scene(Scene.Plain, seed);
            scene.Channel.AddressesMayBeForged = true;
            var random = new Random(seed);
            scene.Handler.Answer(_ => random.Next(3) switch
            {
                0 => Large(),
                1 => Scene.Content(new string('x', random.Next(100))),
                _ => CoapMessage.Response(CoapCode.Changed),
            });
            var stranger = scene.Script();
            for (var i = 0; i < 60; i++)
            {
                Send(random, stranger);
                if (random.Next(8) == 0)
                {
                    _ = Swallow(scene.Request(scene.PeerOf(), Scene.Message(CoapCode.Put, "/a", new byte[random.Next(150)])));
                    _ = Swallow(scene.Endpoint.NotifyAsync(scene.PeerOf(), Scene.Get("/a"), Large(), (Delivery)random.Next(2), CancellationToken.None).AsTask());
                }
                if (random.Next(3) == 0)
                {
                    await scene.Network.RunAsync(TimeSpan.FromMilliseconds(random.Next(3000)));
                }
            }
            await scene.Network.RunAsync(100 * _second);
            AssertWithinBudget(scene, seed);
        }
    }

    private static void Send(Random random, Lockstep stranger)
    {
        var type = random.Next(2) == 0 ? "CON" : "NON";
        var id = random.Next(20);
        switch (random.Next(6))
        {
            case 0:
                stranger.Send($"{type} [0x{id:x4}] POST /rd?ep=x T=01 len={random.Next(1, 60)}");
                break;
            case 1:
                stranger.Send($"{type} [0x{id:x4}] GET /a T=01 Block2:{random.Next(9)}/0/{16 << random.Next(7)}");
                break;
            case 2:
                stranger.Send($"CON [0x{id:x4}]");
                break;
            case 3:
                var bytes = new byte[random.Next(30)];
                random.NextBytes(bytes);
                stranger.Send(bytes);
                break;
            case 4:
                stranger.Send($"{type} [0x{id:x4}] 2.05 T=0102030405060708 \"x\"");
                break;
            default:
                stranger.Send($"{type} [0x{id:x4}] GET /a T=01");
                break;
        }
    }

    private static async Task Swallow<T>(Task<T> task)
    {
        try
        {
            await task;
        }
        catch (CoapException)
        {
        }
    }

    private static CoapMessage Large() => new() { Code = CoapCode.Content, Payload = Scene.Bytes(1000) };

    private Peer PeerOf()
    {
        var peer = Peer;
        peer.Channel ??= _scene.Layer;
        return peer;
    }

    // Spends what a stranger may get.
    private static async Task DrainAsync(Lockstep peer)
    {
        for (var i = 0xf000; ; i++)
        {
            peer.Send($"CON [0x{i:x4}] GET /a T=01");
            var datagram = await peer.NextAsync();
            if (datagram[1] == CoapCode.Unauthorized.Value)
            {
                return;
            }
        }
    }

    // A stranger that repeats itself brings the bytes for its answer.
    private async Task AskAsync(Lockstep peer, string request, string answer)
    {
        for (var copies = 0; peer.Waiting == 0; copies++)
        {
            Assert.InRange(copies, 0, 5);
            peer.Send(request);
            await _scene.Network.RunAsync(2 * _second);
        }
        await peer.ExpectAsync(answer);
    }

    private void AssertWithinBudget() => AssertWithinBudget(_scene, 0);

    private static void AssertWithinBudget(Scene scene, int seed)
    {
        var received = 0;
        var sent = 0;
        var events = scene.Network.Frames
            .SelectMany(f => f.From == Scene.Home ? [(At: f.At, Bytes: -f.Bytes.Length)] : f.Arrivals.Select(a => (At: a, Bytes: f.Bytes.Length)))
            .OrderBy(e => e.At).ThenByDescending(e => e.Bytes);
        foreach (var (_, bytes) in events)
        {
            received += Math.Max(0, bytes);
            sent += Math.Max(0, -bytes);
            Assert.True(sent <= Math.Max(3 * received, 136), $"seed {seed}: {sent} bytes for {received}\n{scene.Network.Ladder()}");
        }
    }
}
