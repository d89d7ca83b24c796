using System.Text;
using System.Threading.Channels;

namespace Starling.Platform.Tests;

/// <summary>Takes what a program prints and lets a test wait for a line of it.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _line = new();
    private readonly Lock _lock = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_lock)
        {
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }
            _lines.Writer.TryWrite(_line.ToString().TrimEnd('\r'));
            _line.Clear();
        }
    }

    /// <summary>The next line that contains a text.</summary>
    public async Task<string> WaitForAsync(string text)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(RunningPlatform.Patience))
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }
        throw new InvalidOperationException($"'{text}' was never printed.");
    }
}
