using System.Net;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class DevicePageTests(RunningPlatform platform)
{
    [Fact]
    public async Task Page_shows_the_tree_with_names_and_the_registration()
    {
        var page = await GetAsync($"/device?ep=types%2F1&at=/{TypeObject.Id}/0");
        Assert.Contains("Types", page, StringComparison.Ordinal);
        Assert.Contains("Percent", page, StringComparison.Ordinal);
        Assert.Contains("0..100", page, StringComparison.Ordinal);
        Assert.Contains("5 min", page, StringComparison.Ordinal);
        Assert.Contains(platform.Server.Find(new("types/1"))!.Registration.Id, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_device_is_404_with_a_page()
    {
        using var response = await platform.Http.GetAsync("/device?ep=%3Cb%3Enobody");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var page = await response.Content.ReadAsStringAsync();
        Assert.Contains("&lt;b&gt;nobody", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "new text", "new text")]
    [InlineData(1, " -7 ", "-7")]
    [InlineData(2, "18446744073709551615", "18446744073709551615")]
    [InlineData(3, "2.5", "2.5")]
    [InlineData(4, "true", "yes")]
    [InlineData(5, "00 FF:12", "00ff12")]
    [InlineData(6, "2026-01-31T12:00", "2026-01-31T12:00:00Z")]
    [InlineData(7, "42769:0", "42769:0")]
    [InlineData(8, "</3/0>,</5>", "</3/0>,</5>")]
    [InlineData(11, "100", "100")]
    public async Task Value_is_written_read_back_and_shown_with_its_source(int resource, string typed, string shown)
    {
        var path = $"/{TypeObject.Id}/0/{resource}";
        Assert.Equal("good", ReportOf(await ActAsync("write", path, typed)));
        var read = await ActAsync("read", path);
        Assert.Contains("read, just now", read, StringComparison.Ordinal);
        Assert.Contains($"<bdi>{shown}</bdi>", read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Value_that_the_api_writes_is_shown_too()
    {
        using var body = new StringContent("""{"value":41}""", System.Text.Encoding.UTF8, "application/json");
        using var written = await platform.Http.PutAsync($"/api/v1/devices/types%2F1/{TypeObject.Id}/0/11", body);
        Assert.Equal(HttpStatusCode.OK, written.StatusCode);
        var page = await GetAsync($"/device?ep=types%2F1&at=/{TypeObject.Id}/0");
        Assert.Contains("<bdi>41</bdi>", page, StringComparison.Ordinal);
        Assert.Contains("written, just now", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11, "101", "outside 0..100")]
    [InlineData(1, "1.5", "must be a whole number")]
    [InlineData(5, "0", "hexadecimal digits")]
    [InlineData(6, "noon", "a time in UTC")]
    [InlineData(10, "five", "is no line of the form")]
    public async Task Value_that_does_not_fit_is_not_sent(int resource, string typed, string words)
    {
        var page = await ActAsync("write", $"/{TypeObject.Id}/0/{resource}", typed);
        Assert.Contains("Nothing was sent.", page, StringComparison.Ordinal);
        Assert.Contains(words, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_instances_of_a_resource_are_written_by_lines()
    {
        var path = $"/{TypeObject.Id}/0/10";
        Assert.Contains("is written.", await ActAsync("write", path, "0 = 7\n3=8\n"), StringComparison.Ordinal);
        var read = await ActAsync("read", path);
        Assert.Contains("<bdi>0: 7</bdi>", read, StringComparison.Ordinal);
        Assert.Contains("<bdi>3: 8</bdi>", read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_values_of_an_instance_are_written_at_once()
    {
        var instance = $"/{TypeObject.Id}/0";
        var page = await ActAsync("update", instance, "3 = 9.25\n1 = 12");
        Assert.Contains("2 values are written.", page, StringComparison.Ordinal);
        Assert.Contains("<bdi>9.25</bdi>", await ActAsync("read", instance + "/3"), StringComparison.Ordinal);
        Assert.Contains("<bdi>12</bdi>", await ActAsync("read", instance + "/1"), StringComparison.Ordinal);
        Assert.Contains("at least one line", await ActAsync("update", instance, " \n"), StringComparison.Ordinal);
        Assert.Contains("outside 0..100", await ActAsync("update", instance, "11 = 500"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditions_are_set_without_observing()
    {
        var path = $"/{TypeObject.Id}/0/3";
        Assert.Contains("The conditions of Fraction are set.", await ActAsync("attributes", path, more: new("pmin", "7")), StringComparison.Ordinal);
        Assert.Contains("pmin=7", await ActAsync("discover", path), StringComparison.Ordinal);
        Assert.DoesNotContain(platform.Server.Find(new(RunningPlatform.Device))!.Observations, o => o.Path.ToString() == path);
        Assert.Contains("Fill at least one", await ActAsync("attributes", path), StringComparison.Ordinal);
        Assert.Contains("cannot be used", await ActAsync("attributes", path, more: new("pmin", "soon")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Executed_resource_gets_its_arguments()
    {
        Assert.Contains("Run is executed.", await ActAsync("execute", $"/{TypeObject.Id}/0/9", "0='console'"), StringComparison.Ordinal);
        Assert.Contains("0='console'", platform.Executed);
        Assert.Contains("Nothing was sent.", await ActAsync("execute", $"/{TypeObject.Id}/0/9", "no arguments"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_is_told_in_words()
    {
        var page = await ActAsync("read", $"/{TypeObject.Id}/77/0");
        Assert.Contains("The device refused.", page, StringComparison.Ordinal);
        Assert.Contains("it has no such object, instance or resource", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instance_is_created_discovered_and_deleted()
    {
        var created = await ActAsync("create", $"/{TypeObject.Id}", "0 = made here");
        Assert.Contains("The instance is created.", created, StringComparison.Ordinal);
        Assert.Contains("entries at", await ActAsync("discover", $"/{TypeObject.Id}"), StringComparison.Ordinal);
        var made = System.Text.RegularExpressions.Regex.Match(created, $"calls it (/{TypeObject.Id}/[0-9]+)").Groups[1].Value;
        Assert.Contains($"{made} is deleted.", await ActAsync("delete", made), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Observed_number_becomes_a_curve_until_it_is_stopped()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var events = platform.Server.Events(limit.Token);
        Assert.Contains("is observed.", await ActAsync("observe", "/3303/0/5700", "", "demo-1"), StringComparison.Ordinal);
        var page = "";
        await foreach (var happened in events)
        {
            page = happened.Key.Endpoint == "demo-1" ? await GetAsync("/device?ep=demo-1&at=/3303/0") : page;
            if (page.Contains("<polyline points=\"0,", StringComparison.Ordinal))
            {
                break;
            }
        }
        Assert.Contains("reported, ", page, StringComparison.Ordinal);
        Assert.Contains("Stop observing", page, StringComparison.Ordinal);
        Assert.Contains("not observed any more", await ActAsync("stop", "/3303/0/5700", "", "demo-1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_value_is_shown_as_text_and_cut()
    {
        var path = $"/{TypeObject.Id}/0/0";
        await ActAsync("write", path, "<script>alert(1)</script>\u202E" + new string('x', 100_000));
        var page = await (await PostAsync("read", path, "", RunningPlatform.Device)).Content.ReadAsStringAsync();
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', page);
        Assert.InRange(page.Length, 1, 120_000);
    }

    [Fact]
    public async Task Foreign_page_cannot_send_the_form()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/device/do");
        request.Headers.Add("Origin", "http://evil.example");
        request.Content = new FormUrlEncodedContent([new("op", "read"), new("ep", RunningPlatform.Device), new("path", "/3/0")]);
        using var response = await platform.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Other_bodies_and_large_ones_are_refused()
    {
        using var json = await platform.Http.PostAsync("/device/do", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        using var large = await PostAsync("write", $"/{TypeObject.Id}/0/0", new string('x', 3 << 20), RunningPlatform.Device);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    // "good", or all that was said.
    private static string ReportOf(string page) => System.Text.RegularExpressions.Regex.Match(page, "class=\"report (good)|class=\"report (.*?)</div>").Groups is var groups
        && groups[1].Success ? "good" : groups[2].Value[3..];

    private async Task<string> GetAsync(string url) => WebUtility.HtmlDecode(await platform.Http.GetStringAsync(url));

    private async Task<string> ActAsync(string operation, string path, string value = "", string endpoint = RunningPlatform.Device, KeyValuePair<string, string>? more = null)
    {
        using var response = await PostAsync(operation, path, value, endpoint, more);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> PostAsync(string operation, string path, string value, string endpoint, KeyValuePair<string, string>? more = null)
    {
        var form = new MultipartFormDataContent { { new StringContent(operation), "op" }, { new StringContent(endpoint), "ep" }, { new StringContent(path), "path" }, { new StringContent(value), "value" } };
        if (more is { } field)
        {
            form.Add(new StringContent(field.Value), field.Key);
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, "/device/do") { Content = form };
        request.Headers.ExpectContinue = value.Length > 1 << 20;   // a refusal comes before the body is sent
        return await platform.Http.SendAsync(request);
    }
}
