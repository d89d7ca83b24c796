using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform.Tests;

/// <summary>What the tables and sentences of docs/guide say beside the commands, which Starling.Guide.Tests types.</summary>
[Collection(PlatformCollection.Name)]
public sealed partial class GuideClaimsTests(RunningPlatform platform)
{
    private static readonly string _commandLine = Guide("command-line.md");
    private static readonly string _restApi = Guide("rest-api.md");

    [Fact]
    public async Task Verbs_of_the_guide_are_those_of_the_program()
    {
        var (exit, help, _) = await CommandRun.RunAsync("--help");
        Assert.Equal(ExitCode.Done, exit);
        var verbs = Verb().Matches(help[help.IndexOf("Commands:", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value);
        Assert.Equal(verbs.Order(), Rows(_commandLine, "| verb |").Select(r => r[0].Split(' ')[0]).Distinct().Order());
    }

    [Fact]
    public async Task Options_of_up_are_those_of_the_guide_with_what_counts_without_them()
    {
        var (_, help, _) = await CommandRun.RunAsync("up", "--help");
        var rows = Rows(_commandLine, "| option |");
        Assert.Equal(Option().Matches(help).Select(m => m.Value).Distinct().Except(["--help"]).Order(), rows.Select(r => r[0].Split(' ')[0]).Order());
        foreach (var row in rows.Where(r => r[1].Contains(':', StringComparison.Ordinal)))
        {
            Assert.Contains(row[1], help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Exit_codes_of_the_guide_are_all_there_are()
    {
        var codes = typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => $"{f.GetRawConstantValue()}");
        Assert.Equal(codes.Order(), Rows(_commandLine, "| code |").Select(r => r[0]).Order());
    }

    [Fact]
    public async Task Device_that_does_not_answer_ends_a_verb_with_4()
    {
        var loopback = new IPEndPoint(IPAddress.Loopback, 0);
        await using var impatient = await EmptyPlatform.StartAsync(new PlatformSettings { Coap = loopback, Http = loopback, OperationTimeout = TimeSpan.FromSeconds(1) });
        await HandRegistration.RegisterAsync(new Uri(impatient.Coap), "silent");
        var (exit, _, error) = await CommandRun.RunAsync("read", "silent", "/3/0/0", "--url", impatient.Url.ToString());
        Assert.Equal(ExitCode.NoAnswer, exit);
        Assert.Contains("may be asleep or gone", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_is_not_shown_to_others_unless_that_is_said()
    {
        var (exit, _, error) = await CommandRun.RunAsync("up", "--http", "0.0.0.0:0", "--coap", "127.0.0.1:0");
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("--insecure", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_of_the_guide_are_all_there_are()
    {
        var told = Typed().Matches(_restApi[_restApi.IndexOf("Types: ", StringComparison.Ordinal)..].Split('.')[0]).Select(m => m.Groups[1].Value);
        var kinds = typeof(DeviceEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(DeviceEvent)));
        var types = kinds.Select(t => EventJson.TypeOf((DeviceEvent)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(t)));
        Assert.Equal(types.Order(), told.Order());
    }

    /// <summary>Each line of the table of statuses that names a CoAP code, and the rest of the codes.</summary>
    [Theory]
    [InlineData("4.00", 400)]
    [InlineData("4.01", 403)]
    [InlineData("4.03", 403)]
    [InlineData("4.04", 404)]
    [InlineData("4.05", 405)]
    [InlineData("4.06", 406)]
    [InlineData("4.09", 409)]
    [InlineData("4.13", 413)]
    [InlineData("4.15", 415)]
    [InlineData("5.03", 503)]
    [InlineData("4.02", 502)]
    [InlineData("5.00", 502)]
    public void Code_of_a_device_becomes_the_status_of_the_guide(string code, int status)
    {
        var parts = code.Split('.');
        var response = new Lwm2mResponse(new CoapCode((byte)((int.Parse(parts[0]) << 5) | int.Parse(parts[1]))));
        Assert.Equal(code, response.Code.ToString());
        Assert.Equal(status, ApiProblem.Refused(response).Status);
        var row = Rows(_restApi, "| status |").Single(r => r[0].Contains($"{status}", StringComparison.Ordinal));
        Assert.True(row[1].Contains(code, StringComparison.Ordinal) || row[1].Contains("something else", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"NaN\"", ValueKind.Float, "NaN")]
    [InlineData("\"-Infinity\"", ValueKind.Float, "-Infinity")]
    [InlineData("\"18446744073709551615\"", ValueKind.Unsigned, "18446744073709551615")]
    [InlineData("-9223372036854775808", ValueKind.Integer, "-9223372036854775808")]
    [InlineData("1769860800", ValueKind.Time, "2026-01-31T12:00:00Z")]
    [InlineData("\"2026-01-31T12:00:00Z\"", ValueKind.Time, "2026-01-31T12:00:00Z")]
    [InlineData("\"AQI=\"", ValueKind.Opaque, "AQI=")]
    [InlineData("\"3:0\"", ValueKind.ObjectLink, "3:0")]
    [InlineData("true", ValueKind.Boolean, "true")]
    public void Value_is_written_as_the_guide_says_and_shown_so(string json, ValueKind kind, string shown)
    {
        using var document = JsonDocument.Parse(json);
        Assert.True(ValueJson.TryRead(document.RootElement, kind, out var value, out var error), error);
        Assert.Equal(shown, ValueJson.Write(value)!.ToString());
    }

    [Theory]
    [InlineData("limit=0", HttpStatusCode.BadRequest)]
    [InlineData("limit=1001", HttpStatusCode.BadRequest)]
    [InlineData("limit=1000", HttpStatusCode.OK)]
    public async Task Page_of_devices_has_the_bounds_of_the_guide(string query, HttpStatusCode status) =>
        Assert.Equal(status, (await platform.SendAsync("GET", $"/devices?{query}")).Status);

    [Theory]
    [InlineData("timeout=0", HttpStatusCode.BadRequest)]
    [InlineData("timeout=601", HttpStatusCode.BadRequest)]
    [InlineData("timeout=600", HttpStatusCode.OK)]
    public async Task Timeout_has_the_bounds_of_the_guide(string query, HttpStatusCode status) =>
        Assert.Equal(status, (await platform.SendAsync("GET", $"/devices/demo-1/3/0/0?{query}")).Status);

    [Fact]
    public void Numbers_of_the_guide_are_those_of_the_program()
    {
        Assert.Equal(TimeSpan.FromSeconds(60), new PlatformSettings().OperationTimeout);
        Assert.Contains($"the last {new PlatformSettings().KeptEvents}", _restApi, StringComparison.Ordinal);
    }

    // The cells of a table's rows, without the back quotes.
    private static List<string[]> Rows(string page, string head)
    {
        var lines = page[page.IndexOf(head, StringComparison.Ordinal)..].Split('\n').Skip(2).TakeWhile(l => l.StartsWith('|'));
        return [.. lines.Select(l => l.Trim('|', ' ').Split(" | ").Select(c => c.Replace("`", "", StringComparison.Ordinal).Trim()).ToArray())];
    }

    private static string Guide(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Starling.slnx")))
        {
            folder = folder.Parent;
        }
        return File.ReadAllText(Path.Combine(folder.FullName, "docs/guide", name));
    }

    [GeneratedRegex(@"^  ([a-z]+)\b", RegexOptions.Multiline)]
    private static partial Regex Verb();

    [GeneratedRegex(@"--[a-z][a-z-]*")]
    private static partial Regex Option();

    [GeneratedRegex("`([a-z]+)`")]
    private static partial Regex Typed();
}
