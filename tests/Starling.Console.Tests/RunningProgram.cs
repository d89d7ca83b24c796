using System.Diagnostics;
using Microsoft.Playwright;

namespace Starling.Console.Tests;

/// <summary>The program as its users start it, from another folder and with simulated devices, and a browser.</summary>
public sealed class RunningProgram : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("starling-console-").FullName;
    private Process? _program;
    private IPlaywright? _playwright;

    internal string Url { get; private set; } = "";
    internal Uri Coap { get; private set; } = null!;
    internal IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Chromium.Path is null)
        {
            return;
        }
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = _folder, RedirectStandardOutput = true };
        string[] arguments = [Program(), "up", "--coap", "127.0.0.1:0", "--http", "127.0.0.1:0", "--demo", "10000", "--data", _folder];
        Array.ForEach(arguments, start.ArgumentList.Add);
        _program = Process.Start(start)!;
        for (var line = ""; !line.StartsWith("All 10000", StringComparison.Ordinal);)
        {
            line = await _program.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The program has ended.");
            Coap = line.StartsWith("  LwM2M ", StringComparison.Ordinal) ? new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) : Coap;
            Url = line.Contains("Look", StringComparison.Ordinal) ? line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1] : Url;
        }
        _ = _program.StandardOutput.ReadToEndAsync();
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium.Path, Args = Chromium.Flags });
    }

    public async Task DisposeAsync()
    {
        if (_program is not null)
        {
            await Browser.CloseAsync();
            _playwright!.Dispose();
            _program.Kill();
            await _program.WaitForExitAsync();
            _program.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private static string Program()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Starling.slnx")))
            {
                return Path.Combine(folder.FullName, "src/Starling.Platform/bin/Release/net10.0/starling.dll");
            }
        }
        throw new InvalidOperationException("No Starling.slnx above the tests.");
    }
}
