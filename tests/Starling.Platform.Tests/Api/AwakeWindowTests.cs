using System.Net;
using System.Text.Json.Nodes;
using Starling.Server;

namespace Starling.Platform.Tests;

/// <summary>How long a device is taken to listen: by the API, the command line and the console.</summary>
public sealed class AwakeWindowTests(RunningPlatform platform) : IClassFixture<RunningPlatform>
{
    [Fact]
    public async Task Window_is_set_shown_and_taken_away()
    {
        Assert.Equal("""{"seconds":93,"own":false,"learned":false}""", await ShownAsync("demo-1"));
        var (status, answer, _) = await SetAsync("demo-1", "20");
        Assert.Equal((HttpStatusCode.OK, """{"seconds":20,"own":true,"learned":false}"""), (status, answer.ToJsonString()));
        Assert.Equal(TimeSpan.FromSeconds(20), platform.Server.Find(new DeviceKey("demo-1"))!.AwakeWindow);
        Assert.Equal("""{"seconds":20,"own":true,"learned":false}""", await ShownAsync("demo-1"));
        Assert.Equal(HttpStatusCode.OK, (await SetAsync("demo-1", "null")).Status);
        Assert.Equal("""{"seconds":93,"own":false,"learned":false}""", await ShownAsync("demo-1"));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("86401")]
    [InlineData("1.5")]
    [InlineData("\"20\"")]
    [InlineData("99999999999")]
    public async Task Window_that_makes_no_sense_is_refused(string seconds)
    {
        var (status, problem, _) = await SetAsync("demo-2", seconds);
        Assert.Equal((HttpStatusCode.BadRequest, "seconds"), (status, problem["field"]!.GetValue<string>()));
        Assert.Equal("""{"seconds":93,"own":false,"learned":false}""", await ShownAsync("demo-2"));
    }

    [Fact]
    public async Task Window_is_set_from_the_command_line()
    {
        var (exit, output, _) = await RunAsync("queue", "demo-3", "--awake-window", "30");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("listen for 30 s", output, StringComparison.Ordinal);
        Assert.Equal("""{"seconds":30,"own":true,"learned":false}""", await ShownAsync("demo-3"));
        (_, output, _) = await RunAsync("queue", "demo-3", "--awake-window", "default", "--json");
        Assert.Equal("""{"seconds":93,"own":false,"learned":false}""", JsonNode.Parse(output)!.ToJsonString());
        Assert.Equal(ExitCode.Usage, (await RunAsync("queue", "demo-3", "--awake-window", "soon")).Exit);
        Assert.Equal(ExitCode.Usage, (await RunAsync("queue", "demo-3", "--awake-window", "90000")).Exit);
    }

    [Fact]
    public async Task Window_is_set_from_the_page_of_a_device_that_sleeps()
    {
        await HandRegistration.RegisterAsync(platform.Coap, "napper", "Q");
        Assert.Contains("1 min 33 s, as all", await PageAsync("napper"), StringComparison.Ordinal);
        Assert.DoesNotContain("Awake window", await PageAsync("demo-1"), StringComparison.Ordinal);
        Assert.Contains("listen for 2 min", await ActAsync("napper", "120"), StringComparison.Ordinal);
        Assert.Contains("2 min, its own", await PageAsync("napper"), StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", await ActAsync("napper", "86401"), StringComparison.Ordinal);
        Assert.Contains("awake window of all", await ActAsync("napper", ""), StringComparison.Ordinal);
        Assert.Null(platform.Server.Find(new DeviceKey("napper"))!.AwakeWindow);
    }

    [Fact]
    public async Task Observation_of_a_device_that_sleeps_says_so_and_begins_when_it_wakes()
    {
        await using var fleet = new SimulatedFleet(
            new FleetSettings { Server = platform.Coap, Catalog = RunningPlatform.Catalog, Name = "dozer", Numbered = false, Mixed = false, Lifetime = 4, AwakeTime = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(RunningPlatform.Patience);
        await using var events = platform.Server.Events(stop.Token).GetAsyncEnumerator(stop.Token);
        var running = fleet.RunAsync(stop.Token);
        await UntilAsync(events, e => e is DeviceEvent.Registered { Key.Endpoint: "dozer" });
        await SetAsync("dozer", "0");
        await UntilAsync(events, e => e is DeviceEvent.Asleep { Key.Endpoint: "dozer" });
        var (exit, output, error) = await RunAsync("observe", "dozer", "/3303/0/5700", "--count", "1");
        Assert.True(exit == ExitCode.Done, error);
        Assert.Matches("dozer sleeps, until 20.* at the latest: the observation begins when it wakes.\\s+Observing /3303/0/5700", output);
        Assert.Contains("  /3303/0/5700  ", output, StringComparison.Ordinal);
        await stop.CancelAsync();
        await running;
    }

    private static async Task UntilAsync(IAsyncEnumerator<DeviceEvent> events, Func<DeviceEvent, bool> isIt)
    {
        while (await events.MoveNextAsync() && !isIt(events.Current))
        {
            // The one that is waited for comes.
        }
    }

    private async Task<string> ShownAsync(string endpoint) => (await platform.SendAsync("GET", $"/devices/{endpoint}")).Body["awakeWindow"]!.ToJsonString();

    private Task<(HttpStatusCode Status, JsonNode Body, HttpResponseMessage Response)> SetAsync(string endpoint, string seconds) =>
        platform.SendAsync("PUT", $"/devices/{endpoint}/awake-window", $$"""{"seconds":{{seconds}}}""");

    private Task<string> PageAsync(string endpoint) => platform.Http.GetStringAsync(new Uri($"/device?ep={endpoint}", UriKind.Relative));

    private async Task<string> ActAsync(string endpoint, string value)
    {
        using var form = new FormUrlEncodedContent([new("op", "awake-window"), new("ep", endpoint), new("path", "/3"), new("value", value)]);
        using var response = await platform.Http.PostAsync(new Uri("/device/do", UriKind.Relative), form);
        return await response.Content.ReadAsStringAsync();
    }

    private Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments) => CommandRun.RunAsync([.. arguments, "--url", platform.Url.ToString()]);
}
