using System.Net;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class OperationsApiTests(RunningPlatform platform)
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("{}", null)]
    [InlineData("{\"arguments\":\"0='ab',1\"}", "0='ab',1")]
    public async Task Execute_reaches_the_device_with_its_arguments(string? body, string? arguments)
    {
        platform.Executed.Clear();
        var (status, answer, _) = await platform.OnDeviceAsync("POST", "/42769/0/9", body);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("2.04", answer["status"]!.GetValue<string>());
        Assert.Equal([arguments], platform.Executed);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"x\"")]
    [InlineData("\"0=1\"")]
    [InlineData("\"0,0\"")]
    public async Task Execute_with_impossible_arguments_is_refused(string arguments)
    {
        var (status, body, _) = await platform.OnDeviceAsync("POST", "/42769/0/9", $"{{\"arguments\":{arguments}}}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("arguments", body["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Created_instance_has_the_values_it_was_given_until_it_is_deleted()
    {
        var (status, body, response) = await platform.OnDeviceAsync("POST", "/42769", "{\"instance\":7,\"values\":[{\"path\":\"0\",\"value\":\"seven\"},{\"path\":\"/42769/7/1\",\"value\":7}]}");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("2.01", body["status"]!.GetValue<string>());
        Assert.Equal("/42769/7", body["path"]!.GetValue<string>());
        Assert.Equal("/api/v1/devices/types%2F1/42769/7", response.Headers.Location!.OriginalString);
        (_, body, _) = await platform.OnDeviceAsync("GET", "/42769/7/0");
        Assert.Equal("seven", body["values"]![0]!["value"]!.GetValue<string>());
        (status, body, _) = await platform.OnDeviceAsync("DELETE", "/42769/7");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("2.02", body["status"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NotFound, (await platform.OnDeviceAsync("GET", "/42769/7")).Status);
    }

    [Fact]
    public async Task Device_chooses_the_instance_when_none_is_named()
    {
        var (status, body, _) = await platform.OnDeviceAsync("POST", "/42769", "{\"values\":[{\"path\":\"1\",\"value\":5}]}");
        Assert.Equal(HttpStatusCode.Created, status);
        var created = body["path"]!.GetValue<string>();
        Assert.NotEqual("/42769/0", created);
        (_, body, _) = await platform.OnDeviceAsync("GET", created + "/1");
        Assert.Equal(5, body["values"]![0]!["value"]!.GetValue<int>());
        await platform.OnDeviceAsync("DELETE", created);
    }

    [Theory]
    [InlineData("{\"instance\":-1,\"values\":[]}")]
    [InlineData("{\"instance\":65535,\"values\":[]}")]
    [InlineData("{\"instance\":\"one\",\"values\":[]}")]
    public async Task Create_with_an_impossible_instance_is_refused(string json)
    {
        var (status, body, _) = await platform.OnDeviceAsync("POST", "/42769", json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("instance", body["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Attributes_that_were_written_are_discovered_until_they_are_unset()
    {
        var (status, _, _) = await platform.OnDeviceAsync("PUT", "/42769/0/1/attributes", "{\"pmin\":5,\"pmax\":60,\"gt\":30.5}");
        Assert.Equal(HttpStatusCode.OK, status);
        var attributes = await DiscoverAsync("/42769/0/1", "/42769/0/1");
        Assert.Equal(("5", "60", "30.5"), (attributes["pmin"], attributes["pmax"], attributes["gt"]));
        (status, _, _) = await platform.OnDeviceAsync("PUT", "/42769/0/1/attributes", "{\"pmin\":null,\"pmax\":null,\"gt\":null}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty(await DiscoverAsync("/42769/0/1", "/42769/0/1"));
    }

    [Fact]
    public async Task Attributes_of_1_2_are_written_and_unset_like_the_others()
    {
        var (status, _, _) = await platform.OnDeviceAsync("PUT", "/42769/0/1/attributes", "{\"epmin\":1,\"epmax\":20,\"con\":1,\"hqmax\":9}");
        Assert.Equal(HttpStatusCode.OK, status);
        var attributes = await DiscoverAsync("/42769/0/1", "/42769/0/1");
        Assert.Equal(("1", "20", "1", "9"), (attributes["epmin"], attributes["epmax"], attributes["con"], attributes["hqmax"]));
        (status, _, _) = await platform.OnDeviceAsync("PUT", "/42769/0/1/attributes", "{\"epmin\":null,\"epmax\":null,\"con\":null,\"hqmax\":null}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty(await DiscoverAsync("/42769/0/1", "/42769/0/1"));
    }

    [Theory]
    [InlineData("{}", "body")]
    [InlineData("{\"pmin\":-1}", "pmin")]
    [InlineData("{\"pmin\":1.5}", "pmin")]
    [InlineData("{\"pmin\":\"1\"}", "pmin")]
    [InlineData("{\"pmin\":10,\"pmax\":5}", "pmin")]
    [InlineData("{\"st\":-1}", "st")]
    [InlineData("{\"edge\":2}", "edge")]
    [InlineData("{\"con\":true}", "con")]
    [InlineData("{\"hqmax\":-1}", "hqmax")]
    [InlineData("{\"gt\":1e300}", "gt")]
    [InlineData("{\"zz\":1}", "zz")]
    public async Task Impossible_attributes_are_refused_by_name(string json, string field)
    {
        var (status, body, _) = await platform.OnDeviceAsync("PUT", "/42769/0/1/attributes", json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, body["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Discover_of_an_object_lists_its_instances_and_resources()
    {
        var (status, body, _) = await platform.OnDeviceAsync("GET", "/42769/discover");
        Assert.Equal(HttpStatusCode.OK, status);
        var paths = body["links"]!.AsArray().Select(l => l!["path"]!.GetValue<string>()).ToArray();
        Assert.Contains("/42769/0/0", paths);
        Assert.Contains("/42769/0/9", paths);
    }

    private async Task<Dictionary<string, string>> DiscoverAsync(string path, string of)
    {
        var (_, body, _) = await platform.OnDeviceAsync("GET", path + "/discover");
        var link = body["links"]!.AsArray().Single(l => l!["path"]!.GetValue<string>() == of)!;
        return link["attributes"]!.AsObject().ToDictionary(a => a.Key, a => a.Value!.ToString());
    }
}
