using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>Options that are not understood, repeated, or of a wrong length (RFC 7252 §5.4), and those that ask for something (RFC 7967).</summary>
public sealed class OptionTests : IAsyncDisposable
{
    private readonly Scene _scene = new();
    private readonly Lockstep _peer;

    public OptionTests() => _peer = _scene.Script();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData("65001:01")]                                  // critical, unknown
    [InlineData("1:aa")]                                      // If-Match: critical, and no resource here knows it
    [InlineData("If-None-Match:")]
    [InlineData("9:00")]                                      // OSCORE
    [InlineData("19:08")]                                     // Q-Block1 (RFC 9177)
    [InlineData("Uri-Host:")]                                 // shorter than one byte
    [InlineData("Uri-Host:a Uri-Host:b")]                     // not repeatable
    [InlineData("Uri-Port:1 Uri-Port:2")]
    [InlineData("Uri-Port:16777215")]                         // three bytes
    [InlineData("Accept:0 Accept:0")]
    [InlineData("Accept:65536")]
    [InlineData("Block2:0/0/64 Block2:0/0/64")]
    [InlineData("Block1:0/0/64 Block1:0/0/64")]
    public async Task Critical_option_that_cannot_be_used_is_a_bad_option(string option)
    {
        _peer.Send($"CON [0x0001] GET /a T=01 {option}");
        await _peer.ExpectAsync("ACK [0x0001] 4.02 T=01 ...");
        Assert.Empty(_scene.Handler.Requests);
        Assert.Equal(1, _scene.Telemetry.BadOptions);
    }

    [Theory]
    [InlineData("27", "00000008")]    // Block1 of four bytes
    [InlineData("23", "00000008")]
    [InlineData("27", "0f")]          // the size that is reserved on datagrams
    [InlineData("23", "07")]
    public async Task Block_option_that_cannot_be_used_is_a_bad_option(string number, string value)
    {
        var options = Scene.Get("/a").Options.With(new OptionNumber(ushort.Parse(number)), Convert.FromHexString(value));
        _peer.Send([0x40, 0x01, 0, 1, .. options.Encoded.Span]);
        await _peer.ExpectAsync("ACK [0x0001] 4.02 ...");
    }

    [Theory]
    [InlineData(11)]
    [InlineData(15)]
    public async Task Path_segment_or_query_of_more_than_255_bytes_is_a_bad_option(ushort number)
    {
        var options = new CoapOptionsBuilder();
        options.Add(new OptionNumber(number), new byte[256]);
        _peer.Send([0x40, 0x01, 0, 1, .. options.Build().Encoded.Span]);
        await _peer.ExpectAsync("ACK [0x0001] 4.02 ...");
    }

    // RFC 7252 §5.4.1, §4.3: a non-confirmable request is rejected as a message.
    [Fact]
    public async Task Non_confirmable_request_with_a_bad_option_is_reset()
    {
        _peer.Send("NON [0x0001] GET /a T=01 65001:01");
        await _peer.ExpectAsync("RST [0x0001]");
        Assert.Empty(_scene.Handler.Requests);
    }

    [Theory]
    [InlineData("65000:0102030405")]                          // elective, unknown
    [InlineData("Location-Path:x")]                           // elective, and of no use in a request
    [InlineData("ETag:")]
    [InlineData("Observe:4294967295")]                        // too long: as if it were not there
    [InlineData("Content-Format:16777216")]
    [InlineData("Max-Age:1 Max-Age:2")]
    [InlineData("Size1:1 Size1:1")]
    [InlineData("Echo:")]
    [InlineData("Request-Tag: Request-Tag:")]
    [InlineData("16:05")]                                     // Hop-Limit (RFC 8768)
    [InlineData("Uri-Host:here Uri-Port:5683")]
    public async Task Other_options_are_ignored(string option)
    {
        _peer.Send($"CON [0x0001] GET /a T=01 {option}");
        await _peer.ExpectAsync("ACK [0x0001] 2.05 T=01 \"/a\"");
        Assert.Null(Assert.Single(_scene.Handler.Requests).Options.Observe);
    }

    [Fact]
    public async Task Location_that_is_too_long_is_elective_and_ignored()
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.LocationPath, new byte[300]);
        options.Add(OptionNumber.UriPath, "a");
        _peer.Send([0x40, 0x01, 0, 1, .. options.Build().Encoded.Span]);
        await _peer.ExpectAsync("ACK [0x0001] 2.05 \"/a\"");
    }

    [Theory]
    [InlineData("Proxy-Uri:coap://other/")]
    [InlineData("Proxy-Scheme:http")]
    public async Task Proxying_is_not_supported(string option)
    {
        _peer.Send($"CON [0x0001] GET /a T=01 {option}");
        await _peer.ExpectAsync("ACK [0x0001] 5.05 T=01");
        Assert.Empty(_scene.Handler.Requests);
    }

    // RFC 7252 §5.4.1: a response with a critical option that is not understood is rejected.
    [Theory]
    [InlineData("65001:01")]
    [InlineData("9:00")]
    [InlineData("Proxy-Uri:coap://other/")]
    [InlineData("Block2:0/0/64 Block2:0/0/64")]
    public async Task Piggybacked_response_with_a_bad_option_fails_the_request(string option)
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await _peer.ExpectAsync("CON [$m] GET /a T=$t");
        _peer.Send($"ACK [$m] 2.05 T=$t {option} \"x\"");
        var failure = await Assert.ThrowsAsync<CoapBodyException>(() => _scene.Network.UntilAsync(request));
        Assert.Contains("option", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, _scene.Telemetry.BadOptions);
        await _peer.ExpectNothingAsync(TimeSpan.FromSeconds(300));
    }

    [Theory]
    [InlineData("CON")]
    [InlineData("NON")]
    public async Task Separate_response_with_a_bad_option_is_reset(string type)
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await _peer.ExpectAsync("CON [$m] GET /a T=$t");
        _peer.Send("ACK [$m]");
        _peer.Send($"{type} [0x0009] 2.05 T=$t 65001:01");
        await _peer.ExpectAsync("RST [0x0009]");
        await Assert.ThrowsAsync<CoapBodyException>(() => _scene.Network.UntilAsync(request));
    }

    [Fact]
    public async Task Elective_options_of_a_response_are_let_through()
    {
        var request = _scene.Request(_scene.PeerOf(), Scene.Get("/a"));
        await _peer.ExpectAsync("CON [$m] GET /a T=$t");
        _peer.Send("ACK [$m] 2.05 T=$t ETag:01 Max-Age:5 65000:ff \"x\"");
        Assert.Equal(5u, (await _scene.Network.UntilAsync(request)).Options.GetUInt(OptionNumber.MaxAge));
    }

    // RFC 7967 §2.1: 2 success, 8 client errors, 16 server errors.
    [Theory]
    [InlineData(2, "2.05", false)]
    [InlineData(2, "4.04", true)]
    [InlineData(8, "4.04", false)]
    [InlineData(8, "2.05", true)]
    [InlineData(16, "5.00", false)]
    [InlineData(26, "2.04", false)]
    [InlineData(0, "2.05", true)]
    public async Task Response_that_is_not_wanted_is_left_out(uint unwanted, string code, bool comes)
    {
        var parts = code.Split('.');
        _scene.Handler.Answer(_ => CoapMessage.Response(new CoapCode(int.Parse(parts[0]), int.Parse(parts[1]))));
        _peer.Send($"CON [0x0001] PUT /a T=01 No-Response:{unwanted}");
        await _peer.ExpectAsync(comes ? $"ACK [0x0001] {code} T=01" : "ACK [0x0001]");
        _peer.Send($"CON [0x0001] PUT /a T=01 No-Response:{unwanted}");
        await _peer.ExpectAsync(comes ? $"ACK [0x0001] {code} T=01" : "ACK [0x0001]");
        _peer.Send($"NON [0x0002] PUT /a T=02 No-Response:{unwanted}");
        if (comes)
        {
            await _peer.ExpectAsync($"NON [$_] {code} T=02");
        }
        await _peer.ExpectNothingAsync(TimeSpan.FromSeconds(100));
        Assert.Equal(2, _scene.Handler.Requests.Count);
    }

    [Fact]
    public async Task Late_response_that_is_not_wanted_is_left_out()
    {
        var answer = _scene.Handler.AnswerLater();
        _peer.Send("CON [0x0001] PUT /a T=01 No-Response:2");
        await _peer.ExpectAsync("ACK [0x0001]");
        answer.SetResult(CoapMessage.Response(CoapCode.Changed));
        await _peer.ExpectNothingAsync(TimeSpan.FromSeconds(100));
    }

    [Fact]
    public async Task Failure_that_is_not_wanted_is_left_out()
    {
        _scene.Handler.Handle = (_, _, _) => throw new CoapErrorException(CoapCode.NotFound, "no");
        _peer.Send("CON [0x0001] PUT /a T=01 No-Response:8");
        await _peer.ExpectAsync("ACK [0x0001]");
        await _peer.ExpectNothingAsync(TimeSpan.FromSeconds(100));
    }
}
