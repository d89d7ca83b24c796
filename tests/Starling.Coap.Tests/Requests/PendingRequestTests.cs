namespace Starling.Coap.Tests;

/// <summary>Limits of our open requests, and what holds their peers.</summary>
public sealed class PendingRequestTests
{
    [Fact]
    public async Task Open_requests_are_limited_and_counted()
    {
        await using var scene = new Scene(Scene.Plain with { Requests = new() { Pending = 2 } });
        var devices = Enumerable.Range(0, 3).Select(_ => scene.Script()).ToArray();
        var first = scene.Request(scene.PeerOf(1), Scene.Get("/a"));
        _ = scene.Request(scene.PeerOf(2), Scene.Get("/a"));
        await Assert.ThrowsAsync<CoapBusyException>(() => scene.Request(scene.PeerOf(3), Scene.Get("/a")));
        Assert.Equal((2, 1), (scene.Endpoint.PendingCount, scene.Telemetry.PendingFull));
        Assert.False(scene.PeerOf(3).IsHeld);
        await devices[0].ExpectAsync("CON [$m] GET /a T=$t");
        devices[0].Send("ACK [$m] 2.05 T=$t");
        await scene.Network.UntilAsync(first);
        _ = scene.Request(scene.PeerOf(3), Scene.Get("/a"));
        await devices[2].ExpectAsync("CON [$_] GET /a");
    }

    [Fact]
    public async Task Token_of_an_open_request_is_refused()
    {
        await using var scene = new Scene();
        scene.Script();
        var request = Scene.Message(CoapCode.Get, "/a", token: scene.Endpoint.NewToken());
        var first = scene.Request(scene.PeerOf(), request);
        var failure = await Assert.ThrowsAsync<CoapBusyException>(() => scene.Request(scene.PeerOf(), request));
        Assert.Contains(request.Token.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (scene.Endpoint.PendingCount, scene.Telemetry.PendingFull));
        Assert.False(first.IsCompleted);
    }

    [Fact]
    public async Task Request_that_is_cancelled_already_is_not_sent()
    {
        await using var scene = new Scene();
        var device = scene.Script();
        var request = scene.Endpoint.RequestAsync(scene.PeerOf(), Scene.Get("/a"), new CancellationToken(canceled: true)).AsTask();
        await Assert.ThrowsAsync<OperationCanceledException>(() => request);
        await device.ExpectNothingAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(0, scene.Endpoint.PendingCount);
    }

    // The response may take its time after the acknowledgement: the peer must not be forgotten meanwhile.
    [Fact]
    public async Task Peer_is_held_until_its_response_has_come()
    {
        await using var scene = new Scene();
        var device = scene.Script();
        var request = scene.Request(scene.PeerOf(), Scene.Get("/a"));
        await device.ExpectAsync("CON [$m] GET /a T=$t");
        device.Send("ACK [$m]");
        await device.ExpectNothingAsync(TimeSpan.FromSeconds(50));
        Assert.True(scene.PeerOf().IsHeld);
        device.Send("NON [0x0001] 2.05 T=$t");
        await scene.Network.UntilAsync(request);
        Assert.False(scene.PeerOf().IsHeld);
    }

    [Fact]
    public async Task Response_timeout_is_a_setting()
    {
        await using var scene = new Scene(Scene.Plain with { Requests = new() { ResponseTimeout = TimeSpan.FromSeconds(5) } });
        var device = scene.Script();
        var request = scene.Request(scene.PeerOf(), Scene.Get("/a"));
        await device.ExpectAsync("CON [$m] GET /a T=$t");
        device.Send("ACK [$m]");
        await Assert.ThrowsAsync<CoapTimeoutException>(() => scene.Network.UntilAsync(request));
        Assert.InRange(scene.Network.Time.Elapsed.TotalSeconds, 5, 5.3);
    }

    [Fact]
    public void Tokens_are_of_eight_bytes_and_never_the_same()
    {
        var source = new TokenSource();
        var tokens = Enumerable.Range(0, 10_000).Select(_ => source.Next()).ToHashSet();
        Assert.Equal(10_000, tokens.Count);
        Assert.All(tokens, t => Assert.Equal(8, t.Length));
        // Not a counter: the differences of neighbours are spread over all bits.
        Assert.All(Enumerable.Range(0, 64), bit => Assert.InRange(tokens.Count(t => (t.Bits >> bit & 1) != 0), 4500, 5500));
    }

    [Fact]
    public async Task Message_ids_begin_anywhere_and_go_up_by_one()
    {
        var first = new HashSet<string>();
        for (var seed = 1; seed <= 8; seed++)
        {
            await using var scene = new Scene(seed: seed);
            var device = scene.Script();
            var peer = scene.PeerOf();
            peer.Transmission = peer.Transmission with { Nstart = 4 };
            var ids = new List<int>();
            for (var i = 0; i < 3; i++)
            {
                _ = scene.Request(peer, Scene.Get("/a"));
                var datagram = await device.NextAsync();
                ids.Add((datagram[2] << 8) | datagram[3]);
            }
            Assert.Equal([1, 1], ids.Zip(ids.Skip(1), (a, b) => (b - a) & 0xffff));
            first.Add($"{ids[0]}");
        }
        Assert.InRange(first.Count, 7, 8);
    }
}
