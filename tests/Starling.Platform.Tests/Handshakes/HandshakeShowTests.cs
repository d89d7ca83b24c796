using System.Net;
using Starling.Coap;
using Starling.Transports;

namespace Starling.Platform.Tests;

/// <summary>A handshake that failed, as the API, the command line and the console tell it.</summary>
[Collection(PlatformCollection.Name)]
public sealed class HandshakeShowTests(RunningPlatform platform)
{
    [Fact]
    public async Task Api_tells_where_it_stopped_and_what_the_alert_means()
    {
        Add("show-api");
        var (status, body, _) = await platform.SendAsync("GET", "/handshakes?limit=1&failed=true");
        Assert.Equal(HttpStatusCode.OK, status);
        (_, body, _) = await platform.SendAsync("GET", "/handshakes?endpoint=&limit=1000");
        var item = body["items"]!.AsArray().First(i => i!["claimed"]?.GetValue<string>() == "show-api")!;
        Assert.Equal((51, "server", "ClientKeyExchange"), (item["alert"]!.GetValue<int>(), item["alertBy"]!.GetValue<string>(), item["step"]!.GetValue<string>()));
        Assert.Contains("decrypt", item["alertMeaning"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=x")]
    [InlineData("before=x")]
    [InlineData("failed=perhaps")]
    public async Task Question_that_makes_no_sense_is_refused(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await platform.SendAsync("GET", $"/handshakes?{query}")).Status);

    [Fact]
    public async Task Command_line_tells_why()
    {
        Add("show-cli");
        var (exit, output, _) = await CommandRun.RunAsync("handshakes", "--strangers", "--url", platform.Url.ToString());
        Assert.Equal(ExitCode.Done, exit);
        Assert.Matches("stranger show-cli  192.0.2.1:1  failed at ClientKeyExchange\n +The key is wrong.\n +Alert 51 of the server: .*decrypt", output);
        (_, output, _) = await CommandRun.RunAsync("handshakes", "nobody-at-all", "--url", platform.Url.ToString());
        Assert.Contains("There was none", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_tells_why_and_shows_text_of_strangers_as_text()
    {
        Add("<script>alert(1)</script>");
        var page = await platform.Http.GetStringAsync(new Uri("/handshakes?who=strangers&failed=true", UriKind.Relative));
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("Alert 51 of this server", page, StringComparison.Ordinal);
        Assert.Contains("There was none", await platform.Http.GetStringAsync(new Uri("/handshakes?ep=nobody-at-all", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_of_a_device_shows_its_handshakes()
    {
        platform.Handshakes.Add(Report(null) with { IsEstablished = true, Identity = new PeerIdentity.PreSharedKey("demo-3"), CipherSuite = "TLS_PSK_WITH_AES_128_CCM_8", Alert = null, Problem = null });
        var page = await platform.Http.GetStringAsync(new Uri("/device?ep=demo-3", UriKind.Relative));
        Assert.Contains("TLS_PSK_WITH_AES_128_CCM_8", page, StringComparison.Ordinal);
        Assert.Contains("/handshakes?ep=demo-3", page, StringComparison.Ordinal);
    }

    private void Add(string claimed) => platform.Handshakes.Add(Report(claimed));

    private static HandshakeReport Report(string? claimed) => new()
    {
        At = TimeProvider.System.GetUtcNow(),
        Duration = TimeSpan.FromMilliseconds(30),
        Address = new PeerAddress("dtls+udp", "192.0.2.1:1"),
        IsEstablished = false,
        Claimed = claimed,
        Step = "ClientKeyExchange",
        Alert = 51,
        AlertIsOurs = true,
        Problem = "The key is wrong.",
    };
}
