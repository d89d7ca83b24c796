using System.Net;
using Starling.Coap;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class DevicesApiTests(RunningPlatform platform)
{
    [Fact]
    public async Task List_shows_every_device_with_its_endpoint()
    {
        var (status, body, _) = await platform.SendAsync("GET", "/devices");
        Assert.Equal(HttpStatusCode.OK, status);
        var names = body["items"]!.AsArray().Select(i => i!["endpoint"]!.GetValue<string>()).ToArray();
        Assert.Superset(new HashSet<string> { "demo-1", "demo-2", RunningPlatform.Device }, names.ToHashSet());
        Assert.Null(body["next"]);
    }

    [Fact]
    public async Task List_in_pages_leads_to_every_device_once()
    {
        var seen = new List<string>();
        var pages = 0;
        for (var next = "/devices?limit=1"; next is not null; pages++)
        {
            var (status, body, _) = await platform.SendAsync("GET", next);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Single(body["items"]!.AsArray());
            seen.Add(body["items"]![0]!["endpoint"]!.GetValue<string>());
            next = body["next"]?.GetValue<string>()["/api/v1".Length..];
        }
        Assert.Equal(seen.Distinct(), seen);
        Assert.Contains(RunningPlatform.Device, seen);
        Assert.Equal(seen.Count, pages);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1001")]
    [InlineData("many")]
    public async Task List_with_an_impossible_limit_is_refused(string limit)
    {
        var (status, body, _) = await platform.SendAsync("GET", $"/devices?limit={limit}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("limit", body["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Device_with_a_slash_in_its_name_is_found_by_its_escaped_name()
    {
        var (status, body, _) = await platform.SendAsync("GET", "/devices/types%2F1");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("types/1", body["endpoint"]!.GetValue<string>());
        Assert.Equal("1.2", body["version"]!.GetValue<string>());
        Assert.Equal(300, body["lifetime"]!.GetValue<int>());
        var objects = body["objects"]!.AsArray().Select(o => (o!["path"]!.GetValue<string>(), o["name"]?.GetValue<string>()));
        Assert.Contains(("/42769/0", "Types"), objects);
    }

    [Fact]
    public async Task Escaped_percent_sign_is_not_a_slash()
    {
        var (status, _, _) = await platform.SendAsync("GET", "/devices/types%252F1");
        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    [Fact]
    public async Task Unknown_endpoint_is_404_of_the_server()
    {
        var (status, body, response) = await platform.SendAsync("GET", "/devices/nobody/3/0");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("server", body["side"]!.GetValue<string>());
        Assert.Equal("endpoint", body["field"]!.GetValue<string>());
        Assert.Contains("nobody", body["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removed_device_is_gone()
    {
        var device = await platform.StartDeviceAsync("removed", RunningPlatform.Allowing(TypeObject.Create(0)));
        var (status, _, _) = await platform.SendAsync("DELETE", "/devices/removed");
        Assert.Equal(HttpStatusCode.NoContent, status);
        Assert.Equal(HttpStatusCode.NotFound, (await platform.SendAsync("GET", "/devices/removed")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await platform.SendAsync("DELETE", "/devices/removed")).Status);
        await device.DisposeAsync();
    }

    [Fact]
    public async Task Device_that_is_gone_without_a_word_is_504()
    {
        // A registration by hand from a socket that is closed at once: the port answers nothing any more.
        await HandRegistration.RegisterAsync(platform.Coap, "silent");
        var (status, body, _) = await platform.SendAsync("GET", "/devices/silent/3/0/0?timeout=1");
        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Equal("device", body["side"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("/devices/demo-1/3?timeout=0")]
    [InlineData("/devices/demo-1/3?timeout=601")]
    [InlineData("/devices/demo-1/3?timeout=soon")]
    public async Task Impossible_timeout_is_refused(string path)
    {
        var (status, body, _) = await platform.SendAsync("GET", path);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("timeout", body["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Unknown_route_and_unknown_method_are_problems_too()
    {
        var (status, body, _) = await platform.SendAsync("GET", "/nothing");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("request", body["side"]!.GetValue<string>());
        (status, _, var response) = await platform.SendAsync("POST", "/devices");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, status);
        Assert.Contains("GET", response.Content.Headers.Allow);
    }
}
