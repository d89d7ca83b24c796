using System.Diagnostics;
using System.Threading.Channels;

namespace Starling.Interop.Tests;

/// <summary>A program that nobody here wrote, as a process of its own: its lines can be waited for, and lines be sent to it.</summary>
internal sealed class ForeignProgram : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);   // for what takes milliseconds, on a machine that is busy
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _all = [];
    private readonly Task _reading;

    private ForeignProgram(string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(name, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NODE_PATH"] = Peers.NodeModules;
        start.Environment["NODE_NO_WARNINGS"] = "1";
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>All its lines.</summary>
    public string Said
    {
        get
        {
            lock (_all)
            {
                return string.Join('\n', _all);
            }
        }
    }

    /// <summary>A limit for waits that end by themselves.</summary>
    public static CancellationToken Patience => new CancellationTokenSource(_patience).Token;

    public static ForeignProgram Start(string name, params string[] arguments) => new(name, arguments);

    /// <summary>Starts a program with variables of its own.</summary>
    public static ForeignProgram Start(string name, string[] arguments, IReadOnlyDictionary<string, string> environment) => new(name, arguments, environment);

    /// <summary>Starts one of the scripts in the folder <c>peers</c>.</summary>
    public static ForeignProgram StartScript(string script, params string[] arguments) => new("node", [Peers.Script(script), .. arguments]);

    /// <summary>Runs to the end.</summary>
    public static async Task<(int Exit, string Output)> RunAsync(string name, params string[] arguments)
    {
        await using var program = Start(name, arguments);
        return await program.EndAsync();
    }

    /// <summary>Waits until the program ends by itself.</summary>
    public async Task<(int Exit, string Output)> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(Patience);
        await _reading;
        return (_process.ExitCode, Said);
    }

    /// <summary>The next line that contains a text.</summary>
    public async Task<string> WaitForAsync(string text)
    {
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(Patience))
            {
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told below, with what it said instead.
        }
        throw new InvalidOperationException($"'{text}' was not said. It said:\n{Said}");
    }

    /// <summary>Sends a line to its standard input.</summary>
    public async Task SendAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_all)
            {
                _all.Add(line);
            }
            _lines.Writer.TryWrite(line);
        }
    }
}
