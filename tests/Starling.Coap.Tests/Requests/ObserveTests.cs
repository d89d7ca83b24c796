using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>Observations in both roles (RFC 7641).</summary>
public sealed class ObserveTests : IAsyncDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private static readonly CoapToken _token = CoapToken.From([0x4a]);
    private readonly Scene _scene = new();
    private readonly Lockstep _peer;

    public ObserveTests() => _peer = _scene.Script();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    // RFC 7641 figure 1 and appendix A: registration, notifications, and that the client has lost interest.
    [Fact]
    public async Task Observer_gets_notifications_with_its_token()
    {
        var observer = await RegisterAsync();
        var notified = Notify(observer, Notification(44, "22.8 Cel"), Delivery.Confirmable);
        await _peer.ExpectAsync("CON [$m] 2.05 T=4a Observe:44 \"22.8 Cel\"");
        _peer.Send("ACK [$m]");
        Assert.Equal(DeliveryOutcome.Acknowledged, await _scene.Network.UntilAsync(notified));
        Assert.Equal(DeliveryOutcome.Sent, await Notify(observer, Notification(60, "23.1 Cel"), Delivery.NonConfirmable));
        await _peer.ExpectAsync("NON [$n] 2.05 T=4a Observe:60 \"23.1 Cel\"");
        Assert.Empty(_scene.Handler.Resets);
    }

    // RFC 7641 §3.6: a Reset ends the observation, whichever kind of notification it answers.
    [Theory]
    [InlineData(Delivery.Confirmable, "CON")]
    [InlineData(Delivery.NonConfirmable, "NON")]
    public async Task Reset_to_a_notification_reaches_the_handler(Delivery delivery, string type)
    {
        var observer = await RegisterAsync();
        var notified = Notify(observer, Notification(44, "x"), delivery);
        await _peer.ExpectAsync($"{type} [$m] 2.05 T=4a Observe:44 \"x\"");
        _peer.Send("RST [$m]");
        await _scene.Network.UntilAsync(() => !_scene.Handler.Resets.IsEmpty);
        Assert.Equal(_token, Assert.Single(_scene.Handler.Resets));
        Assert.Equal(delivery == Delivery.Confirmable ? DeliveryOutcome.Rejected : DeliveryOutcome.Sent, await _scene.Network.UntilAsync(notified));
        await _peer.ExpectNothingAsync(100 * _second);
    }

    [Fact]
    public async Task Reset_to_a_separate_first_response_reaches_the_handler()
    {
        var answer = _scene.Handler.AnswerLater();
        _peer.Send("CON [0x0001] GET /temperature T=4a Observe:0");
        await _peer.ExpectAsync("ACK [0x0001]");
        answer.SetResult(Notification(9, "x"));
        await _peer.ExpectAsync("CON [$m] 2.05 T=4a Observe:9 \"x\"");
        _peer.Send("RST [$m]");
        await _scene.Network.UntilAsync(() => !_scene.Handler.Resets.IsEmpty);
        Assert.Equal(_token, Assert.Single(_scene.Handler.Resets));
    }

    [Fact]
    public async Task Only_the_last_non_confirmable_notifications_can_be_refused()
    {
        var observer = await RegisterAsync();
        for (uint i = 0; i < 6; i++)
        {
            await Notify(observer, Notification(i, "x"), Delivery.NonConfirmable);
            await _peer.ExpectAsync($"NON [$m{i}] 2.05 T=4a Observe:{i} \"x\"");
        }
        _peer.Send("RST [$m0]");
        _peer.Send("RST [$m1]");
        await _peer.ExpectNothingAsync(_second);
        Assert.Empty(_scene.Handler.Resets);
        Assert.Equal(2, _scene.Telemetry.Stale);
        _peer.Send("RST [$m2]");
        await _peer.ExpectNothingAsync(_second);
        Assert.Single(_scene.Handler.Resets);
    }

    // An observer may use the empty token.
    [Fact]
    public async Task Notification_with_the_empty_token_can_be_refused()
    {
        _peer.Send("CON [0x0001] GET /temperature Observe:0");
        await _peer.ExpectAsync("ACK [0x0001] 2.05 ...");
        await Notify(_scene.Channel.PeerAt("10.0.0.1:40001"), Notification(1, "x"), Delivery.NonConfirmable, token: default(CoapToken));
        await _peer.ExpectAsync("NON [$m] 2.05 T= Observe:1 \"x\"");
        _peer.Send("RST [$m]");
        await _peer.ExpectNothingAsync(_second);
        Assert.Equal(default, Assert.Single(_scene.Handler.Resets));
    }

    [Fact]
    public async Task Notification_that_is_never_acknowledged_tells_its_sender()
    {
        var observer = await RegisterAsync();
        var notified = Notify(observer, Notification(44, "x"), Delivery.Confirmable);
        Assert.Equal(DeliveryOutcome.TimedOut, await _scene.Network.UntilAsync(notified));
    }

    [Fact]
    public async Task Error_notification_goes_out_as_it_is()
    {
        var observer = await RegisterAsync();
        var notified = Notify(observer, CoapMessage.Error(CoapCode.NotFound, "gone"), Delivery.Confirmable);
        await _peer.ExpectAsync("CON [$m] 4.04 T=4a \"gone\"");
        _peer.Send("ACK [$m]");
        await _scene.Network.UntilAsync(notified);
    }

    [Fact]
    public async Task Response_with_the_token_of_our_notification_does_not_acknowledge_it()
    {
        var observer = await RegisterAsync();
        var notified = Notify(observer, Notification(44, "x"), Delivery.Confirmable);
        await _peer.ExpectAsync("CON [$m] 2.05 T=4a Observe:44 \"x\"");
        _peer.Send("CON [0x0007] 2.05 T=4a \"mine\"");
        await _peer.ExpectAsync("RST [0x0007]");
        await _peer.ExpectAsync("CON [$m] 2.05 T=4a Observe:44 \"x\"");
        _peer.Send("ACK [$m]");
        Assert.Equal(DeliveryOutcome.Acknowledged, await _scene.Network.UntilAsync(notified));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Notifications_reach_the_owner_of_the_token(bool inline)
    {
        await using var scene = new Scene(handler: new TestHandler { RunsInline = inline });
        var device = scene.Script();
        var request = ObserveRequest(scene);
        var response = scene.Request(scene.PeerOf(), request);
        await device.ExpectAsync("CON [$m] GET /3303/0/5700 T=$t Observe:0");
        device.Send("ACK [$m] 2.05 T=$t Observe:1 \"20\"");
        Assert.Equal(1u, (await scene.Network.UntilAsync(response)).Options.Observe);
        device.Send("CON [0x0001] 2.05 T=$t Observe:2 \"21\"");
        await device.ExpectAsync("ACK [0x0001]");
        device.Send("CON [0x0001] 2.05 T=$t Observe:2 \"21\"");
        await device.ExpectAsync("ACK [0x0001]");
        device.Send("NON [0x0002] 2.05 T=$t Observe:3 \"22\"");
        device.Send("NON [0x0002] 2.05 T=$t Observe:3 \"22\"");
        await scene.Network.UntilAsync(() => scene.Handler.Notifications.Count >= 2);
        await scene.Network.RunAsync(_second);
        Assert.Equal(["21", "22"], scene.Handler.Notifications.Select(n => System.Text.Encoding.ASCII.GetString(n.Payload.Span)));
        Assert.Equal(2, scene.Telemetry.Duplicates);
    }

    [Fact]
    public async Task Registering_again_with_the_same_token_goes_to_the_request_and_then_to_the_owner()
    {
        var request = ObserveRequest(_scene);
        for (var i = 1; i <= 2; i++)
        {
            var response = _scene.Request(_scene.PeerOf(), request);
            await _peer.ExpectAsync($"CON [$m{i}] GET /3303/0/5700 T=$t Observe:0");
            _peer.Send($"ACK [$m{i}] 2.05 T=$t Observe:{i} \"x\"");
            await _scene.Network.UntilAsync(response);
        }
        _peer.Send("CON [0x0001] 2.05 T=$t Observe:3 \"y\"");
        await _peer.ExpectAsync("ACK [0x0001]");
        Assert.Single(_scene.Handler.Notifications);
    }

    [Fact]
    public async Task Token_is_kept_when_the_peer_wants_an_echo_first()
    {
        var request = ObserveRequest(_scene);
        var response = _scene.Request(_scene.PeerOf(), request);
        await _peer.ExpectAsync("CON [$m] GET /3303/0/5700 T=$t Observe:0");
        _peer.Send("ACK [$m] 4.01 T=$t Echo:c0ffee");
        await _peer.ExpectAsync("CON [$n] GET /3303/0/5700 T=$t Observe:0 Echo:c0ffee");
        _peer.Send("ACK [$n] 2.05 T=$t Observe:1 \"x\"");
        await _scene.Network.UntilAsync(response);
    }

    [Fact]
    public async Task Notification_with_an_unknown_token_is_reset()
    {
        _peer.Send("CON [0x0001] 2.05 T=0102030405060708 Observe:3 \"y\"");
        await _peer.ExpectAsync("RST [0x0001]");
        Assert.Equal(1, _scene.Telemetry.UnknownTokens);
    }

    // The owner may not know yet, after a restart say: then nothing is said, and the copy is looked at anew.
    [Fact]
    public async Task Uncertain_notification_is_left_alone_until_its_copy_is_known()
    {
        _scene.Handler.Find = (_, _) => ValueTask.FromResult<(TokenFate, ObservationMatch?)>((TokenFate.Uncertain, null));
        _peer.Send("CON [0x0001] 2.05 T=0102030405060708 Observe:3 \"y\"");
        await _peer.ExpectNothingAsync(2 * _second);
        _scene.Handler.Knows(CoapToken.From([1, 2, 3, 4, 5, 6, 7, 8]), Scene.Get("/a"));
        _peer.Send("CON [0x0001] 2.05 T=0102030405060708 Observe:3 \"y\"");
        await _peer.ExpectAsync("ACK [0x0001]");
        Assert.Single(_scene.Handler.Notifications);
    }

    [Fact]
    public async Task Owner_that_takes_its_time_is_asked_once()
    {
        var found = new TaskCompletionSource<(TokenFate, ObservationMatch?)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        _scene.Handler.Find = (_, _) =>
        {
            asked++;
            return new(found.Task);
        };
        _peer.Send("CON [0x0001] 2.05 T=0102030405060708 Observe:3 \"y\"");
        _peer.Send("CON [0x0001] 2.05 T=0102030405060708 Observe:3 \"y\"");
        await _peer.ExpectNothingAsync(_second);
        found.SetResult((TokenFate.Unknown, null));
        await _peer.ExpectAsync("RST [0x0001]");
        Assert.Equal(1, asked);
    }

    // What is sent while a notification is looked at has not been acknowledged by it, although it has the same token.
    [Fact]
    public async Task Notification_does_not_acknowledge_the_cancellation_that_crosses_it()
    {
        Task<CoapMessage>? cancelling = null;
        _scene.Handler.Find = (peer, token) =>
        {
            var get = Scene.Get("/temperature");
            var cancel = new CoapMessage { Code = get.Code, Token = token, Options = get.Options.With(OptionNumber.Observe, 1) };
            cancelling = _scene.Endpoint.RequestAsync(peer, cancel, CancellationToken.None).AsTask();
            return ValueTask.FromResult<(TokenFate, ObservationMatch?)>((TokenFate.Unknown, null));
        };
        _peer.Send("NON [0x0001] 2.05 T=0102030405060708 Observe:3 \"y\"");
        await _peer.ExpectAsync("CON [$m] GET /temperature T=0102030405060708 Observe:1");
        await _peer.ExpectAsync("RST [0x0001]");
        _peer.Send("ACK [$m] 2.05 T=0102030405060708 \"z\"");
        var answer = await _scene.Network.UntilAsync(cancelling!);
        Assert.Equal("z"u8, answer.Payload.Span);
    }

    [Fact]
    public async Task Notifications_beyond_what_the_handler_can_take_are_not_acknowledged()
    {
        await using var scene = new Scene(Scene.Plain with { Requests = new() { HandlingPerPeer = 2 } }, handler: new TestHandler { RunsInline = false });
        var device = scene.Script();
        var token = CoapToken.From([1, 2, 3, 4, 5, 6, 7, 8]);
        scene.Handler.Knows(token, Scene.Get("/large"));
        for (var i = 1; i <= 3; i++)
        {
            // Each has to be fetched, and the device never answers that.
            device.Send($"CON [0x000{i}] 2.05 T={token} Observe:{i} Block2:0/1/16 \"0123456789abcdef\"");
        }
        await device.ExpectAsync("ACK [0x0001]");
        await device.ExpectAsync("ACK [0x0002]");
        await device.ExpectAsync("CON [$_] GET /large Block2:1/0/16");
        await device.ExpectNothingAsync(_second);
        Assert.Equal(1, scene.Telemetry.Busy);
    }

    // RFC 7641 §3.4: 24 bits that wrap, and anything is newer after 128 s.
    [Theory]
    [InlineData(1u, 2u, 0, true)]
    [InlineData(2u, 1u, 0, false)]
    [InlineData(5u, 5u, 0, false)]
    [InlineData(0u, 8388607u, 0, true)]
    [InlineData(0u, 8388608u, 0, false)]
    [InlineData(8388608u, 0u, 0, false)]
    [InlineData(8388609u, 0u, 0, true)]
    [InlineData(16777215u, 0u, 0, true)]
    [InlineData(16777215u, 5u, 0, true)]
    [InlineData(0u, 16777215u, 0, false)]
    [InlineData(9u, 3u, 128, false)]
    [InlineData(9u, 3u, 129, true)]
    [InlineData(5u, 5u, 129, true)]
    public void Freshness_is_of_numbers_that_wrap_or_of_time(uint last, uint next, int seconds, bool fresher) =>
        Assert.Equal(fresher, ObserveSequence.IsFresher(last, next, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Freshness_is_never_mutual_within_its_span()
    {
        var random = new Random(7641);
        for (var i = 0; i < 100_000; i++)
        {
            var (a, b) = ((uint)random.Next(1 << 24), (uint)random.Next(1 << 24));
            Assert.False(ObserveSequence.IsFresher(a, b, TimeSpan.Zero) && ObserveSequence.IsFresher(b, a, TimeSpan.Zero), $"{a} {b}");
            Assert.True(ObserveSequence.IsFresher(a, (a + 1) & ObserveSequence.Max, TimeSpan.Zero), $"{a}");
        }
    }

    private static CoapMessage ObserveRequest(Scene scene)
    {
        var token = scene.Endpoint.NewToken();
        var request = Scene.Message(CoapCode.Get, "/3303/0/5700", token: token, observe: 0);
        scene.Handler.Knows(token, request);
        return request;
    }

    private async Task<Peer> RegisterAsync()
    {
        _scene.Handler.Answer(_ => Notification(9, "22.5 Cel"));
        _peer.Send("CON [0x0001] GET /temperature T=4a Observe:0");
        await _peer.ExpectAsync("ACK [0x0001] 2.05 T=4a Observe:9 \"22.5 Cel\"");
        return _scene.Channel.PeerAt("10.0.0.1:40001");
    }

    private Task<DeliveryOutcome> Notify(Peer peer, CoapMessage notification, Delivery delivery, CoapToken? token = null)
    {
        var request = Scene.Message(CoapCode.Get, "/temperature", token: token ?? _token, observe: 0);
        return _scene.Endpoint.NotifyAsync(peer, request, notification, delivery, CancellationToken.None).AsTask();
    }

    private static CoapMessage Notification(uint sequence, string text) => new()
    {
        Code = CoapCode.Content,
        Options = CoapOptions.None.With(OptionNumber.Observe, sequence),
        Payload = System.Text.Encoding.UTF8.GetBytes(text),
    };
}
