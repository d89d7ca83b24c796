using System.Net;
using System.Text.Json.Nodes;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class ReadWriteApiTests(RunningPlatform platform)
{
    [Fact]
    public async Task Read_of_a_resource_gives_path_name_type_and_value()
    {
        var (status, body, _) = await platform.SendAsync("GET", "/devices/demo-1/3/0/0");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("2.05", body["status"]!.GetValue<string>());
        var value = Assert.Single(body["values"]!.AsArray())!;
        Assert.Equal("/3/0/0", value["path"]!.GetValue<string>());
        Assert.Equal("Manufacturer", value["name"]!.GetValue<string>());
        Assert.Equal("string", value["type"]!.GetValue<string>());
        Assert.Equal("Starling", value["value"]!.GetValue<string>());
    }

    [Fact]
    public async Task Read_of_an_instance_gives_its_values_in_their_types()
    {
        var (status, body, _) = await platform.OnDeviceAsync("GET", "/42769/0");
        Assert.Equal(HttpStatusCode.OK, status);
        var types = body["values"]!.AsArray().ToDictionary(v => v!["path"]!.GetValue<string>(), v => v!["type"]!.GetValue<string>());
        Assert.Equal("unsigned", types["/42769/0/2"]);
        Assert.Equal("opaque", types["/42769/0/5"]);
        Assert.Equal("time", types["/42769/0/6"]);
        Assert.Equal("objlink", types["/42769/0/7"]);
        Assert.Equal("corelink", types["/42769/0/8"]);
        Assert.Contains(types, t => t.Key.StartsWith("/42769/0/10/", StringComparison.Ordinal) && t.Value == "integer");
    }

    [Theory]
    [InlineData(0, "\"Grüße, \\u4e16\"")]
    [InlineData(0, "\"\"")]
    [InlineData(1, "-9223372036854775808")]
    [InlineData(1, "9007199254740993")]
    [InlineData(2, "18446744073709551615")]
    [InlineData(3, "-0.125")]
    [InlineData(4, "true")]
    [InlineData(5, "\"AP8QIA==\"")]
    [InlineData(6, "\"2026-01-31T12:00:00Z\"")]
    [InlineData(7, "\"65535:65535\"")]
    [InlineData(8, "\"</1/0>;ver=1.1\"")]
    public async Task Written_value_is_read_back_exactly(int resource, string value)
    {
        var (status, body, _) = await platform.OnDeviceAsync("PUT", $"/42769/0/{resource}", $"{{\"value\":{value}}}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("2.04", body["status"]!.GetValue<string>());
        (_, body, _) = await platform.OnDeviceAsync("GET", $"/42769/0/{resource}");
        Assert.Equal(JsonNode.Parse(value)!.ToJsonString(), body["values"]![0]!["value"]!.ToJsonString());
    }

    [Theory]
    [InlineData("PUT", "/42769/0/0", "{\"value\":\"half \\ud800\"}")]
    [InlineData("PUT", "/42769/0/0", "{\"\\udc00\":1}")]
    [InlineData("PUT", "/42769/0", "{\"values\":[{\"path\":\"0\",\"value\":{\"\\ud800x\":1}}]}")]
    [InlineData("POST", "/observations", "{\"paths\":[\"\\ud800\\ud800\"]}")]
    [InlineData("POST", "/observations", "{\"paths\":[\"/3/0/9\"],\"attributes\":{\"\\ud800\":1}}")]
    public async Task Text_that_is_none_is_refused(string method, string path, string body)
    {
        var (status, problem, _) = await platform.OnDeviceAsync(method, path, body);
        Assert.Equal((HttpStatusCode.BadRequest, "body"), (status, problem["field"]?.GetValue<string>()));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        using var content = new ByteArrayContent([.. "{\"value\":\""u8, 0xff, .. "\"}"u8]);
        var response = await platform.Http.PutAsync(new Uri($"/api/v1/devices/{Uri.EscapeDataString(RunningPlatform.Device)}/42769/0/0", UriKind.Relative), content, RunningPlatform.Patience);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Time_with_an_offset_is_the_same_moment()
    {
        await platform.OnDeviceAsync("PUT", "/42769/0/6", "{\"value\":\"2026-01-31T13:30:00+01:30\"}");
        var (_, body, _) = await platform.OnDeviceAsync("GET", "/42769/0/6");
        Assert.Equal("2026-01-31T12:00:00Z", body["values"]![0]!["value"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(0, "1")]
    [InlineData(1, "1.5")]
    [InlineData(1, "\"one\"")]
    [InlineData(1, "9223372036854775808")]
    [InlineData(2, "-1")]
    [InlineData(3, "\"warm\"")]
    [InlineData(4, "1")]
    [InlineData(5, "\"not base64!\"")]
    [InlineData(6, "\"2026-01-31T12:00:00\"")]
    [InlineData(6, "\"yesterday\"")]
    [InlineData(7, "\"3\"")]
    [InlineData(7, "\"3:65536\"")]
    [InlineData(8, "7")]
    [InlineData(11, "101")]
    [InlineData(11, "-1")]
    [InlineData(0, "[1]")]
    [InlineData(0, "{}")]
    public async Task Value_out_of_type_or_range_is_refused_by_name(int resource, string value)
    {
        var (status, body, _) = await platform.OnDeviceAsync("PUT", $"/42769/0/{resource}", $"{{\"value\":{value}}}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("request", body["side"]!.GetValue<string>());
        Assert.Equal("value", body["field"]!.GetValue<string>());
        Assert.Contains($"/42769/0/{resource}", body["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"value\":null}")]
    [InlineData("{\"valeu\":1}")]
    [InlineData("{\"value\":1,\"values\":[]}")]
    [InlineData("{\"value\":")]
    [InlineData("{\"value\":1}x")]
    [InlineData("\u0000")]
    public async Task Body_that_makes_no_sense_is_400(string body)
    {
        var (status, problem, _) = await platform.OnDeviceAsync("PUT", "/42769/0/1", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.NotNull(problem["field"]);
        Assert.Equal("request", problem["side"]!.GetValue<string>());
    }

    [Fact]
    public async Task Body_that_is_too_deep_or_too_large_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"value\":", 100)) + "1" + new string('}', 100);
        Assert.Equal(HttpStatusCode.BadRequest, (await platform.OnDeviceAsync("PUT", "/42769/0/1", deep)).Status);
        var large = $"{{\"value\":\"{new string('x', 3 << 20)}\"}}";
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await platform.OnDeviceAsync("PUT", "/42769/0/0", large)).Status);
    }

    [Fact]
    public async Task Partial_update_leaves_alone_what_is_not_named()
    {
        await platform.OnDeviceAsync("PUT", "/42769/0/0", "{\"value\":\"stays\"}");
        var (status, _, _) = await platform.OnDeviceAsync("PATCH", "/42769/0", "{\"values\":[{\"path\":\"1\",\"value\":41},{\"path\":\"/42769/0/3\",\"value\":0.5}]}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("stays", await ReadAsync("/42769/0/0"));
        Assert.Equal("41", await ReadAsync("/42769/0/1"));
        Assert.Equal("0.5", await ReadAsync("/42769/0/3"));
    }

    [Fact]
    public async Task Multiple_resource_is_written_by_its_instances()
    {
        var (status, _, _) = await platform.OnDeviceAsync("PUT", "/42769/0/10", "{\"values\":[{\"path\":\"5\",\"value\":55},{\"path\":\"7\",\"value\":77}]}");
        Assert.Equal(HttpStatusCode.OK, status);
        var (_, body, _) = await platform.OnDeviceAsync("GET", "/42769/0/10");
        Assert.Equal(["/42769/0/10/5", "/42769/0/10/7"], body["values"]!.AsArray().Select(v => v!["path"]!.GetValue<string>()));
        (status, _, _) = await platform.OnDeviceAsync("PUT", "/42769/0/10/5", "{\"value\":56}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("56", await ReadAsync("/42769/0/10/5"));
        (status, body, _) = await platform.OnDeviceAsync("PUT", "/42769/0/10", "{\"value\":1}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("value", body["field"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("[{\"path\":\"/3/0/1\",\"value\":1}]", "values[0].path")]
    [InlineData("[{\"path\":\"x\",\"value\":1}]", "values[0].path")]
    [InlineData("[{\"path\":\"1\",\"value\":1},{\"path\":\"1\",\"value\":2}]", "values[1].path")]
    [InlineData("[{\"path\":\"1\",\"value\":1},{\"path\":\"4\",\"value\":\"no\"}]", "values[1].value")]
    [InlineData("[{\"path\":\"9\",\"value\":1}]", "values[0].value")]
    [InlineData("[{\"path\":\"10\",\"value\":1}]", "values[0].value")]
    [InlineData("[{\"path\":\"1/0\",\"value\":1}]", "values[0].value")]
    [InlineData("[{\"path\":\"1\"}]", "values[0]")]
    [InlineData("[{\"path\":\"1\",\"value\":1,\"more\":2}]", "values[0]")]
    [InlineData("[1]", "values[0]")]
    [InlineData("7", "values")]
    public async Task List_of_values_that_makes_no_sense_is_refused_by_place(string values, string field)
    {
        var (status, body, _) = await platform.OnDeviceAsync("PATCH", "/42769/0", $"{{\"values\":{values}}}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, body["field"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("/3/x")]
    [InlineData("/03/0")]
    [InlineData("/65535")]
    [InlineData("/3/0/0/0/0")]
    [InlineData("/3//0")]
    [InlineData("/-1")]
    [InlineData("/3/0%2F0")]
    [InlineData("/nonsense")]
    public async Task Impossible_path_is_400(string path)
    {
        var (status, body, _) = await platform.OnDeviceAsync("GET", path);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("path", body["field"]!.GetValue<string>());
        Assert.Equal("request", body["side"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("/42769/7", 404, "4.04")]
    [InlineData("/42769/0/99", 404, "4.04")]
    [InlineData("/42769/0/9", 405, "4.05")]
    public async Task What_the_device_refuses_is_told_with_its_code(string path, int expected, string code)
    {
        var (status, body, _) = await platform.OnDeviceAsync("GET", path);
        Assert.Equal(expected, (int)status);
        Assert.Equal("device", body["side"]!.GetValue<string>());
        Assert.Equal(code, body["coapCode"]!.GetValue<string>());
        Assert.NotNull(body["operation"]);
    }

    [Theory]
    [InlineData("PUT", "/42769")]
    [InlineData("PATCH", "/42769")]
    [InlineData("POST", "/42769/0")]
    [InlineData("POST", "/42769/0/10/0")]
    [InlineData("DELETE", "/42769")]
    [InlineData("DELETE", "/42769/0/0")]
    [InlineData("POST", "/42769/0/discover")]
    [InlineData("GET", "/42769/0/attributes")]
    [InlineData("DELETE", "/42769/0/attributes")]
    public async Task Method_that_a_path_does_not_have_is_405_with_those_it_has(string method, string path)
    {
        var (status, _, response) = await platform.OnDeviceAsync(method, path, method == "DELETE" || method == "GET" ? null : "{}");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, status);
        Assert.NotEmpty(response.Content.Headers.Allow);
        Assert.DoesNotContain(method, response.Content.Headers.Allow);
    }

    private async Task<string> ReadAsync(string path) => (await platform.OnDeviceAsync("GET", path)).Body["values"]![0]!["value"]!.ToString();
}
