namespace Starling.Coap.Tests;

/// <summary>The peer asks, we answer (RFC 7252 §4, §5.2 and the ladders of its appendix A).</summary>
public sealed class AnsweringLadderTests : IAsyncDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly Scene _scene = new();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    // Figures 16 and 17.
    [Theory]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("0102030405060708")]
    public async Task Response_is_piggybacked(string token)
    {
        var peer = _scene.Script();
        _scene.Handler.Answer(_ => Scene.Content("22.3 C"));
        peer.Send($"CON [0x7d34] GET /temperature T={token}");
        await peer.ExpectAsync($"ACK [0x7d34] 2.05 T={token} \"22.3 C\"");
        await peer.ExpectNothingAsync(300 * _second);
    }

    // Figure 18: the request is lost; its copy is all that arrives.
    // Figure 19: the acknowledgement is lost; the copy gets the same bytes and nothing is carried out twice.
    [Fact]
    public async Task Duplicate_gets_the_same_bytes_and_is_not_carried_out_again()
    {
        var peer = _scene.Script();
        var count = 0;
        _scene.Handler.Answer(_ => Scene.Content($"answer {++count}"));
        peer.Send("CON [0x7d36] POST /counter T=31 \"x\"");
        var first = await peer.NextAsync();
        for (var i = 0; i < 4; i++)
        {
            peer.Send("CON [0x7d36] POST /counter T=31 \"x\"");
            Assert.Equal(first, await peer.NextAsync());
        }
        Assert.Equal((1, 4), (count, _scene.Telemetry.Duplicates));
    }

    [Fact]
    public async Task Message_id_is_new_again_after_the_exchange_lifetime()
    {
        var peer = _scene.Script();
        peer.Send("CON [0x0001] GET /a");
        await peer.ExpectAsync("ACK [0x0001] 2.05 \"/a\"");
        await peer.ExpectNothingAsync(232 * _second);     // EXCHANGE_LIFETIME is 232 s here: 30 (no random factor) + 200 + 2
        peer.Send("CON [0x0001] GET /b");
        await peer.ExpectAsync("ACK [0x0001] 2.05 \"/b\"");
        Assert.Equal(0, _scene.Telemetry.Duplicates);
    }

    // A device that has restarted may count its message ids from where it began before, and a port may be another device's by now.
    [Fact]
    public async Task Same_message_id_with_another_token_is_another_message()
    {
        var peer = _scene.Script();
        var count = 0;
        _scene.Handler.Answer(_ => Scene.Content($"answer {++count}"));
        for (var round = 0; round < 2; round++)
        {
            peer.Send("CON [0x0001] POST /counter T=31");
            await peer.ExpectAsync("ACK [0x0001] 2.05 T=31 \"answer 1\"");
            peer.Send("CON [0x0001] POST /counter T=32");
            await peer.ExpectAsync("ACK [0x0001] 2.05 T=32 \"answer 2\"");
        }
        Assert.Equal((2, 2), (count, _scene.Telemetry.Duplicates));
    }

    [Fact]
    public async Task Same_message_id_of_another_peer_is_another_message()
    {
        var (one, two) = (_scene.Script(), _scene.Script());
        one.Send("CON [0x0001] GET /one");
        two.Send("CON [0x0001] GET /two");
        await one.ExpectAsync("ACK [0x0001] 2.05 \"/one\"");
        await two.ExpectAsync("ACK [0x0001] 2.05 \"/two\"");
    }

    [Fact]
    public async Task Duplicate_of_a_request_that_is_being_handled_is_left_alone()
    {
        var peer = _scene.Script();
        var answer = _scene.Handler.AnswerLater();
        peer.Send("CON [0x0001] GET /slow T=01");
        peer.Send("CON [0x0001] GET /slow T=01");
        await peer.ExpectNothingAsync(0.4 * _second);
        answer.SetResult(Scene.Content("done"));
        await peer.ExpectAsync("ACK [0x0001] 2.05 T=01 \"done\"");
        await peer.ExpectNothingAsync(60 * _second);
        Assert.Single(_scene.Handler.Requests);
    }

    // Figure 20: the answer takes its time.
    [Fact]
    public async Task Slow_answer_is_promised_after_half_a_second_and_comes_as_a_message_of_its_own()
    {
        var peer = _scene.Script();
        var answer = _scene.Handler.AnswerLater();
        peer.Send("CON [0x7d38] GET /slow T=53");
        await peer.ExpectAsync("ACK [0x7d38]", 0.6 * _second);
        Assert.InRange(_scene.Network.Frames[^1].At.TotalSeconds, 0.51, 0.54);
        peer.Send("CON [0x7d38] GET /slow T=53");
        await peer.ExpectAsync("ACK [0x7d38]");
        await peer.ExpectNothingAsync(30 * _second);
        answer.SetResult(Scene.Content("done"));
        await peer.ExpectAsync("CON [$m] 2.05 T=53 \"done\"");
        peer.Send("ACK [$m]");
        peer.Send("CON [0x7d38] GET /slow T=53");
        await peer.ExpectAsync("ACK [0x7d38]");
        await peer.ExpectNothingAsync(120 * _second);
        Assert.Single(_scene.Handler.Requests);
        Assert.False(_scene.Channel.PeerAt("10.0.0.1:40001").IsHeld);
    }

    [Fact]
    public async Task Separate_response_is_repeated_until_it_is_acknowledged()
    {
        var peer = _scene.Script();
        var answer = _scene.Handler.AnswerLater();
        peer.Send("CON [0x0001] GET /slow T=53");
        await peer.ExpectAsync("ACK [0x0001]");
        answer.SetResult(Scene.Content("done"));
        await peer.ExpectAsync("CON [$m] 2.05 T=53 \"done\"");
        await peer.ExpectAsync("CON [$m] 2.05 T=53 \"done\"");
        await peer.ExpectAsync("CON [$m] 2.05 T=53 \"done\"");
        peer.Send("ACK [$m]");
        await peer.ExpectNothingAsync(120 * _second);
        Assert.Equal((2, 0), (_scene.Telemetry.Retransmissions, _scene.Telemetry.GivenUp));
    }

    [Theory]
    [InlineData("RST")]
    [InlineData(null)]
    public async Task Separate_response_that_nobody_wants_ends(string? reply)
    {
        var peer = _scene.Script();
        var answer = _scene.Handler.AnswerLater();
        peer.Send("CON [0x0001] GET /slow T=53");
        await peer.ExpectAsync("ACK [0x0001]");
        answer.SetResult(Scene.Content("done"));
        await peer.ExpectAsync("CON [$m] 2.05 T=53 \"done\"");
        if (reply is not null)
        {
            peer.Send($"{reply} [$m]");
            await peer.ExpectNothingAsync(120 * _second);
        }
        await _scene.Network.RunAsync(120 * _second);
        Assert.Equal(reply is null ? 1 : 0, _scene.Telemetry.GivenUp);
        Assert.Empty(_scene.Handler.Resets);   // no notification: nobody has to be told
        Assert.False(_scene.Channel.PeerAt("10.0.0.1:40001").IsHeld);
    }

    // Figures 22 and 23: NON in both directions.
    [Fact]
    public async Task Non_confirmable_request_gets_a_non_confirmable_response()
    {
        var peer = _scene.Script();
        peer.Send("NON [0x7d40] GET /t T=75");
        await peer.ExpectAsync("NON [$m] 2.05 T=75 \"/t\"");
        peer.Send("NON [0x7d40] GET /t T=75");
        await peer.ExpectNothingAsync(120 * _second);
        Assert.Single(_scene.Handler.Requests);
    }

    [Fact]
    public async Task Slow_answer_to_a_non_confirmable_request_is_not_promised()
    {
        var peer = _scene.Script();
        var answer = _scene.Handler.AnswerLater();
        peer.Send("NON [0x7d40] GET /slow T=75");
        await peer.ExpectNothingAsync(5 * _second);
        answer.SetResult(Scene.Content("done"));
        await peer.ExpectAsync("NON [$m] 2.05 T=75 \"done\"");
        await peer.ExpectNothingAsync(120 * _second);
    }

    // A stream of notifications or other NON messages must not make the window forget a request.
    [Fact]
    public async Task Request_is_remembered_behind_any_number_of_non_confirmable_messages()
    {
        var peer = _scene.Script();
        peer.Send("CON [0x0001] POST /once");
        await peer.ExpectAsync("ACK [0x0001] 2.05 \"/once\"");
        for (var i = 0x1000; i < 0x1020; i++)
        {
            peer.Send($"NON [0x{i:x4}] GET /other");
            await peer.ExpectAsync("NON [$_] 2.05 \"/other\"");
        }
        peer.Send("CON [0x0001] POST /once");
        await peer.ExpectAsync("ACK [0x0001] 2.05 \"/once\"");
        Assert.Equal(33, _scene.Handler.Requests.Count);
    }

    // Eight are remembered; the ninth pushes the first out, but never one that is still with the handler.
    [Fact]
    public async Task Request_that_is_being_handled_is_remembered_behind_any_number_of_others()
    {
        var peer = _scene.Script();
        var answer = _scene.Handler.AnswerLater();
        peer.Send("CON [0x0001] POST /slow");
        await peer.ExpectAsync("ACK [0x0001]");
        _scene.Handler.Answer(_ => Scene.Content("quick"));
        for (var i = 2; i < 40; i++)
        {
            peer.Send($"CON [0x{i:x4}] GET /quick");
            await peer.ExpectAsync($"ACK [0x{i:x4}] 2.05 \"quick\"");
        }
        peer.Send("CON [0x0001] POST /slow");
        await peer.ExpectAsync("ACK [0x0001]");
        Assert.Equal(39, _scene.Handler.Requests.Count);
        answer.SetResult(Scene.Content("done"));
        await peer.ExpectAsync("CON [$m] 2.05 \"done\"");
    }

    // docs/decisions/0003.
    [Fact]
    public async Task Ignored_request_gets_nothing_and_its_copy_is_looked_at_anew()
    {
        var peer = _scene.Script();
        _scene.Handler.Answer(_ => null);
        peer.Send("CON [0x0001] GET /a");
        peer.Send("NON [0x0002] GET /a");
        await peer.ExpectNothingAsync(_second);
        _scene.Handler.Answer(_ => Scene.Content("now"));
        peer.Send("CON [0x0001] GET /a");
        await peer.ExpectAsync("ACK [0x0001] 2.05 \"now\"");
    }

    [Fact]
    public async Task Reply_that_was_forgotten_is_not_made_again()
    {
        await using var scene = new Scene(Scene.Plain with { Reliability = new() { RememberedReplyBytes = 64 } });
        var peer = scene.Script();
        scene.Handler.Answer(_ => Scene.Content(new string('x', 40)));
        peer.Send("CON [0x0001] POST /a");
        peer.Send("CON [0x0002] POST /b");
        await peer.ExpectAsync("ACK [0x0001] 2.05 len=40");
        await peer.ExpectAsync("ACK [0x0002] 2.05 len=40");
        peer.Send("CON [0x0001] POST /a");
        await peer.ExpectNothingAsync(_second);
        peer.Send("CON [0x0002] POST /b");
        await peer.ExpectAsync("ACK [0x0002] 2.05 len=40");
        Assert.Equal((2, 1), (scene.Handler.Requests.Count, scene.Telemetry.ForgottenReplies));
    }

    // RFC 7252 §4.3.
    [Fact]
    public async Task Ping_is_answered_with_a_reset_each_time()
    {
        var peer = _scene.Script();
        peer.Send("CON [0x0001]");
        await peer.ExpectAsync("RST [0x0001]");
        peer.Send("CON [0x0001]");
        await peer.ExpectAsync("RST [0x0001]");
        Assert.Empty(_scene.Handler.Requests);
    }

    // RFC 7252 §4.2, §4.3: what cannot be used is answered with a Reset when it is confirmable, and with nothing when it is not.
    [Theory]
    [InlineData("4f010001", true)]                // token length 15
    [InlineData("41000001aa", true)]              // an empty message with content
    [InlineData("40200001", true)]                // a reserved class
    [InlineData("40010001f0", true)]
    [InlineData("5f010001", false)]
    [InlineData("50000001", false)]
    [InlineData("60010001", false)]               // an acknowledgement with a request
    [InlineData("70450001", false)]
    [InlineData("00010001", false)]               // another version
    [InlineData("4001", false)]
    public async Task Malformed_message_is_reset_or_ignored_and_counted(string hex, bool reset)
    {
        var peer = _scene.Script();
        peer.Send(Convert.FromHexString(hex));
        if (reset)
        {
            await peer.ExpectAsync("RST [0x0001]");
        }
        await peer.ExpectNothingAsync(_second);
        Assert.Equal((1, reset ? 1 : 0), (_scene.Telemetry.Malformed, _scene.Telemetry.Resets));
        Assert.Empty(_scene.Handler.Requests);
    }

    [Theory]
    [InlineData("ACK [0x0001]")]
    [InlineData("RST [0x0001]")]
    [InlineData("ACK [0x0001] 2.05 T=0102030405060708 \"x\"")]
    public async Task Reply_that_belongs_to_nothing_is_counted_and_ignored(string line)
    {
        var peer = _scene.Script();
        peer.Send(line);
        await peer.ExpectNothingAsync(_second);
        Assert.Equal(1, _scene.Telemetry.Stale);
        Assert.Empty(_scene.Handler.Resets);
    }
}
