using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Starling.Server;

namespace Starling.Platform.Tests;

/// <summary>Checks of real devices over loopback: by REST, on the command line, in the console.</summary>
public sealed class CheckTests(RunningPlatform platform) : IClassFixture<RunningPlatform>
{
    private const string Url = "/devices/demo-1/check";

    [Fact]
    public async Task Demo_device_fails_nothing_and_is_as_it_was()
    {
        var before = await StateAsync();
        var (status, begun, response) = await platform.SendAsync("POST", Url, "{}");
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal("/api/v1" + Url, response.Headers.Location!.ToString());
        var check = await EndAsync(begun);
        Assert.Equal("done", check["state"]!.GetValue<string>());
        Assert.DoesNotContain("fail", check["items"]!.AsArray().Select(i => $"{i!["outcome"]} {i["id"]} {i["reason"]}"), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(0, check["failed"]!.GetValue<int>());
        Assert.InRange(check["passed"]!.GetValue<int>(), 25, 118);
        Assert.Equal(check["total"]!.GetValue<int>(), check["items"]!.AsArray().Count);
        Assert.All(check["items"]!.AsArray(), i => Assert.Equal(i!["outcome"]!.GetValue<string>() == "pass", i["reason"]!.GetValue<string>().Length == 0));
        Assert.All(check["items"]!.AsArray().Where(i => i!["outcome"]!.GetValue<string>() == "pass"), i => Assert.NotEmpty(i!["messages"]!.AsArray()));
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Second_check_of_a_device_waits_its_turn_and_the_first_can_be_stopped()
    {
        const string slow = """{"slow":true,"only":["int-102"]}""";
        var url = "/devices/demo-2/check";
        Assert.Equal("none", (await platform.SendAsync("GET", url)).Body["state"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Accepted, (await platform.SendAsync("POST", url, slow)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await platform.SendAsync("POST", url, slow)).Status);
        Assert.Equal("running", (await platform.SendAsync("GET", url)).Body["state"]!.GetValue<string>());
        Assert.Equal("cancelled", (await platform.SendAsync("DELETE", url)).Body["state"]!.GetValue<string>());
        var lifetime = (await platform.SendAsync("GET", "/devices/demo-2/1/0/1")).Body["values"]![0]!["value"]!.GetValue<int>();
        Assert.Equal(300, lifetime);
        Assert.Equal(HttpStatusCode.Accepted, (await platform.SendAsync("POST", url, """{"only":["int-201"]}""")).Status);
    }

    [Fact]
    public async Task Check_that_runs_when_the_program_ends_puts_the_device_back_first()
    {
        var loopback = new IPEndPoint(IPAddress.Loopback, 0);
        DeviceCheck check;
        await using (var own = await EmptyPlatform.StartAsync(new PlatformSettings { Coap = loopback, Http = loopback, Demo = 1 }))
        {
            await own.Services.GetRequiredService<DemoDevices>().Registered.WaitAsync(RunningPlatform.Patience);
            var server = own.Services.GetRequiredService<Lwm2mServer>();
            var events = server.Events(RunningPlatform.Patience);
            check = own.Services.GetRequiredService<CheckStore>().Start(new DeviceKey("demo-1"), new CheckSettings { Slow = true, Only = ["int-102"] })!;
            await foreach (var happened in events)
            {
                if (happened is DeviceEvent.Updated && server.Find(happened.Key)?.Registration.Lifetime == 20)
                {
                    break;   // the case has changed the device, and would wait now
                }
            }
        }
        Assert.Equal("cancelled", check.State);
        var result = Assert.Single(check.Results);
        Assert.Equal("The check was stopped while the case ran.", result.Reason);   // and nothing is left to be put back by hand
    }

    [Theory]
    [InlineData("""{"slow":1}""", "slow")]
    [InlineData("""{"only":"int-201"}""", "only")]
    [InlineData("""{"only":["int-9999"]}""", "only")]
    [InlineData("""{"loud":true}""", "loud")]
    [InlineData("""{"firmware":"no base64!"}""", "firmware")]
    [InlineData("""{"firmwareUri":"nowhere"}""", "firmwareUri")]
    public async Task Request_that_makes_no_sense_is_refused_by_field(string body, string field)
    {
        var (status, problem, _) = await platform.SendAsync("POST", Url, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, problem["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Command_prints_a_line_a_case_and_ends_with_the_sum()
    {
        var (exit, output, _) = await CommandRun.RunAsync("check", "demo-3", "--only", "int-201,int-685", "--url", platform.Url.ToString());
        Assert.Equal(0, exit);
        Assert.Contains("pass  1.1-int-201", output, StringComparison.Ordinal);
        Assert.Contains("skip  1.1-int-685", output, StringComparison.Ordinal);
        Assert.Contains("only among the destructive cases (--destructive)", output, StringComparison.Ordinal);
        Assert.Contains("1 passed, 0 failed, 1 skipped.", output, StringComparison.Ordinal);
        (exit, output, _) = await CommandRun.RunAsync("check", "demo-3", "--only", "int-685", "--destructive", "--json", "--url", platform.Url.ToString());
        Assert.Equal(0, exit);
        Assert.Equal(1, JsonNode.Parse(output)!["passed"]!.GetValue<int>());
    }

    [Fact]
    public async Task Command_says_what_failed_and_exits_with_1()
    {
        // A device whose Device object may be deleted: the case that wants a 4.05 fails.
        await platform.StartDeviceAsync("liar", tree => tree.Allow(platform.Server.Catalog.Find(3)!, new Client.InstanceCreation(id => new Client.ObjectInstance(platform.Server.Catalog.Find(3), id))));
        var (exit, output, error) = await CommandRun.RunAsync("check", "liar", "--only", "int-680", "--url", platform.Url.ToString());
        Assert.Equal(1, exit);
        Assert.Contains("fail  1.1-int-680", output, StringComparison.Ordinal);
        Assert.Contains("Expected: 4.05 ... as the answer to POST /3", output, StringComparison.Ordinal);
        Assert.Contains("(Core §6.3.6, E.4)", output, StringComparison.Ordinal);
        Assert.Contains("| ", output, StringComparison.Ordinal);
        Assert.Contains("1 case has failed", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Firmware_is_updated_with_a_package_of_the_users()
    {
        using var storage = new Client.SimulatedStorage(TimeProvider.System);
        var catalog = platform.Server.Catalog;
        await platform.StartDeviceAsync("updatable", tree =>
        {
            var device = new Client.DeviceObject(catalog.Find(3), TimeProvider.System, "Acme", "Valve", "1", "1.0");
            tree.Add(device.Instance);
            tree.Add(new Client.FirmwareUpdateObject(catalog.Find(5), TimeProvider.System, storage) { Installed = image => device.FirmwareVersion = image.Version }.Instance);
        });
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, Client.SimulatedImage.Create(new Client.PackageIdentity("valve", "2.0"), new byte[20_000]));
            string[] command = ["check", "updatable", "--only", "int-770,int-776,int-771", "--destructive", "--firmware", file, "--url", platform.Url.ToString()];
            var (exit, output, _) = await CommandRun.RunAsync(command);
            Assert.True(exit == 0, output);
            Assert.Contains("pass  1.1-int-770", output, StringComparison.Ordinal);
            Assert.Contains("pass  1.1-int-776", output, StringComparison.Ordinal);
            Assert.Contains("The URI of a package for the device is needed.", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Page_begins_a_check_and_shows_each_case()
    {
        const string page = "/device/check?ep=types%2F1";
        Assert.Contains("has not been checked", await platform.Http.GetStringAsync(page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await platform.Http.GetAsync("/device/check?ep=nobody")).StatusCode);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["ep"] = RunningPlatform.Device, ["op"] = "check" });
        using var answer = await platform.Http.PostAsync("/device/check", form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await EndAsync(new JsonObject { ["state"] = "running" }, $"/devices/{Uri.EscapeDataString(RunningPlatform.Device)}/check");
        var shown = WebUtility.HtmlDecode(await platform.Http.GetStringAsync(page));
        Assert.Contains("1.1-int-224", shown, StringComparison.Ordinal);
        Assert.Contains("server CON GET /1/0/1", shown, StringComparison.Ordinal);
        Assert.Contains(" skipped</span>", shown, StringComparison.Ordinal);
    }

    private async Task<string> StateAsync()
    {
        List<string> all = [];
        foreach (var path in new[] { "/1/0", "/16", "/3/0/14", "/3/0/15", "/3/0/11", "/observations", "/3/discover", "/1/discover" })
        {
            var body = (await platform.SendAsync("GET", "/devices/demo-1" + path)).Body.AsObject();
            body.Remove("operation");
            all.Add(body.ToJsonString());
        }
        return string.Join('\n', all);
    }

    private async Task<JsonNode> EndAsync(JsonNode check, string url = Url)
    {
        var patience = RunningPlatform.Patience;
        while (check["state"]!.GetValue<string>() == "running")
        {
            patience.ThrowIfCancellationRequested();
            check = (await platform.SendAsync("GET", url)).Body;
        }
        return check;
    }
}
