using System.Net;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class EventsApiTests(RunningPlatform platform)
{
    [Fact]
    public async Task Stream_begins_at_once_with_headers_and_a_comment()
    {
        using var stream = await EventStream.OpenAsync(platform);
        Assert.StartsWith(":", stream.Greeting, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notification_carries_path_and_value()
    {
        using var stream = await EventStream.OpenAsync(platform);
        var (status, body, response) = await platform.OnDeviceAsync("POST", "/observations", "{\"paths\":[\"/42769/0/1\"]}");
        Assert.Equal(HttpStatusCode.Created, status);
        var id = body["id"]!.GetValue<string>();
        Assert.EndsWith($"/observations/{id}", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        await platform.OnDeviceAsync("PUT", "/42769/0/1", "{\"value\":4711}");
        var (_, notified) = await stream.NextAsync("notification", n => n["value"]?.ToString() == "4711");
        Assert.Equal("/42769/0/1", notified["path"]!.GetValue<string>());
        Assert.Equal(RunningPlatform.Device, notified["endpoint"]!.GetValue<string>());
        Assert.Equal(id, notified["observation"]!.GetValue<string>());
        await EndAsync(id);
    }

    [Fact]
    public async Task Notification_of_an_instance_carries_its_values()
    {
        using var stream = await EventStream.OpenAsync(platform);
        var (_, body, _) = await platform.OnDeviceAsync("POST", "/observations", "{\"paths\":[\"/42769/0\"]}");
        await platform.OnDeviceAsync("PUT", "/42769/0/0", "{\"value\":\"observed\"}");
        var (_, notified) = await stream.NextAsync("notification", n => n["values"]!.AsArray().Any(v => v!["value"]?.ToString() == "observed"));
        Assert.Equal("/42769/0", notified["path"]!.GetValue<string>());
        Assert.True(notified["values"]!.AsArray().Count > 5);
        await EndAsync(body["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Observation_is_listed_until_it_is_ended()
    {
        var (_, body, _) = await platform.OnDeviceAsync("POST", "/observations", "{\"paths\":[\"/42769/0/0\",\"/42769/0/3\"],\"attributes\":{\"pmin\":1}}");
        var ids = body["items"]!.AsArray().Select(i => i!["id"]!.GetValue<string>()).ToArray();
        Assert.Equal(2, ids.Length);
        Assert.Superset(ids.ToHashSet(), (await ListAsync()).ToHashSet());
        foreach (var id in ids)
        {
            await EndAsync(id);
        }
        Assert.Empty((await ListAsync()).Intersect(ids));
        Assert.Equal(HttpStatusCode.NotFound, (await platform.OnDeviceAsync("DELETE", $"/observations/{ids[0]}")).Status);
    }

    [Fact]
    public async Task One_path_that_is_refused_ends_those_begun_before_it()
    {
        var (status, body, _) = await platform.OnDeviceAsync("POST", "/observations", "{\"paths\":[\"/42769/0/0\",\"/42769/0/99\"]}");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("4.04", body["coapCode"]!.GetValue<string>());
        Assert.Empty(await ListAsync());
    }

    [Theory]
    [InlineData("{}", "paths")]
    [InlineData("{\"paths\":[]}", "paths")]
    [InlineData("{\"paths\":\"/3\"}", "paths")]
    [InlineData("{\"paths\":[\"/3\",\"x\"]}", "paths[1]")]
    [InlineData("{\"paths\":[\"/\"]}", "paths[0]")]
    [InlineData("{\"paths\":[\"/3\"],\"attributes\":{\"pmin\":\"a\"}}", "attributes.pmin")]
    public async Task Impossible_observation_is_refused_by_field(string json, string field)
    {
        var (status, body, _) = await platform.OnDeviceAsync("POST", "/observations", json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, body["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Listener_that_comes_back_goes_on_where_it_stopped()
    {
        string first;
        using (var stream = await EventStream.OpenAsync(platform))
        {
            await HandRegistration.RegisterAsync(platform.Coap, "back-1");
            (first, _) = await stream.NextAsync("registered", e => e["endpoint"]!.GetValue<string>() == "back-1");
        }
        await HandRegistration.RegisterAsync(platform.Coap, "back-2");
        using var again = await EventStream.OpenAsync(platform, lastEventId: first);
        var (second, body) = await again.NextAsync("registered");
        Assert.Equal("back-2", body["endpoint"]!.GetValue<string>());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Listener_with_an_id_of_another_run_is_told_of_the_gap()
    {
        using var stream = await EventStream.OpenAsync(platform, lastEventId: "0-12");
        var (_, body) = await stream.NextAsync("gap");
        Assert.Equal("gap", body["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task Stream_of_one_endpoint_tells_nothing_of_others()
    {
        using var stream = await EventStream.OpenAsync(platform, "?endpoint=mine");
        await HandRegistration.RegisterAsync(platform.Coap, "other");
        await HandRegistration.RegisterAsync(platform.Coap, "mine");
        await foreach (var (_, _, body) in stream.FramesAsync(RunningPlatform.Patience))
        {
            Assert.Equal("mine", body["endpoint"]!.GetValue<string>());
            break;
        }
    }

    private async Task EndAsync(string id) => Assert.Equal(HttpStatusCode.OK, (await platform.OnDeviceAsync("DELETE", $"/observations/{id}")).Status);

    private async Task<IEnumerable<string>> ListAsync() =>
        (await platform.OnDeviceAsync("GET", "/observations")).Body["items"]!.AsArray().Select(i => i!["id"]!.GetValue<string>());
}
