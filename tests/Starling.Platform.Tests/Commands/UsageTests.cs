using Microsoft.AspNetCore.Http;

namespace Starling.Platform.Tests;

public sealed class UsageTests
{
    public static TheoryData<string> Verbs =>
        ["up", "device", "simulate", "devices", "read", "write", "execute", "observe", "queue", "discover", "create", "delete", "credentials", "handshakes", "files", "image", "pki"];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_of_a_verb_shows_examples_and_exit_codes(string verb)
    {
        var (exit, output, _) = await CommandRun.RunAsync(verb, "--help");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains($"  starling {verb}", output, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_without_a_verb_names_every_verb(string verb)
    {
        var (exit, output, _) = await CommandRun.RunAsync();
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains($"  {verb} ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("raed")]
    [InlineData("read")]
    [InlineData("read", "device")]
    [InlineData("read", "device", "/3/x")]
    [InlineData("read", "device", "/3", "--urll", "x")]
    [InlineData("read", "device", "/3", "--url", "nonsense")]
    [InlineData("create", "device", "/3", "novalue")]
    [InlineData("up", "--coap", "5683")]
    [InlineData("up", "--http", "example.com:80")]
    [InlineData("up", "--http", "0.0.0.0:0")]
    [InlineData("up", "--http", "[::]:0")]
    [InlineData("up", "--demo", "-1")]
    [InlineData("device", "--server", "http://127.0.0.1")]
    [InlineData("device", "--lwm2m", "2.0")]
    [InlineData("device", "--lifetime", "-1")]
    [InlineData("device", "--object", "/nowhere/none.xml")]
    [InlineData("simulate")]
    [InlineData("simulate", "--count", "0")]
    [InlineData("up", "--coaps-cert", "only-half.pem")]
    [InlineData("up", "--data", "none", "--coaps", "none", "--coaps-cert", "a.pem", "--coaps-key", "a.key")]
    [InlineData("up", "--coaps", "5684")]
    [InlineData("up", "--data", "none", "--coaps-cert", "/nowhere/a.pem", "--coaps-key", "/nowhere/a.key")]
    [InlineData("device", "--server", "coaps://127.0.0.1:1", "--key", "/nowhere/a.key")]
    [InlineData("device", "--server", "coaps://127.0.0.1:1", "--key", "/nowhere/a.key", "--server-key", "/nowhere/b.pub")]
    [InlineData("device", "--server", "coaps://127.0.0.1:1", "--key", "a", "--cert", "b", "--ca", "c", "--server-cert", "d")]
    [InlineData("device", "--server", "coaps://127.0.0.1:1", "--psk-key", "00", "--key", "a", "--server-key", "b")]
    [InlineData("device", "--server", "coap://127.0.0.1:1", "--key", "a", "--server-key", "b")]
    [InlineData("simulate", "--count", "1", "--server", "coaps://127.0.0.1:1", "--key", "/nowhere/{}.key", "--server-key", "/nowhere/b.pub")]
    [InlineData("image")]
    [InlineData("image", "/nowhere/image.bin")]
    [InlineData("image", "never.bin", "--size", "-1")]
    [InlineData("pki")]
    [InlineData("pki", "rpk")]
    [InlineData("pki", "init", "never", "--host", "x y")]
    [InlineData("pki", "init", "never", "--days", "0")]
    [InlineData("pki", "device", "name", "--dir", "/nowhere")]
    public async Task Wrong_command_line_ends_with_2_and_words(params string[] arguments)
    {
        var (exit, output, error) = await CommandRun.RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Equal("", output);
        Assert.StartsWith("starling: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examples_of_the_help_do_what_they_show()
    {
        var loopback = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0);
        await using var platform = await EmptyPlatform.StartAsync(new PlatformSettings { Coap = loopback, Http = loopback });
        using var leave = new CancellationTokenSource();
        using var said = new LineWriter();
        var device = CommandLine.RunAsync(["device", "--server", platform.Coap, "--endpoint", "my-device"], said, TextWriter.Null, leave.Token);
        await said.WaitForAsync("my-device: registered");
        var run = 0;
        foreach (var verb in new[] { "devices", "discover", "read", "write", "execute", "create", "delete", "observe" })
        {
            var (_, help, _) = await CommandRun.RunAsync(verb, "--help");
            foreach (var example in help.Split('\n').Where(l => l.StartsWith("  starling ", StringComparison.Ordinal) && !l.Contains('[', StringComparison.Ordinal)))
            {
                string[] words = [.. example.Trim().Split(' ').Skip(1).Select(w => w.Trim('"'))];
                var (exit, _, error) = await CommandRun.RunAsync([.. words, "--url", platform.Url.ToString()]);
                Assert.True(exit == ExitCode.Done, $"{example}: {error}");
                run++;
            }
        }
        Assert.InRange(run, 15, 40);
        await leave.CancelAsync();
        await device;
    }

    [Fact]
    public async Task Server_that_is_not_there_ends_with_3_and_the_way_to_start_one()
    {
        // Port 1 is nobody's: it needs rights that nobody gives away.
        var (exit, _, error) = await CommandRun.RunAsync("devices", "--url", "http://127.0.0.1:1");
        Assert.Equal(ExitCode.Unreachable, exit);
        Assert.Contains("starling up", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>hello</html>", "text/html", "devices")]
    [InlineData("{\"x\":1}", "application/json", "devices")]
    [InlineData("[]", "application/json", "devices")]
    [InlineData("<html>hello</html>", "text/html", "read", "demo-1", "/3/0/0")]
    [InlineData("<html>hello</html>", "text/html", "observe", "demo-1", "/3/0/0")]
    [InlineData("<html>hello</html>", "text/html", "check", "demo-1")]
    [InlineData("<html>hello</html>", "text/html", "queue", "demo-1")]
    public async Task Server_of_another_kind_ends_with_3_and_the_option_to_name_the_right_one(string body, string type, params string[] verb)
    {
        await using var other = await StrangeServer.StartAsync(context =>
        {
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        });
        var (exit, output, error) = await CommandRun.RunAsync([.. verb, "--url", other.Url]);
        Assert.Equal((ExitCode.Unreachable, ""), (exit, output));
        Assert.Contains("--url", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_that_ends_while_it_is_listened_to_ends_with_3(bool isCutOff)
    {
        var observed = new TaskCompletionSource();
        await using var other = await StrangeServer.StartAsync(async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/events", StringComparison.Ordinal))
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("""{"items":[{"id":"1","path":"/3/0/9","status":"2.05"}]}""");
                observed.TrySetResult();
                return;
            }
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(": starling\n\n");
            await context.Response.Body.FlushAsync();
            await observed.Task.WaitAsync(context.RequestAborted);
            if (isCutOff)
            {
                context.Abort();
            }
        });
        var (exit, _, error) = await CommandRun.RunAsync("observe", "demo-1", "/3/0/9", "--count", "5", "--url", other.Url);
        Assert.Equal(ExitCode.Unreachable, exit);
        Assert.Contains("has stopped", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_that_cannot_be_written_is_told_without_a_stack()
    {
        await using var other = await StrangeServer.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"items":[],"next":null}""");
        });
        await using var full = new FullDisk();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(["devices", "--json", "--url", other.Url], full, error, RunningPlatform.Patience);
        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("No space left", error.ToString(), StringComparison.Ordinal);
    }

    private sealed class FullDisk : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }
}
