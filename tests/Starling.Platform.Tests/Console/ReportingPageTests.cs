using System.Net;
using System.Net.Sockets;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform.Tests;

/// <summary>Conditions, several things at once and unasked values on the device page, without a browser.</summary>
[Collection(PlatformCollection.Name)]
public sealed class ReportingPageTests(RunningPlatform platform)
{
    [Fact]
    public async Task Conditions_that_a_type_or_a_version_does_not_know_are_not_offered()
    {
        var page = await GetAsync($"/device?ep=types%2F1&at=/{TypeObject.Id}/0");
        Assert.Contains("name=\"edge\"", PartOf(page, 4), StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"gt\"", PartOf(page, 4), StringComparison.Ordinal);
        Assert.All(["pmin", "pmax", "gt", "lt", "st", "epmin", "epmax", "con", "hqmax"], name => Assert.Contains($"name=\"{name}\"", PartOf(page, 3), StringComparison.Ordinal));
        Assert.DoesNotContain("name=\"edge\"", PartOf(page, 3), StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"gt\"", PartOf(page, 0), StringComparison.Ordinal);
        await HandRegistration.RegisterAsync(platform.Coap, "of-1-1");
        page = await GetAsync("/device?ep=of-1-1&at=/3/0");
        Assert.Contains("name=\"epmin\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"con\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditions_are_known_from_what_was_written_and_from_discover_and_are_taken_away()
    {
        var path = $"/{TypeObject.Id}/0/1";
        var written = await ActAsync("attributes", path, more: ("hqmax", "9"));
        Assert.Contains("up to 9 values are kept", written, StringComparison.Ordinal);
        Assert.Contains("There may be more.", written, StringComparison.Ordinal);
        using var body = new StringContent("""{"con":1}""", System.Text.Encoding.UTF8, "application/json");
        (await platform.Http.PutAsync($"/api/v1/devices/types%2F1{path}/attributes", body)).EnsureSuccessStatusCode();
        Assert.Contains("each message is confirmed", await ActAsync("discover", path), StringComparison.Ordinal);
        var unset = await ActAsync("unset", path, "hqmax");
        Assert.Contains("is taken away from Whole", unset, StringComparison.Ordinal);
        Assert.DoesNotContain("up to 9 values", unset, StringComparison.Ordinal);
        Assert.Contains("no such condition", await ActAsync("unset", path, "hqmax=3"), StringComparison.Ordinal);
        var links = await ActAsync("discover", path);
        Assert.DoesNotContain("hqmax=", links, StringComparison.Ordinal);
        Assert.Contains("con=1", links, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_are_read_and_written_and_what_is_left_out_is_named()
    {
        var read = await ActAsync("read-several", "/3", $"/{TypeObject.Id}/0/4\n/{TypeObject.Id}/0/77\n/3303/9");
        Assert.Contains("1 value is read in one message.", read, StringComparison.Ordinal);
        Assert.Contains($"left out /{TypeObject.Id}/0/77, /3303/9", read, StringComparison.Ordinal);
        var written = await ActAsync("write-several", "/3", $"/{TypeObject.Id}/0/3 = 6.5\n/{TypeObject.Id}/0/10/0 = 4");
        Assert.Contains("2 values are written in one message.", written, StringComparison.Ordinal);
        Assert.Equal("6.5", platform.Last.Find(new DeviceKey(RunningPlatform.Device), new Lwm2mPath(TypeObject.Id, 0, 3))!.Text);
    }

    [Theory]
    [InlineData("read-several", "", "Mark some resources")]
    [InlineData("read-several", "three", "is no line of the form")]
    [InlineData("read-several", "/", "is no line of the form")]
    [InlineData("write-several", "/42769/0/3", "/42769/0/3 has none")]
    [InlineData("write-several", "/42769/0/10 = 4", "write which, as in /42769/0/10/0")]
    [InlineData("write-several", "/42769/0/11 = 400", "outside 0..100")]
    public async Task Several_that_make_no_sense_are_not_sent(string operation, string lines, string words)
    {
        var page = await ActAsync(operation, "/3", lines);
        Assert.Contains("Nothing was sent.", page, StringComparison.Ordinal);
        Assert.Contains(words, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Device_of_1_0_is_not_asked_for_several_at_once()
    {
        await HandRegistration.RegisterAsync(platform.Coap, "of-1-0", version: "1.0");
        var page = await ActAsync("read-several", "/3", "/3/0/0", "of-1-0");
        Assert.Contains("knows no message for several things at once", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read-several", "/3/0/0")]
    [InlineData("write-several", "/3/0/14 = +01:00")]
    [InlineData("observe-several", "/3/0/0")]
    public async Task Device_that_does_not_know_the_method_gets_a_clear_sentence(string operation, string lines)
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Connect(platform.Coap.Host, platform.Coap.Port);
        await HandRegistration.RegisterAsync(socket, "no-" + operation);
        var acting = ActAsync(operation, "/3", lines, "no-" + operation);
        var asked = (await socket.ReceiveAsync(RunningPlatform.Patience)).Buffer;
        var token = asked[4..(4 + (asked[0] & 15))];
        await socket.SendAsync((byte[])[(byte)(0x60 | token.Length), 0x85, asked[2], asked[3], .. token]);   // ACK 4.05
        var page = await acting;
        Assert.Contains("The device knows no message about several things at once.", page, StringComparison.Ordinal);
        Assert.Contains("Take them one by one. It answered 4.05", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_of_what_did_not_fit_are_bounded_counted_and_safe()
    {
        var reports = new UnmappedReports(platform.Server);
        var key = new DeviceKey("teller");
        var time = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < 30; i++)
        {
            reports.Take(key, new UnmappedReport(time.AddSeconds(i), $"reason {i}", []));
        }
        var (last, total) = reports.Find(key);
        Assert.Equal((20, 30L, "reason 29", "reason 10"), (last.Count, total, last[0].Reason, last[^1].Reason));
        for (var i = 0; i < 5000; i++)
        {
            reports.Take(new DeviceKey($"d{i}"), new UnmappedReport(time, "", []));
        }
        Assert.Equal(1, reports.NotKept);
        var values = new RecordSet([.. Enumerable.Range(0, 8).Select(i => new Lwm2mRecord(new Lwm2mPath(9, 0, i), "a\u202Eb" + new string('x', 500)))]);
        var report = UnmappedReport.Of(new DeviceEvent.Unmapped(key, 1, time, null, "why\u0007", values, default));
        Assert.Equal((6, "and 3 more"), (report.Values.Count, report.Values[^1]));
        Assert.All(report.Values, v => Assert.DoesNotContain('\u202E', v));
        Assert.DoesNotContain('\u0007', report.Reason);
        var unreadable = UnmappedReport.Of(new DeviceEvent.Unmapped(key, 1, time, null, "", RecordSet.None, new byte[100]));
        Assert.EndsWith("… (100 bytes)", Assert.Single(unreadable.Values), StringComparison.Ordinal);
    }

    // The row of a resource.
    private static string PartOf(string page, int resource)
    {
        var row = page[page.IndexOf($"id=\"v-{resource}\"", StringComparison.Ordinal)..];
        return row[..row.IndexOf("</tr>", StringComparison.Ordinal)];
    }

    private async Task<string> GetAsync(string url) => WebUtility.HtmlDecode(await platform.Http.GetStringAsync(new Uri(url, UriKind.Relative)));

    private async Task<string> ActAsync(string operation, string path, string value = "", string endpoint = RunningPlatform.Device, (string Name, string Value)? more = null)
    {
        var fields = new Dictionary<string, string> { ["op"] = operation, ["ep"] = endpoint, ["path"] = path, ["value"] = value };
        if (more is { } field)
        {
            fields[field.Name] = field.Value;
        }
        using var form = new FormUrlEncodedContent(fields);
        using var response = await platform.Http.PostAsync(new Uri($"/device/do", UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
    }
}
