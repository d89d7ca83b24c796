namespace Starling.Coap.Tests;

/// <summary>A body that is read while it is sent.</summary>
internal sealed class TestSource(int length, long failsAt = -1, int seed = 0, byte[]? tag = null) : IBodySource
{
    private readonly byte[] _bytes = Scene.Bytes(length, seed);

    public byte[] Bytes => _bytes;
    public long Length => length;
    public ReadOnlyMemory<byte> ETag => tag ?? [1, 2, 3];
    public int Reads { get; private set; }

    public async ValueTask<int> ReadAtAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Reads++;
        if (failsAt >= 0 && offset >= failsAt)
        {
            throw new IOException("The file is gone.");
        }
        var count = (int)Math.Min(destination.Length, length - offset);
        _bytes.AsMemory((int)offset, count).CopyTo(destination);
        return count;
    }
}
