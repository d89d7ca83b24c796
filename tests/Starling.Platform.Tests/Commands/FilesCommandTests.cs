using System.Text.Json.Nodes;

namespace Starling.Platform.Tests;

/// <summary>The program's own files, fetched by real devices.</summary>
public sealed class FilesCommandTests : IDisposable
{
    private const string Key = "00112233445566778899aabbccddeeff";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("coap")]
    [InlineData("coaps")]
    public Task Device_fetches_its_firmware_from_the_folder_and_installs_it(string scheme) => UpAsync(["--data", _folder.Path], async url =>
    {
        var image = Path.Combine(_folder.Path, "files", "lamp 2.1.bin");
        Assert.Equal(ExitCode.Done, (await CommandRun.RunAsync("image", image, "--version", "2.1")).Exit);
        await StarlingAsync(url, "credentials", "add", "--endpoint", "lamp", "--psk-key", Key);
        var (uri, item) = await UriAsync(url, scheme);
        Assert.Equal((new FileInfo(image).Length, $"/files/lamp%202.1.bin"), (item["size"]!.GetValue<long>(), uri.AbsolutePath));
        using var said = new LineWriter();
        using var leave = new CancellationTokenSource();
        string[] secured = scheme == "coaps" ? ["--psk-key", Key] : [];
        var endpoint = scheme == "coaps" ? "lamp" : "plain lamp";
        var device = CommandLine.RunAsync(
            ["device", "--server", uri.GetLeftPart(UriPartial.Authority), "--endpoint", endpoint, .. secured], said, TextWriter.Null, leave.Token);
        await said.WaitForAsync("registered at");
        using var states = new LineWriter();
        var observing = CommandLine.RunAsync(["observe", endpoint, "/5/0/3", "--url", url], states, TextWriter.Null, leave.Token);
        await states.WaitForAsync("/5/0/3");
        await StarlingAsync(url, "write", endpoint, "/5/0/1", uri.AbsoluteUri);
        await states.WaitForAsync("/5/0/3  2");
        await StarlingAsync(url, "execute", endpoint, "/5/0/2");
        await states.WaitForAsync("/5/0/3  3");
        await states.WaitForAsync("/5/0/3  0");
        Assert.Equal("1", await StarlingAsync(url, "read", endpoint, "/5/0/5"));
        Assert.Equal("2.1", await StarlingAsync(url, "read", endpoint, "/3/0/3"));
        var told = JsonNode.Parse(await StarlingAsync(url, "files", "--json"))!;
        Assert.Equal((1, new FileInfo(image).Length), (told["fetches"]!.GetValue<long>(), told["bytes"]!.GetValue<long>()));
        await leave.CancelAsync();
        await Task.WhenAll(device, observing);
    });

    [Fact]
    public Task Folder_that_is_named_is_made_and_its_files_are_listed_with_every_way_to_them() => UpAsync(["--data", "none", "--files", Path.Combine(_folder.Path, "images")], async url =>
    {
        Assert.Contains(Path.Combine(_folder.Path, "images"), await StarlingAsync(url, "files"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "images", "a.bin"), "abc");
        var listed = (await StarlingAsync(url, "files")).Split('\n');
        Assert.Matches(@"^a\.bin +3 +\d{4}-.* coap://127\.0\.0\.1:\d+/files/a\.bin$", listed[1].TrimEnd());
        Assert.Matches(@"^ +coaps://127\.0\.0\.1:\d+/files/a\.bin$", listed[2].TrimEnd());
    });

    [Fact]
    public Task Server_without_data_has_no_files_and_says_how_to_have_some() => UpAsync(["--data", "none"], async url =>
        Assert.Contains("--files DIR", await StarlingAsync(url, "files"), StringComparison.Ordinal));

    [Fact]
    public Task Where_devices_without_security_are_refused_no_plain_uri_is_told() => UpAsync(["--data", _folder.Path, "--unsecured", "refuse"], async url =>
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "files", "a.bin"), "abc");
        var uris = JsonNode.Parse(await StarlingAsync(url, "files", "--json"))!["items"]![0]!["uris"]!.AsArray();
        Assert.StartsWith("coaps://", Assert.Single(uris)!.GetValue<string>(), StringComparison.Ordinal);
    });

    [Fact]
    public async Task Folder_that_cannot_be_made_is_an_error()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "file"), "");
        var (exit, _, error) = await CommandRun.RunAsync("up", "--data", "none", "--files", Path.Combine(_folder.Path, "file"));
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("--files", error, StringComparison.Ordinal);
    }

    private static async Task<(Uri Uri, JsonNode Item)> UriAsync(string url, string scheme)
    {
        var item = JsonNode.Parse(await StarlingAsync(url, "files", "--json"))!["items"]![0]!;
        return (item["uris"]!.AsArray().Select(u => new Uri(u!.GetValue<string>())).Single(u => u.Scheme == scheme), item);
    }

    private static async Task UpAsync(string[] options, Func<string, Task> act)
    {
        using var stop = new CancellationTokenSource();
        using var output = new LineWriter();
        var up = CommandLine.RunAsync(["up", "--coap", "127.0.0.1:0", "--http", "127.0.0.1:0", .. options], output, TextWriter.Null, stop.Token);
        await act((await output.WaitForAsync("Look")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Done, await up);
    }

    private static async Task<string> StarlingAsync(string url, params string[] arguments)
    {
        var (exit, output, error) = await CommandRun.RunAsync([.. arguments, "--url", url]);
        Assert.True(exit == ExitCode.Done, $"{string.Join(' ', arguments)}: {error}");
        return output.Trim();
    }
}
