using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>How handlers are called, how many at once, and what becomes of what they throw.</summary>
public sealed class HandlerTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Error_of_the_handler_is_the_response(bool inline)
    {
        await using var scene = new Scene(handler: new TestHandler { RunsInline = inline });
        var peer = scene.Script();
        scene.Handler.Handle = (_, _, _) => throw new CoapErrorException(CoapCode.MethodNotAllowed, "no writing here");
        peer.Send("CON [0x0001] PUT /a T=01");
        await peer.ExpectAsync("ACK [0x0001] 4.05 T=01 \"no writing here\"");
        scene.Handler.Handle = async (_, _, _) =>
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            throw new CoapErrorException(CoapCode.Conflict, "not now");
        };
        peer.Send("CON [0x0002] PUT /a T=01");
        await peer.ExpectAsync("ACK [0x0002] 4.09 T=01 \"not now\"");
        Assert.Equal(0, scene.Telemetry.HandlerFailures);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failure_of_the_handler_is_5_00_and_counted(bool inline)
    {
        await using var scene = new Scene(handler: new TestHandler { RunsInline = inline });
        var peer = scene.Script();
        scene.Handler.Handle = (_, _, _) => throw new InvalidOperationException("secret");
        peer.Send("CON [0x0001] PUT /a T=01");
        var response = await peer.ExpectAsync("ACK [0x0001] 5.00 T=01 ...");
        Assert.DoesNotContain("secret", System.Text.Encoding.UTF8.GetString(response.Payload.Span), StringComparison.Ordinal);
        Assert.Equal(1, scene.Telemetry.HandlerFailures);
    }

    [Fact]
    public async Task Body_source_that_fails_is_5_00()
    {
        await using var scene = new Scene();
        var peer = scene.Script();
        scene.Handler.Answer(_ => new CoapMessage { Code = CoapCode.Content, Body = new TestSource(5000, failsAt: 0) });
        peer.Send("CON [0x0001] GET /a T=01");
        await peer.ExpectAsync("ACK [0x0001] 5.00 T=01 ...");
    }

    [Fact]
    public async Task Too_many_requests_of_a_peer_are_told_when_to_come_again()
    {
        await using var scene = new Scene(Scene.Plain with { Requests = new() { HandlingPerPeer = 2, BusyMaxAge = 7 * _second } });
        var (peer, other) = (scene.Script(), scene.Script());
        var answer = scene.Handler.AnswerLater();
        peer.Send("CON [0x0001] GET /a T=01");
        peer.Send("CON [0x0002] GET /a T=02");
        peer.Send("CON [0x0003] GET /a T=03");
        await peer.ExpectAsync("ACK [0x0003] 5.03 T=03 Max-Age:7");
        other.Send("CON [0x0001] GET /a T=04");
        await other.ExpectNothingAsync(0.4 * _second);
        Assert.Equal((3, 1), (scene.Handler.Requests.Count, scene.Telemetry.Busy));
        answer.SetResult(Scene.Content("x"));
        await other.ExpectAsync("ACK [0x0001] 2.05 T=04 \"x\"");
        await scene.Network.RunAsync(_second);
        peer.Send("CON [0x0004] GET /a T=05");
        await peer.NextAsync();
        await peer.NextAsync();
        await peer.ExpectAsync("ACK [0x0004] 2.05 T=05 \"x\"");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Too_many_requests_in_all_are_told_when_to_come_again(bool inline)
    {
        await using var scene = new Scene(Scene.Plain with { Requests = new() { Handling = 3 } }, handler: new TestHandler { RunsInline = inline });
        var peers = Enumerable.Range(0, 4).Select(_ => scene.Script()).ToArray();
        var answer = scene.Handler.AnswerLater();
        foreach (var peer in peers)
        {
            peer.Send("CON [0x0001] GET /a T=01");
            await peer.ExpectNothingAsync(0.01 * _second);
        }
        await peers[3].ExpectAsync("ACK [0x0001] 5.03 T=01 Max-Age:5");
        Assert.Equal(3, scene.Handler.Requests.Count);
        answer.SetResult(Scene.Content("x"));
        await peers[0].ExpectAsync("ACK [0x0001] 2.05 T=01 \"x\"");
        peers[3].Send("CON [0x0002] GET /a T=02");
        await peers[3].ExpectAsync("ACK [0x0002] 2.05 T=02 \"x\"");
    }

    [Fact]
    public async Task Handler_that_may_wait_does_not_run_on_the_receiving_thread()
    {
        await using var scene = new Scene(handler: new TestHandler { RunsInline = false });
        var peer = scene.Script();
        using var go = new ManualResetEventSlim();
        scene.Handler.Answer(_ =>
        {
            go.Wait(TimeSpan.FromSeconds(30));
            return Scene.Content("x");
        });
        peer.Send("CON [0x0001] GET /a");
        scene.Network.Time.Advance(0.02 * _second);              // delivers, and returns though the handler blocks
        go.Set();
        await peer.ExpectAsync("ACK [0x0001] 2.05 \"x\"");
    }

    [Fact]
    public async Task What_a_handler_throws_elsewhere_ends_nothing_else()
    {
        var handler = new ThrowingHandler();
        await using var scene = new Scene(other: handler);
        var device = scene.Script();
        device.Send("CON [0x0001] 2.05 T=0102030405060708 \"x\"");
        await device.ExpectNothingAsync(_second);                // Uncertain: neither acknowledgement nor Reset
        handler.ThrowsOnFind = false;
        device.Send("CON [0x0001] 2.05 T=0102030405060708 Observe:1 \"x\"");
        await device.ExpectAsync("ACK [0x0001]");
        var peer = scene.Channel.PeerAt("10.0.0.1:40001");
        var sent = scene.Endpoint.NotifyAsync(peer, Scene.Get("/a"), Scene.Content("x"), Delivery.NonConfirmable, CancellationToken.None);
        await device.ExpectAsync("NON [$m] 2.05 \"x\"");
        device.Send("RST [$m]");
        await device.ExpectNothingAsync(_second);
        scene.Channel.Lose(peer);
        device.Send("CON [0x0005] GET /a");
        await device.ExpectAsync("ACK [0x0005] 2.05");
        Assert.Equal(DeliveryOutcome.Sent, await sent);
        Assert.Equal(4, handler.Thrown);
    }

    private sealed class ThrowingHandler : ICoapHandler
    {
        private int _thrown;

        public int Thrown => _thrown;
        public bool ThrowsOnFind { get; set; } = true;
        public bool RunsInline => true;

        public ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel) =>
            ValueTask.FromResult<CoapMessage?>(CoapMessage.Response(CoapCode.Content));

        public ValueTask<(TokenFate Fate, ObservationMatch? Match)> FindObservationAsync(Peer peer, CoapToken token, CancellationToken cancel) =>
            ThrowsOnFind ? throw Failure() : ValueTask.FromResult<(TokenFate, ObservationMatch?)>((TokenFate.Known, new Match()));

        public ValueTask NotifyAsync(Peer peer, ObservationMatch observation, CoapMessage notification, CancellationToken cancel) => throw Failure();

        public void OnReset(Peer peer, CoapToken token) => throw Failure();

        public void OnPeerLost(Peer peer, PeerLoss loss) => throw Failure();

        private InvalidOperationException Failure()
        {
            Interlocked.Increment(ref _thrown);
            return new InvalidOperationException("The handler fails.");
        }

        private sealed class Match : ObservationMatch
        {
            public override CoapMessage Request => Scene.Get("/a");
        }
    }
}
