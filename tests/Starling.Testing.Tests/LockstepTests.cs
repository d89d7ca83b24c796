using Starling.Coap;
using Starling.Testing;

namespace Starling.Testing.Tests;

/// <summary>Two scripts talk to each other: what one sends, the other must read.</summary>
public sealed class LockstepTests
{
    private readonly SimNetwork _network = new(new ManualTime());
    private readonly Lockstep _client;
    private readonly Lockstep _server;

    public LockstepTests()
    {
        _client = _network.Lockstep("10.0.0.1:40000", "10.0.0.2:5683");
        _server = _network.Lockstep("10.0.0.2:5683", "10.0.0.1:40000");
    }

    // The exchange of RFC 7252 figure 16.
    [Fact]
    public async Task Piggybacked_response_reads_like_the_ladder()
    {
        _client.Send("CON [0x7d34] GET /temperature");
        await _server.ExpectAsync("CON [$m] GET /temperature T=");
        _server.Send("ACK [$m] 2.05 \"22.3 C\"");
        var answer = await _client.ExpectAsync("ACK [0x7d34] 2.05 T= \"22.3 C\"");
        Assert.Equal(CoapCode.Content, answer.Code);
        Assert.Equal(TimeSpan.FromMilliseconds(20), _network.Time.Elapsed);
    }

    [Theory]
    [InlineData("CON [0x0001] POST /rd?ep=a%20b&lt=300 T=0102030405060708 Content-Format:40 \"</1/0>\"")]
    [InlineData("ACK [0x0001] 2.01 T=01 Location-Path:rd/x")]
    [InlineData("NON [0xffff] 2.05 T=aa Observe:12 ETag:0a0b Max-Age:0 Block2:3/1/64 x'00ff'")]
    [InlineData("CON [0x0002] iPATCH /a/b T= Block1:0/0/1024 Size1:70000 Accept:112 Echo:01 Request-Tag: 2053:ff len=80")]
    [InlineData("RST [0x7d34]")]
    [InlineData("CON [0x7d34]")]
    public async Task Line_is_sent_read_and_printed_as_it_stands(string line)
    {
        _client.Send(line);
        await _server.ExpectAsync(line);
        var printed = _network.Frames[^1].Text;
        _client.Send(printed);
        await _server.ExpectAsync(line);
        Assert.StartsWith(line[..12], printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NON [0x0001] GET /a T=01 Accept:40")]
    [InlineData("CON [0x0002] GET /a T=01 Accept:40")]
    [InlineData("CON [0x0001] PUT /a T=01 Accept:40")]
    [InlineData("CON [0x0001] GET /b T=01 Accept:40")]
    [InlineData("CON [0x0001] GET /a T=02 Accept:40")]
    [InlineData("CON [0x0001] GET /a T=01 Accept:41")]
    [InlineData("CON [0x0001] GET /a T=01")]
    [InlineData("CON [0x0001] GET /a T=01 Accept:40 Observe:0")]
    [InlineData("CON [0x0001] GET /a T=01 Accept:40 \"x\"")]
    [InlineData("CON [0x0001] GET /a T=01 Accept:40 len=1")]
    public async Task Line_that_differs_is_told(string line)
    {
        _client.Send("CON [0x0001] GET /a T=01 Accept:40");
        var thrown = await Assert.ThrowsAsync<ScriptException>(() => _server.ExpectAsync(line));
        Assert.Contains("CON [0x0001] GET /a T=01 Accept:40", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_line_lets_more_options_and_a_payload_pass()
    {
        _client.Send("CON [0x0001] GET /a T=01 Accept:40 Observe:0 \"p\"");
        await _server.ExpectAsync("CON [$_] GET /a Accept:40 ...");
    }

    [Fact]
    public async Task Name_must_come_again_as_it_came_first()
    {
        _client.Send("CON [0x0001] 2.05 T=0a ETag:01");
        await _server.ExpectAsync("CON [$m] 2.05 T=$t ETag:$e");
        Assert.Equal([0, 1], _server["m"]);
        _client.Send("CON [0x0001] 2.05 T=0a ETag:02");
        await Assert.ThrowsAsync<ScriptException>(() => _server.ExpectAsync("CON [$m] 2.05 T=$t ETag:$e"));
    }

    [Fact]
    public async Task Silence_is_told_when_it_is_broken()
    {
        await _server.ExpectNothingAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(10), _network.Time.Elapsed);
        _client.Send("CON [0x0001]");
        await Assert.ThrowsAsync<ScriptException>(() => _server.ExpectNothingAsync(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Expectation_ends_when_nothing_comes()
    {
        await Assert.ThrowsAsync<ScriptException>(() => _server.ExpectAsync("CON [$m] GET /", TimeSpan.FromSeconds(3)));
        Assert.Equal(TimeSpan.FromSeconds(3), _network.Time.Elapsed);
    }

    [Theory]
    [InlineData("GET /a")]
    [InlineData("CON 0x0001 GET")]
    [InlineData("CON [0x0001] GET Nonsense:1")]
    [InlineData("CON [0x0001] GET nonsense")]
    public void Line_that_means_nothing_is_refused(string line) => Assert.Throws<FormatException>(() => _client.Send(line));

    [Fact]
    public void Bytes_that_are_no_message_are_printed_as_bytes()
    {
        _client.Send([0x00, 0x01]);
        Assert.Contains("<TooShort> x'0001'", _network.Ladder(), StringComparison.Ordinal);
    }
}
