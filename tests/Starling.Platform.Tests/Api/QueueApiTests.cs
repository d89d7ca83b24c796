using System.Net;
using Starling.Server;

namespace Starling.Platform.Tests;

/// <summary>Composites, and the queue of devices that sleep, through the API and the command line.</summary>
public sealed class QueueApiTests(RunningPlatform platform) : IClassFixture<RunningPlatform>
{
    [Fact]
    public async Task Several_paths_are_read_and_written_at_once()
    {
        var (status, answer, _) = await platform.SendAsync("POST", "/devices/demo-1/composite/read", """{"paths":["/3/0/0","/3303/0/5700"]}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["/3/0/0", "/3303/0/5700"], answer["values"]!.AsArray().Select(v => v!["path"]!.GetValue<string>()));
        var url = platform.Url.ToString();
        var (exit, output, error) = await CommandRun.RunAsync("write", "demo-1", "/3/0/14=+03:00", "/3/0/15=Europe/Athens", "--url", url);
        Assert.True(exit == ExitCode.Done, error);
        Assert.Contains("are written", output, StringComparison.Ordinal);
        (exit, output, _) = await CommandRun.RunAsync("read", "demo-1", "/3/0/14", "/3/0/15", "--url", url);
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("+03:00", output, StringComparison.Ordinal);
        Assert.Contains("Europe/Athens", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read", """{"paths":[]}""", "paths")]
    [InlineData("read", """{"paths":["x"]}""", "paths[0]")]
    [InlineData("write", """{"values":[]}""", "values")]
    [InlineData("write", """{}""", "values")]
    [InlineData("write", """{"values":[{"path":"/3/0","value":1}]}""", "values[0].path")]
    public async Task Composite_that_makes_no_sense_is_refused_by_field(string operation, string body, string field)
    {
        var (status, problem, _) = await platform.SendAsync("POST", $"/devices/demo-1/composite/{operation}", body);
        Assert.Equal((HttpStatusCode.BadRequest, field), (status, problem["field"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Composite_is_observed_as_one()
    {
        var (status, answer, _) = await platform.SendAsync("POST", "/devices/demo-1/observations", """{"paths":["/3/0/0","/3303/0/5700"],"composite":true}""");
        Assert.Equal(HttpStatusCode.Created, status);
        var id = answer["id"]!.GetValue<string>();
        Assert.Equal("/", answer["path"]!.GetValue<string>());
        var listed = (await platform.SendAsync("GET", "/devices/demo-1/observations")).Body["items"]!.AsArray().Single(o => o!["id"]!.GetValue<string>() == id);
        Assert.Equal(2, listed!["paths"]!.AsArray().Count);
        Assert.Equal(HttpStatusCode.OK, (await platform.SendAsync("DELETE", $"/devices/demo-1/observations/{id}")).Status);
    }

    [Fact]
    public async Task Operation_for_a_device_that_sleeps_is_202_until_somebody_takes_it_back()
    {
        await HandRegistration.RegisterAsync(platform.Coap, "sleeper", "Q");
        await platform.Server.Find(new DeviceKey("sleeper"))!.SetAwakeWindowAsync(TimeSpan.Zero);
        await UntilAsleepAsync("sleeper");
        var (status, answer, response) = await platform.SendAsync("GET", "/devices/sleeper/3/0/0?ttl=600");
        Assert.Equal(HttpStatusCode.Accepted, status);
        var id = answer["id"]!.GetValue<string>();
        Assert.Equal($"/api/v1/operations/{id}", response.Headers.Location!.OriginalString);
        Assert.Equal(("read", "/3/0/0", "waiting"), (answer["operation"]!.GetValue<string>(), answer["path"]!.GetValue<string>(), answer["state"]!.GetValue<string>()));
        Assert.Equal("waiting", (await platform.SendAsync("GET", $"/operations/{id}?wait=1")).Body["state"]!.GetValue<string>());

        var url = platform.Url.ToString();
        var (exit, output, _) = await CommandRun.RunAsync("execute", "sleeper", "/3/0/4", "--url", url);
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("queued as", output, StringComparison.Ordinal);
        (_, output, _) = await CommandRun.RunAsync("queue", "sleeper", "--url", url);
        Assert.Contains(id, output, StringComparison.Ordinal);
        Assert.Contains("/3/0/4", output, StringComparison.Ordinal);
        (_, output, _) = await CommandRun.RunAsync("queue", "sleeper", "--cancel", id, "--url", url);
        Assert.Contains("cancelled", output, StringComparison.Ordinal);
        Assert.Equal("cancelled", (await platform.SendAsync("GET", $"/operations/{id}")).Body["state"]!.GetValue<string>());
        Assert.False((await platform.SendAsync("GET", "/devices/sleeper")).Body["presence"]!["awake"]!.GetValue<bool>());
        Assert.Equal(HttpStatusCode.Accepted, (await platform.SendAsync("POST", "/devices/sleeper/observations", """{"paths":["/3/0/0"]}""")).Status);
    }

    [Fact]
    public async Task Queued_operation_of_a_device_that_listens_is_answered_as_any_other()
    {
        var (status, answer, _) = await platform.SendAsync("GET", "/devices/demo-1/3/0/0?queue=true");
        Assert.Equal((HttpStatusCode.OK, "Starling"), (status, answer["values"]![0]!["value"]!.GetValue<string>()));
        var (refused, problem, _) = await platform.SendAsync("GET", "/devices/demo-1/9/9?queue=true");
        Assert.Equal((HttpStatusCode.NotFound, "4.04"), (refused, problem["coapCode"]!.GetValue<string>()));
        var listed = (await platform.SendAsync("GET", "/operations?endpoint=demo-1&limit=1")).Body;
        Assert.Equal("answered", listed["items"]![0]!["state"]!.GetValue<string>());
        Assert.NotNull(listed["next"]);
    }

    [Theory]
    [InlineData("GET", "/operations?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/operations?after=x", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/operations/none", HttpStatusCode.NotFound)]
    [InlineData("GET", "/operations/none?wait=0", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/operations/none", HttpStatusCode.NotFound)]
    [InlineData("GET", "/devices/demo-1/3/0/0?ttl=0", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/devices/demo-1/3/0/0?queue=perhaps", HttpStatusCode.BadRequest)]
    public async Task What_makes_no_sense_is_refused(string method, string path, HttpStatusCode status) =>
        Assert.Equal(status, (await platform.SendAsync(method, path)).Status);

    private async Task UntilAsleepAsync(string endpoint)
    {
        await using var events = platform.Server.Events(RunningPlatform.Patience).GetAsyncEnumerator();
        while (platform.Server.Find(new DeviceKey(endpoint))!.Presence.IsAwake && await events.MoveNextAsync())
        {
            // Each event is a reason to look again; the one that is waited for comes within a tick of the wheel.
        }
    }
}
