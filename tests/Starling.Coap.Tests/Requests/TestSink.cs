namespace Starling.Coap.Tests;

/// <summary>Takes a body while it arrives; fails or waits where a test says so.</summary>
internal sealed class TestSink : IBodySink
{
    private readonly MemoryStream _bytes = new();

    public byte[] Bytes => _bytes.ToArray();
    public int Blocks { get; private set; }
    public int Aborts { get; private set; }
    public Func<int, Task> Before { get; set; } = static _ => Task.CompletedTask;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancel)
    {
        await Before(Blocks).ConfigureAwait(false);
        Blocks++;
        _bytes.Write(block.Span);
    }

    public void Abort() => Aborts++;
}
