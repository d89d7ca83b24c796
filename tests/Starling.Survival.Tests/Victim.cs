using System.Diagnostics;

namespace Starling.Survival.Tests;

/// <summary>The program, in a process of its own.</summary>
internal sealed class Victim : IDisposable
{
    private readonly Process _process;

    private Victim(Process process) => _process = process;

    public static Victim Start(string folder, int coap, int http)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = [Program(), "up", "--data", folder, "--coap", $"127.0.0.1:{coap}", "--http", $"127.0.0.1:{http}", "--send-waits"];
        Array.ForEach(arguments, start.ArgumentList.Add);
        return new Victim(Process.Start(start)!);
    }

    /// <summary>Waits until it says that it is up.</summary>
    public async Task WhenUpAsync(CancellationToken cancel)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith("Ctrl-C", StringComparison.Ordinal))
            {
                return;
            }
        }
        throw new InvalidOperationException($"The program ended by itself: {await _process.StandardError.ReadToEndAsync(cancel)}");
    }

    /// <summary>SIGKILL: nothing is written, closed or said any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _process.Dispose();
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
