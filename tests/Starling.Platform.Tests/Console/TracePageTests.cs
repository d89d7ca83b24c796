using System.Net;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class TracePageTests(RunningPlatform platform)
{
    private const string Url = "/device/trace?ep=types%2F1";

    [Fact]
    public async Task Messages_of_a_device_are_decoded()
    {
        var path = $"/{TypeObject.Id}/0/3";
        await platform.OnDeviceAsync("PUT", path, """{"value":4.25}""");
        await platform.OnDeviceAsync("GET", $"/{TypeObject.Id}/0");
        var page = WebUtility.HtmlDecode(await platform.Http.GetStringAsync(Url));
        Assert.Contains($"PUT {path} (Write)", page, StringComparison.Ordinal);
        Assert.Contains($"GET /{TypeObject.Id}/0 (Read)", page, StringComparison.Ordinal);
        Assert.Contains("2.05 Content application/", page, StringComparison.Ordinal);
        Assert.Contains("Accept", page, StringComparison.Ordinal);
        Assert.Contains("Fraction", page, StringComparison.Ordinal);   // from the answer's payload, by the catalog
        Assert.Contains("0000  ", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_leave_what_was_asked_for()
    {
        await platform.OnDeviceAsync("GET", $"/{TypeObject.Id}/0/1");
        var page = WebUtility.HtmlDecode(await platform.Http.GetStringAsync(Url + "&show=out"));
        Assert.Contains("→ to device", page, StringComparison.Ordinal);
        Assert.DoesNotContain("← from device", page, StringComparison.Ordinal);
        page = await platform.Http.GetStringAsync(Url + "&q=no+such+thing");
        Assert.Contains("No message matches", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_is_there_to_copy_and_in_the_order_of_time()
    {
        await platform.OnDeviceAsync("GET", $"/{TypeObject.Id}/0/4");
        using var response = await platform.Http.GetAsync(Url.Replace("trace?", "trace.txt?", StringComparison.Ordinal));
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        var text = await response.Content.ReadAsStringAsync();
        var asked = text.LastIndexOf($"GET /{TypeObject.Id}/0/4 (Read)", StringComparison.Ordinal);
        Assert.InRange(text.IndexOf("2.05 Content", asked, StringComparison.Ordinal), asked, text.Length);
        Assert.Equal(HttpStatusCode.NotFound, (await platform.Http.GetAsync("/device/trace.txt?ep=nobody")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await platform.Http.GetAsync("/device/trace?ep=nobody")).StatusCode);
    }
}
