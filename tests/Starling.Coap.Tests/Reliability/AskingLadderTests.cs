using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>We ask, the peer answers (RFC 7252 §4, §5.3 and the ladders of its appendix A).</summary>
public sealed class AskingLadderTests : IAsyncDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly Scene _scene = new();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Piggybacked_response_ends_the_request()
    {
        var device = _scene.Script();
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/3/0/9"));
        await device.ExpectAsync("CON [$m] GET /3/0/9 T=$t");
        Assert.Equal(8, device["t"].Length);
        device.Send("ACK [$m] 2.05 T=$t \"100\"");
        Assert.Equal("100"u8.ToArray(), (await _scene.Network.UntilAsync(request)).Payload.ToArray());
        await AssertRestAsync(device);
        Assert.Equal(0, _scene.Telemetry.Retransmissions);
    }

    // ACK_TIMEOUT 2 s doubles four times (RFC 7252 §4.2, §4.8): sent at 0, 2, 6, 14 and 30 s, given up at 62 s.
    [Fact]
    public async Task Request_without_answer_is_repeated_and_given_up_in_time()
    {
        _scene.Script();
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await Assert.ThrowsAsync<CoapTimeoutException>(() => _scene.Network.UntilAsync(request));
        var frames = _scene.Network.Frames;
        double[] expected = [0, 2, 6, 14, 30];
        Assert.Equal(expected.Length, frames.Count);
        Assert.All(frames.Zip(expected), pair => Assert.InRange(pair.First.At.TotalSeconds, pair.Second, pair.Second + 0.12));
        Assert.All(frames, f => Assert.True(f.Bytes.Span.SequenceEqual(frames[0].Bytes.Span)));
        Assert.InRange(_scene.Network.Time.Elapsed.TotalSeconds, 62, 62.15);
        Assert.Equal((4, 1), (_scene.Telemetry.Retransmissions, _scene.Telemetry.GivenUp));
        Assert.False(_scene.PeerOf().IsHeld);
    }

    [Fact]
    public async Task First_timeout_is_spread_by_the_random_factor()
    {
        var first = new List<double>();
        for (var seed = 0; seed < 60; seed++)
        {
            await using var scene = new Scene(new CoapSettings(), seed);
            var device = scene.Script();
            _ = scene.Request(scene.PeerOf(), Scene.Get("/a"));
            await device.ExpectAsync("CON [$m] GET /a");
            await device.ExpectAsync("CON [$m] GET /a");
            var one = scene.Network.Frames[1].At.TotalSeconds;
            await device.ExpectAsync("CON [$m] GET /a");
            Assert.InRange(scene.Network.Frames[2].At.TotalSeconds, 3 * one - 0.05, 3 * one + 0.05);   // the next timeout is twice the first
            first.Add(one);
        }
        Assert.All(first, t => Assert.InRange(t, 2, 3.03));
        Assert.True(first.Max() - first.Min() > 0.7, "not spread");
    }

    // Figures 18 and 19: request or acknowledgement lost.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Lost_request_arrives_as_a_copy(int lost)
    {
        _scene.Network.Lose = frame => frame.From == Scene.Home && frame.Number <= lost;
        var device = _scene.Script();
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await device.ExpectAsync("CON [$m] GET /a T=$t");
        device.Send("ACK [$m] 2.05 T=$t \"x\"");
        await _scene.Network.UntilAsync(request);
        Assert.Equal(lost, _scene.Telemetry.Retransmissions);
        await AssertRestAsync(device);
    }

    // Figure 20.
    [Theory]
    [InlineData("CON")]
    [InlineData("NON")]
    public async Task Separate_response_ends_the_request(string type)
    {
        var device = _scene.Script();
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await device.ExpectAsync("CON [$m] GET /a T=$t");
        device.Send("ACK [$m]");
        await device.ExpectNothingAsync(60 * _second);
        device.Send($"{type} [0x1234] 2.05 T=$t \"late\"");
        if (type == "CON")
        {
            await device.ExpectAsync("ACK [0x1234]");
            device.Send("CON [0x1234] 2.05 T=$t \"late\"");
            await device.ExpectAsync("ACK [0x1234]");    // its acknowledgement was lost: once more, and nothing else
        }
        Assert.Equal("late"u8.ToArray(), (await _scene.Network.UntilAsync(request)).Payload.ToArray());
        await AssertRestAsync(device);
    }

    // Figure 21: the response overtakes the acknowledgement and stands for it (RFC 7252 §5.3.2).
    [Theory]
    [InlineData("CON")]
    [InlineData("NON")]
    public async Task Response_before_the_acknowledgement_stands_for_it(string type)
    {
        var device = _scene.Script();
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await device.ExpectAsync("CON [$m] GET /a T=$t");
        device.Send($"{type} [0x1234] 2.05 T=$t \"first\"");
        if (type == "CON")
        {
            await device.ExpectAsync("ACK [0x1234]");
        }
        await _scene.Network.UntilAsync(request);
        device.Send("ACK [$m]");
        await AssertRestAsync(device);
        Assert.Equal((0, 1), (_scene.Telemetry.Retransmissions, _scene.Telemetry.Stale));
    }

    [Fact]
    public async Task Acknowledged_request_without_response_ends_after_max_transmit_wait()
    {
        var device = _scene.Script();
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await device.ExpectAsync("CON [$m] GET /a T=$t");
        device.Send("ACK [$m]");
        await Assert.ThrowsAsync<CoapTimeoutException>(() => _scene.Network.UntilAsync(request));
        Assert.InRange(_scene.Network.Time.Elapsed.TotalSeconds, 93, 93.3);
        Assert.Equal(0, _scene.Endpoint.PendingCount);
        device.Send("CON [0x0001] 2.05 T=$t \"too late\"");
        await device.ExpectAsync("RST [0x0001]");
    }

    // Figure 24 (RFC 7252 §4.2): the peer cannot use it.
    [Fact]
    public async Task Reset_ends_the_request()
    {
        var device = _scene.Script();
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await device.ExpectAsync("CON [$m] GET /a T=$t");
        device.Send("RST [$m]");
        await Assert.ThrowsAsync<CoapRejectedException>(() => _scene.Network.UntilAsync(request));
        await AssertRestAsync(device);
    }

    [Theory]
    [InlineData("RST", true)]
    [InlineData("ACK", true)]
    [InlineData(null, false)]
    public async Task Ping_tells_whether_somebody_is_there(string? reply, bool there)
    {
        var device = _scene.Script();
        var ping = _scene.Endpoint.PingAsync(_scene.PeerOf(), CancellationToken.None).AsTask();
        await device.ExpectAsync("CON [$m]");
        if (reply is not null)
        {
            device.Send($"{reply} [$m]");
        }
        Assert.Equal(there, await _scene.Network.UntilAsync(ping));
    }

    // RFC 7252 §4.7: NSTART 1. The next goes out when the one before has been acknowledged, not when it has been answered.
    [Fact]
    public async Task Requests_wait_for_the_acknowledgement_of_the_one_before()
    {
        var device = _scene.Script();
        var peer = _scene.PeerOf();
        var requests = Enumerable.Range(0, 4).Select(i => _scene.Request(peer, Scene.Get($"/{i}"))).ToArray();
        for (var i = 0; i < 4; i++)
        {
            await device.ExpectAsync($"CON [$m{i}] GET /{i} T=$t{i}");
            await device.ExpectNothingAsync(_second);
            device.Send($"ACK [$m{i}]");
        }
        for (var i = 3; i >= 0; i--)
        {
            device.Send($"NON [0x100{i}] 2.05 T=$t{i} \"{i}\"");
            await _scene.Network.UntilAsync(requests[i]);
            Assert.Equal([(byte)('0' + i)], (await requests[i]).Payload.ToArray());
        }
    }

    [Fact]
    public async Task More_than_one_may_be_open_where_the_transport_says_so()
    {
        var device = _scene.Script();
        var peer = _scene.PeerOf();
        peer.Transmission = peer.Transmission with { Nstart = 3 };
        _ = Enumerable.Range(0, 4).Select(i => _scene.Request(peer, Scene.Get($"/{i}"))).ToArray();
        for (var i = 0; i < 3; i++)
        {
            await device.ExpectAsync($"CON [$m{i}] GET /{i}", _second);
        }
        await device.ExpectNothingAsync(_second);
        device.Send("ACK [$m1]");
        await device.ExpectAsync("CON [$m3] GET /3", _second);
    }

    [Fact]
    public async Task Queue_of_a_peer_has_a_limit()
    {
        await using var scene = new Scene(Scene.Plain with { Reliability = new() { QueuedPerPeer = 2 } });
        scene.Script();
        var peer = scene.PeerOf();
        var waiting = Enumerable.Range(0, 3).Select(i => scene.Request(peer, Scene.Get($"/{i}"))).ToArray();
        await Assert.ThrowsAsync<CoapBusyException>(() => scene.Request(peer, Scene.Get("/3")));
        Assert.Equal(1, scene.Telemetry.QueueFull);
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
        await Assert.ThrowsAsync<CoapTimeoutException>(() => scene.Network.UntilAsync(waiting[2]));
    }

    [Fact]
    public async Task Cancelled_request_is_not_repeated_and_makes_room()
    {
        var device = _scene.Script();
        var peer = _scene.PeerOf();
        using var cancel = new CancellationTokenSource();
        var first = _scene.Request(peer, Scene.Get("/first"), cancel.Token);
        var second = _scene.Request(peer, Scene.Get("/second"));
        await device.ExpectAsync("CON [$m] GET /first T=$t");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _scene.Network.UntilAsync(first));
        await device.ExpectAsync("CON [$n] GET /second T=$u", _second);
        device.Send("ACK [$m] 2.05 T=$t \"too late\"");
        device.Send("ACK [$n] 2.05 T=$u \"x\"");
        await _scene.Network.UntilAsync(second);
        await AssertRestAsync(device);
    }

    [Fact]
    public async Task Cancelled_request_in_the_queue_is_never_sent()
    {
        var device = _scene.Script();
        var peer = _scene.PeerOf();
        using var cancel = new CancellationTokenSource();
        _ = _scene.Request(peer, Scene.Get("/first"));
        var second = _scene.Request(peer, Scene.Get("/second"), cancel.Token);
        var third = _scene.Request(peer, Scene.Get("/third"));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _scene.Network.UntilAsync(second));
        await device.ExpectAsync("CON [$m] GET /first T=$t");
        device.Send("ACK [$m] 2.05 T=$t");
        await device.ExpectAsync("CON [$n] GET /third T=$u");
        device.Send("ACK [$n] 2.05 T=$u");
        await _scene.Network.UntilAsync(third);
        await AssertRestAsync(device);
    }

    [Fact]
    public async Task Request_that_is_cancelled_beforehand_is_never_sent()
    {
        var device = _scene.Script();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _scene.Request(_scene.PeerOf(), Scene.Get("/a"), new CancellationToken(canceled: true)));
        await _scene.Network.RunAsync(_second);
        Assert.InRange(device.Waiting, 0, 1);
        Assert.Equal(0, _scene.Endpoint.PendingCount);
    }

    // RFC 7252 §4.2 and §5.3.2: an acknowledgement that cannot be used is ignored, so the right one still finds its request.
    [Fact]
    public async Task Acknowledgement_with_a_wrong_token_is_ignored_and_counted()
    {
        var device = _scene.Script();
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await device.ExpectAsync("CON [$m] GET /a T=$t");
        device.Send("ACK [$m] 2.05 T=0102030405060708 \"forged\"");
        await device.ExpectAsync("CON [$m] GET /a T=$t");
        Assert.Equal(1, _scene.Telemetry.WrongTokens);
        device.Send("ACK [$m] 2.05 T=$t \"right\"");
        Assert.Equal("right"u8.ToArray(), (await _scene.Network.UntilAsync(request)).Payload.ToArray());
    }

    [Theory]
    [InlineData("CON", true)]
    [InlineData("NON", true)]
    public async Task Response_with_an_unknown_token_is_reset(string type, bool reset)
    {
        var device = _scene.Script();
        device.Send($"{type} [0x0001] 2.05 T=0102030405060708 \"x\"");
        if (reset)
        {
            await device.ExpectAsync("RST [0x0001]");
        }
        device.Send($"{type} [0x0001] 2.05 T=0102030405060708 \"x\"");
        if (type == "CON")
        {
            await device.ExpectAsync("RST [0x0001]");
        }
        await AssertRestAsync(device);
        Assert.Equal((1, 1), (_scene.Telemetry.UnknownTokens, _scene.Telemetry.Duplicates));
    }

    [Fact]
    public async Task Response_of_another_peer_does_not_end_the_request()
    {
        var (device, stranger) = (_scene.Script(), _scene.Script());
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await device.ExpectAsync("CON [$m] GET /a T=$t");
        stranger["t"] = device["t"];
        stranger["m"] = device["m"];
        stranger.Send("CON [0x0001] 2.05 T=$t \"forged\"");
        await stranger.ExpectAsync("RST [0x0001]");
        stranger.Send("ACK [$m] 2.05 T=$t \"forged\"");
        device.Send("ACK [$m] 2.05 T=$t \"right\"");
        Assert.Equal("right"u8.ToArray(), (await _scene.Network.UntilAsync(request)).Payload.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lost_peer_ends_all_that_is_open_or_waits(bool acknowledged)
    {
        var device = _scene.Script();
        var peer = _scene.PeerOf();
        var requests = Enumerable.Range(0, 3).Select(i => _scene.Request(peer, Scene.Get($"/{i}"))).ToArray();
        await device.ExpectAsync("CON [$m] GET /0");
        if (acknowledged)
        {
            device.Send("ACK [$m]");
            await device.ExpectAsync("CON [$n] GET /1");
        }
        _scene.Channel.Lose(peer);
        foreach (var request in requests)
        {
            await Assert.ThrowsAsync<PeerLostException>(() => _scene.Network.UntilAsync(request));
        }
        await AssertRestAsync(device);
        Assert.Equal(PeerLoss.Evicted, Assert.Single(_scene.Handler.Losses));
        Assert.False(peer.IsHeld);
    }

    [Fact]
    public async Task Closed_peer_ends_all_that_is_open()
    {
        _scene.Script();
        var peer = _scene.PeerOf();
        var request = _scene.Request(peer, Scene.Get("/a"));
        _scene.Endpoint.Close(peer);
        await Assert.ThrowsAsync<PeerLostException>(() => _scene.Network.UntilAsync(request));
        Assert.Equal(PeerLoss.Closed, Assert.Single(_scene.Handler.Losses));
    }

    [Fact]
    public async Task Disposed_endpoint_ends_all_that_is_open()
    {
        var device = _scene.Script();
        _scene.Script();
        var first = _scene.Request(_scene.PeerOf(1), Scene.Get("/sent"));
        var second = _scene.Request(_scene.PeerOf(1), Scene.Get("/queued"));
        await device.ExpectAsync("CON [$m] GET /sent");
        var third = _scene.Request(_scene.PeerOf(2), Scene.Get("/acknowledged"));
        var ping = _scene.Endpoint.PingAsync(_scene.PeerOf(2), CancellationToken.None).AsTask();
        await _scene.Endpoint.DisposeAsync();
        await Assert.ThrowsAsync<PeerLostException>(() => first.WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAsync<PeerLostException>(() => second.WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAsync<PeerLostException>(() => third.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(await ping.WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _scene.Request(_scene.PeerOf(1), Scene.Get("/x")));
    }

    [Fact]
    public async Task Peers_take_the_parameters_of_the_settings_unless_their_channel_says_otherwise()
    {
        await using var scene = new Scene(Scene.Plain with { Transmission = Transmission.Default with { AckTimeout = 5 * _second, AckRandomFactor = 1 } });
        var device = scene.Script();
        scene.Script();
        device.Send("NON [0x0001] GET /a");                       // a peer that came by itself
        await device.ExpectAsync("NON [$_] 2.05 \"/a\"");
        Assert.Equal(5 * _second, scene.Channel.PeerAt("10.0.0.1:40001").Transmission.AckTimeout);
        var other = scene.Channel.PeerAt("10.0.0.1:40002");
        other.Transmission = Transmission.Default with { AckTimeout = 9 * _second };
        Assert.Equal(9 * _second, scene.PeerOf(2).Transmission.AckTimeout);
    }

    private async Task AssertRestAsync(Lockstep device)
    {
        await device.ExpectNothingAsync(300 * _second);
        Assert.Equal(0, _scene.Endpoint.PendingCount);
        Assert.False(_scene.PeerOf().IsHeld);
    }
}
