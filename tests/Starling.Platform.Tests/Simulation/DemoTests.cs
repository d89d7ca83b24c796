using System.Net;
using System.Text.Json.Nodes;

namespace Starling.Platform.Tests;

/// <summary>The demo devices over the real program: <c>demo-1</c> measures temperature, <c>demo-2</c> power, <c>demo-3</c> is a street light.</summary>
[Collection(PlatformCollection.Name)]
public sealed class DemoTests(RunningPlatform platform)
{
    [Theory]
    [InlineData("demo-1", "Temperature sensor", "/3303/0")]
    [InlineData("demo-2", "Power meter", "/3305/0")]
    [InlineData("demo-3", "Street light", "/3311/0")]
    public async Task Demo_device_says_what_it_is(string endpoint, string model, string instance)
    {
        Assert.Equal(model, (await ReadAsync(endpoint, "/3/0/1")).GetValue<string>());
        var (status, body, _) = await platform.SendAsync("GET", $"/devices/{endpoint}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(body["objects"]!.AsArray(), o => o!["path"]!.GetValue<string>() == instance);
    }

    [Fact]
    public async Task Light_draws_what_its_switch_and_dimmer_say()
    {
        await WriteAsync("demo-3", "/3311/0/5850", "true");
        await WriteAsync("demo-3", "/3311/0/5851", "100");
        Assert.Equal(60, (await ReadAsync("demo-3", "/3305/0/5800")).GetValue<double>());
        await WriteAsync("demo-3", "/3311/0/5851", "20");
        Assert.Equal(12.4, (await ReadAsync("demo-3", "/3305/0/5800")).GetValue<double>(), 0.06);
        await WriteAsync("demo-3", "/3311/0/5852", "90000");
        Assert.InRange((await ReadAsync("demo-3", "/3311/0/5852")).GetValue<long>(), 90000, 90060);
        await WriteAsync("demo-3", "/3311/0/5850", "false");
        Assert.Equal(0.5, (await ReadAsync("demo-3", "/3305/0/5800")).GetValue<double>());
    }

    [Fact]
    public async Task Who_observes_the_power_learns_of_the_switch()
    {
        using var events = await EventStream.OpenAsync(platform, "?endpoint=demo-3");
        await platform.SendAsync("POST", "/devices/demo-3/observations", "{\"paths\":[\"/3305/0/5800\"]}");
        await WriteAsync("demo-3", "/3311/0/5851", "100");
        await WriteAsync("demo-3", "/3311/0/5850", "true");
        await events.NextAsync("notification", body => Number(body) == 60);
        await WriteAsync("demo-3", "/3311/0/5850", "false");
        await events.NextAsync("notification", body => Number(body) == 0.5);

        static double Number(JsonObject body) => body["path"]!.GetValue<string>() == "/3305/0/5800" ? body["value"]!.GetValue<double>() : double.NaN;
    }

    [Fact]
    public async Task Sensor_forgets_lowest_and_highest_when_it_is_told_to()
    {
        await ExecuteAsync("demo-1", "/3303/0/5605");
        var (_, body, _) = await platform.SendAsync("GET", "/devices/demo-1/3303/0");
        var values = body["values"]!.AsArray().ToDictionary(v => v!["path"]!.GetValue<string>(), v => v!["value"]);
        var (lowest, highest) = (values["/3303/0/5601"]!.GetValue<double>(), values["/3303/0/5602"]!.GetValue<double>());
        Assert.InRange(values["/3303/0/5700"]!.GetValue<double>(), lowest, highest);
        Assert.InRange(highest - lowest, 0, 1);
    }

    [Fact]
    public async Task Meter_counts_from_0_again_when_its_energy_is_reset()
    {
        await ExecuteAsync("demo-2", "/3305/0/5822");
        var first = (await ReadAsync("demo-2", "/3305/0/5805")).GetValue<double>();
        Assert.InRange(first, 0, 0.36 * 10);   // at most 1300 W for a few seconds
        using var events = await EventStream.OpenAsync(platform, "?endpoint=demo-2");
        await platform.SendAsync("POST", "/devices/demo-2/observations", "{\"paths\":[\"/3305/0/5805\"]}");
        await events.NextAsync("notification", body => body["value"]!.GetValue<double>() > first);
    }

    [Fact]
    public async Task Rebooted_device_goes_away_and_registers_again()
    {
        using var events = await EventStream.OpenAsync(platform, "?endpoint=demo-2");
        await ExecuteAsync("demo-2", "/3/0/4");
        var (_, left) = await events.NextAsync("deregistered");
        var (_, back) = await events.NextAsync("registered");
        Assert.NotEqual(left["registrationId"]!.GetValue<string>(), back["registrationId"]!.GetValue<string>());
        Assert.Equal("Power meter", (await ReadAsync("demo-2", "/3/0/1")).GetValue<string>());
    }

    [Fact]
    public async Task Portfolio_of_a_device_is_kept_by_servers()
    {
        var (status, _, _) = await platform.SendAsync("POST", "/devices/demo-1/16", "{\"instance\":3,\"values\":[{\"path\":\"0/0\",\"value\":\"asset 17\"}]}");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("asset 17", (await ReadAsync("demo-1", "/16/3/0/0")).GetValue<string>());
        (status, _, _) = await platform.SendAsync("DELETE", "/devices/demo-1/16/3");
        Assert.Equal(HttpStatusCode.OK, status);
    }

    private async Task<JsonNode> ReadAsync(string endpoint, string path)
    {
        var (status, body, _) = await platform.SendAsync("GET", $"/devices/{endpoint}{path}");
        Assert.Equal(HttpStatusCode.OK, status);
        return body["values"]![0]!["value"]!;
    }

    private async Task WriteAsync(string endpoint, string path, string value) =>
        Assert.Equal(HttpStatusCode.OK, (await platform.SendAsync("PUT", $"/devices/{endpoint}{path}", $"{{\"value\":{value}}}")).Status);

    private async Task ExecuteAsync(string endpoint, string path) =>
        Assert.Equal(HttpStatusCode.OK, (await platform.SendAsync("POST", $"/devices/{endpoint}{path}")).Status);
}
