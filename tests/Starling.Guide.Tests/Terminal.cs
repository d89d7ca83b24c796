using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Starling.Guide.Tests;

/// <summary>
/// A shell in the repository's folder. Where the system allows it, it has a network of its own, so that the ports that the guides name are free.
/// What stays runs beside it, each line marked with its number.
/// </summary>
internal sealed class Terminal : IAsyncDisposable
{
    private const char Mark = '\u0001';
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);   // the first command may build
    private readonly string _home = Directory.CreateTempSubdirectory("starling-guide-").FullName;
    private readonly Process _shell;
    private readonly Dictionary<int, Channel<string>> _lines = new() { [0] = Channel.CreateUnbounded<string>() };
    private readonly StringBuilder _all = new();
    private readonly Task _reading;

    public Terminal()
    {
        string[] command = HasOwnNetwork() ? ["unshare", "-rn", "bash", "--norc"] : ["bash", "--norc"];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Guide.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";   // nothing stays behind
        start.Environment["CI"] = "";
        // A home of its own, where servers keep their data and guides make projects. Packages are not fetched again.
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages");
        start.Environment["NUGET_PACKAGES"] = packages;
        start.Environment["HOME"] = _home;
        start.Environment["NuGetAudit"] = "false";   // it would ask a network that there is not
        start.Environment.Remove("XDG_DATA_HOME");
        _shell = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_shell.StandardOutput), ReadAsync(_shell.StandardError));
        if (command.Length > 2)
        {
            _shell.StandardInput.WriteLine("ip link set lo up");
        }
    }

    /// <summary>Everything that was shown so far.</summary>
    public string Said
    {
        get
        {
            lock (_all)
            {
                return _all.ToString();
            }
        }
    }

    /// <summary>Types a command and waits for its end.</summary>
    /// <returns>Its exit code and its lines.</returns>
    public async Task<(int Exit, string[] Lines)> RunAsync(string command)
    {
        // As one line of its own, so that what runs beside it cannot come in between.
        await TypeAsync($"said=$({{ {command}; }} 2>&1 </dev/null); printf '\\n{Mark}0 %s %s\\n' $? \"$(printf %s \"$said\" | base64 -w0)\"");
        var answer = (await NextAsync(0)).Split(' ');
        return (int.Parse(answer[0], System.Globalization.CultureInfo.InvariantCulture), Encoding.UTF8.GetString(Convert.FromBase64String(answer[1])).Split('\n'));
    }

    /// <summary>Types a command that stays, as in a terminal of its own.</summary>
    /// <returns>The number of that terminal.</returns>
    public async Task<int> StartAsync(string command)
    {
        var number = _lines.Count;
        lock (_lines)
        {
            _lines[number] = Channel.CreateUnbounded<string>();
        }
        await TypeAsync($"( {command} ) 2>&1 </dev/null | sed -u 's/^/{Mark}{number} /' &");
        return number;
    }

    /// <summary>Waits until a terminal has shown a line.</summary>
    public async Task WaitForAsync(int terminal, Regex line)
    {
        try
        {
            while (!line.IsMatch((await NextAsync(terminal)).TrimEnd()))
            {
            }
        }
        catch (Exception late) when (late is OperationCanceledException or ChannelClosedException)
        {
            Assert.Fail($"No line was '{line}':\n{Said}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _shell.Kill(entireProcessTree: true);
        await _shell.WaitForExitAsync();
        await _reading.WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _shell.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    private async Task TypeAsync(string line)
    {
        lock (_all)
        {
            _all.Append("$ ").AppendLine(line);
        }
        await _shell.StandardInput.WriteLineAsync(line);
        await _shell.StandardInput.FlushAsync();
    }

    private async Task<string> NextAsync(int terminal)
    {
        using var patience = new CancellationTokenSource(_patience);
        Channel<string> lines;
        lock (_lines)
        {
            lines = _lines[terminal];
        }
        return await lines.Reader.ReadAsync(patience.Token);
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_all)
            {
                _all.AppendLine(line.Replace(Mark, '|'));
            }
            if (line.StartsWith(Mark) && line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space)
            {
                lock (_lines)
                {
                    _lines[int.Parse(line.AsSpan(1, space - 1), System.Globalization.CultureInfo.InvariantCulture)].Writer.TryWrite(line[(space + 1)..]);
                }
            }
        }
        lock (_lines)
        {
            foreach (var lines in _lines.Values)
            {
                lines.Writer.TryComplete();
            }
        }
    }

    private static bool HasOwnNetwork()
    {
        try
        {
            using var check = Process.Start(new ProcessStartInfo("unshare", ["-rn", "ip", "link", "set", "lo", "up"]) { RedirectStandardError = true })!;
            check.WaitForExit();
            return check.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;   // there is no such command
        }
    }
}
