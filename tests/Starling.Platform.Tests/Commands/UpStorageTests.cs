using System.Diagnostics;
using System.Text;

namespace Starling.Platform.Tests;

public sealed class UpStorageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Server_that_is_started_again_knows_its_devices()
    {
        await UpAsync(_folder.Path, async (kept, coap, url) =>
        {
            Assert.Equal(_folder.Path, kept);
            await HandRegistration.RegisterAsync(coap, "by-hand");
            Assert.Contains("by-hand", (await CommandRun.RunAsync("devices", "--url", url)).Output, StringComparison.Ordinal);
        });
        await UpAsync(_folder.Path, async (_, coap, url) =>
        {
            Assert.Contains("by-hand", (await CommandRun.RunAsync("devices", "--url", url)).Output, StringComparison.Ordinal);
            await HandRegistration.RegisterAsync(coap, "by-hand");
        });
    }

    [Fact]
    public Task Data_none_keeps_nothing_and_says_so() => UpAsync("none", (kept, _, _) =>
    {
        Assert.StartsWith("nothing", kept, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    [Fact]
    public Task Folder_of_a_running_server_is_an_error_that_says_what_to_do() => UpAsync(_folder.Path, async (_, _, _) =>
    {
        var (exit, output, error) = await CommandRun.RunAsync("up", "--coap", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", _folder.Path);
        Assert.Equal((ExitCode.Storage, ""), (exit, output));
        Assert.Contains("in use", error, StringComparison.Ordinal);
        Assert.Contains("--data none", error, StringComparison.Ordinal);
    });

    [Fact]
    public async Task File_that_is_no_database_is_an_error()
    {
        await File.WriteAllTextAsync(_folder.Database, new string('x', 5000), Encoding.UTF8);
        var (exit, _, error) = await CommandRun.RunAsync("up", "--coap", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", _folder.Path);
        Assert.Equal(ExitCode.Storage, exit);
        Assert.Contains(_folder.Database, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_that_was_named_must_work()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "");
        Assert.Throws<StorageException>(() => { Keeping.Open(new DataFolder(Path.Combine(_folder.Path, "file", "data"), IsChosen: true)); });
    }

    [Fact]
    public async Task Usual_folder_that_cannot_be_had_means_that_nothing_is_kept()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "file"), "");
        await using var keeping = Keeping.Open(new DataFolder(Path.Combine(_folder.Path, "file", "data"), IsChosen: false));
        Assert.Equal((null, null), (keeping.Database, keeping.Folder));
        Assert.StartsWith("nothing: ", keeping.Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usual_folder_with_something_kept_must_work()
    {
        await File.WriteAllTextAsync(_folder.Database, new string('x', 5000), Encoding.UTF8);
        Assert.Throws<StorageException>(() => { Keeping.Open(new DataFolder(_folder.Path, IsChosen: false)); });
    }

    // The library is found once a process: these are processes of their own.
    [Fact]
    public async Task Machine_without_a_library_keeps_nothing_and_says_what_to_install()
    {
        using var up = WithoutLibrary();
        try
        {
            var kept = "";
            while (!kept.Contains("Kept", StringComparison.Ordinal))
            {
                kept = await up.StandardOutput.ReadLineAsync(RunningPlatform.Patience) ?? throw new InvalidOperationException(await up.StandardError.ReadToEndAsync());
            }
            Assert.Contains("nothing: There is no SQLite library on this machine. Install", kept, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
        }
        finally
        {
            up.Kill();
            await up.WaitForExitAsync(RunningPlatform.Patience);
        }
    }

    [Fact]
    public async Task Machine_without_a_library_and_with_a_folder_that_was_named_ends_with_an_error()
    {
        using var up = WithoutLibrary("--data", _folder.Path);
        var error = await up.StandardError.ReadToEndAsync(RunningPlatform.Patience);
        await up.WaitForExitAsync(RunningPlatform.Patience);
        Assert.Equal(ExitCode.Storage, up.ExitCode);
        Assert.Contains("Install", error, StringComparison.Ordinal);
    }

    private Process WithoutLibrary(params string[] more)
    {
        string[] arguments = [typeof(SqliteDatabase).Assembly.Location, "up", "--coap", "127.0.0.1:0", "--http", "127.0.0.1:0", .. more];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[SqliteLibrary.Variable] = Path.Combine(_folder.Path, "nowhere.so");
        start.Environment["XDG_DATA_HOME"] = _folder.Path;
        return Process.Start(start)!;
    }

    private static async Task UpAsync(string data, Func<string, Uri, string, Task> act)
    {
        using var stop = new CancellationTokenSource();
        using var output = new LineWriter();
        var up = CommandLine.RunAsync(["up", "--coap", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", data], output, TextWriter.Null, stop.Token);
        var url = (await output.WaitForAsync("Look")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
        var coap = (await output.WaitForAsync("LwM2M")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var kept = (await output.WaitForAsync("Kept")).Trim()["Kept".Length..].Trim();
        await act(kept, new Uri(coap), url);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Done, await up);
    }
}
