using System.Text.Json.Nodes;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class CommandTests(RunningPlatform platform)
{
    [Fact]
    public async Task Devices_lists_every_endpoint()
    {
        var (exit, output, _) = await RunAsync("devices");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("demo-1", output, StringComparison.Ordinal);
        Assert.Contains(RunningPlatform.Device, output, StringComparison.Ordinal);
        (_, output, _) = await RunAsync("devices", "--json");
        Assert.Contains(JsonNode.Parse(output)!["items"]!.AsArray(), i => i!["endpoint"]!.GetValue<string>() == "demo-2");
    }

    [Fact]
    public async Task Read_of_one_value_prints_the_value()
    {
        var (exit, output, _) = await RunAsync("read", "demo-1", "/3/0/0");
        Assert.Equal((ExitCode.Done, "Starling"), (exit, output.Trim()));
        (_, output, _) = await RunAsync("read", "demo-1", "3/0/0", "--json");
        Assert.Equal("Starling", JsonNode.Parse(output)!["values"]![0]!["value"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("/42769/0/0")]
    [InlineData("/42769/0")]
    public async Task What_a_device_says_cannot_command_the_terminal(string path)
    {
        await platform.OnDeviceAsync("PUT", "/42769/0/0", "{\"value\":\"a\\u001b[2Jb\\u009b2Jc\\r\\nfaked\"}");
        var (exit, output, _) = await RunAsync("read", RunningPlatform.Device, path);
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("a⟨U+001B⟩[2Jb⟨U+009B⟩2Jc⟨U+000D⟩⟨U+000A⟩faked", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_cannot_command_the_terminal()
    {
        var (_, _, error) = await RunAsync("read", "no\u001b[2Jne", "/3/0/0");
        Assert.Contains("'no⟨U+001B⟩[2Jne'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_value_is_printed_whole()
    {
        var text = new string('x', 5000);
        await platform.OnDeviceAsync("PUT", "/42769/0/0", $"{{\"value\":\"{text}\"}}");
        var (_, output, _) = await RunAsync("read", RunningPlatform.Device, "/42769/0/0");
        Assert.Equal(text, output.Trim());
    }

    [Fact]
    public async Task Read_of_an_instance_prints_a_table()
    {
        var (_, output, _) = await RunAsync("read", "demo-1", "/3/0");
        Assert.Contains("Manufacturer", output, StringComparison.Ordinal);
        Assert.Contains("/3/0/1", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "hello")]
    [InlineData("0", "123")]
    [InlineData("0", "true")]
    [InlineData("1", "-5")]
    [InlineData("2", "18446744073709551615")]
    [InlineData("3", "1.25")]
    [InlineData("4", "true")]
    [InlineData("5", "AQI=")]
    [InlineData("6", "2026-01-31T12:00:00Z")]
    [InlineData("7", "42769:0")]
    public async Task Write_sends_a_typed_text_in_the_type_of_the_resource(string resource, string text)
    {
        var (exit, _, error) = await RunAsync("write", RunningPlatform.Device, $"/42769/0/{resource}", text);
        Assert.Equal((ExitCode.Done, ""), (exit, error));
        var (_, output, _) = await RunAsync("read", RunningPlatform.Device, $"/42769/0/{resource}", "--json");
        Assert.Equal(text, JsonNode.Parse(output)!["values"]![0]!["value"]!.ToString());
    }

    [Fact]
    public async Task Write_of_several_resources_updates_an_instance()
    {
        var (exit, _, _) = await RunAsync("write", RunningPlatform.Device, "/42769/0", "0=42", "1=43", "10/3=44", "--update");
        Assert.Equal(ExitCode.Done, exit);
        var (_, output, _) = await RunAsync("read", RunningPlatform.Device, "/42769/0", "--json");
        var values = JsonNode.Parse(output)!["values"]!.AsArray().ToDictionary(v => v!["path"]!.GetValue<string>(), v => v!["value"]!.ToString());
        Assert.Equal(("42", "43", "44"), (values["/42769/0/0"], values["/42769/0/1"], values["/42769/0/10/3"]));
    }

    [Fact]
    public async Task Write_of_texts_and_numbers_at_once_says_what_is_wrong_with_which()
    {
        // A text that looks like a number beside a number that is none too small.
        Assert.Equal(ExitCode.Done, (await RunAsync("write", RunningPlatform.Device, "/42769/0", "0=7", "3=2.5", "4=true", "--update")).Exit);
        var (exit, _, error) = await RunAsync("write", RunningPlatform.Device, "/42769/0", "0=7", "12=99.5", "--update");
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("Warmth (/42769/0/12) is 99.5, outside 5..35", error, StringComparison.Ordinal);
        (exit, _, error) = await RunAsync("write", RunningPlatform.Device, "/42769/0", "0=7", "3=much", "--update");
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("Fraction (/42769/0/3) must be a number", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_discover_create_and_delete_do_what_they_say()
    {
        platform.Executed.Clear();
        Assert.Equal(ExitCode.Done, (await RunAsync("execute", RunningPlatform.Device, "/42769/0/9", "0='x'")).Exit);
        Assert.Equal(["0='x'"], platform.Executed);
        var (_, output, _) = await RunAsync("discover", RunningPlatform.Device, "/42769/0");
        Assert.Contains("/42769/0/9", output, StringComparison.Ordinal);
        (var exit, output, _) = await RunAsync("create", RunningPlatform.Device, "/42769", "--instance", "40", "0=new");
        Assert.Equal((ExitCode.Done, "/42769/40 is created."), (exit, output.Trim()));
        Assert.Equal(ExitCode.Done, (await RunAsync("delete", RunningPlatform.Device, "/42769/40")).Exit);
        Assert.Equal(ExitCode.Refused, (await RunAsync("delete", RunningPlatform.Device, "/42769/40")).Exit);
    }

    [Fact]
    public async Task Observe_prints_notifications_and_ends_the_observation()
    {
        var (exit, output, _) = await RunAsync("observe", "demo-1", "/3303/0/5700", "--count", "2", "--json");
        Assert.Equal(ExitCode.Done, exit);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.All(lines, l => Assert.Equal("/3303/0/5700", l["path"]!.GetValue<string>()));
        var (_, body, _) = await platform.SendAsync("GET", "/devices/demo-1/observations");
        Assert.Empty(body["items"]!.AsArray());
    }

    [Fact]
    public async Task What_the_device_refuses_ends_with_1_and_its_words()
    {
        var (exit, output, error) = await RunAsync("read", RunningPlatform.Device, "/42769/0/99");
        Assert.Equal((ExitCode.Refused, ""), (exit, output));
        Assert.Contains("4.04", error, StringComparison.Ordinal);
        Assert.Contains("discover", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("11", "101", "0..100")]
    [InlineData("12", "90", "5..35")]
    public async Task Value_out_of_range_is_refused_with_the_range(string resource, string value, string range)
    {
        var (exit, _, error) = await RunAsync("write", RunningPlatform.Device, $"/42769/0/{resource}", value);
        Assert.Equal(ExitCode.Usage, exit);
        Assert.All(range.Split(".."), bound => Assert.Contains(bound, error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unknown_device_ends_with_1_and_the_way_to_find_it()
    {
        var (exit, _, error) = await RunAsync("read", "nobody", "/3");
        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("starling devices", error, StringComparison.Ordinal);
    }

    private Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments) => CommandRun.RunAsync([.. arguments, "--url", platform.Url.ToString()]);
}
