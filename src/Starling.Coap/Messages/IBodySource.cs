namespace Starling.Coap;

/// <summary>A body that is sent by blocks and need not be in memory as a whole: a firmware image, a file.</summary>
public interface IBodySource
{
    /// <summary>The size in bytes; it does not change.</summary>
    long Length { get; }

    /// <summary>1 to 8 bytes that change when the content does (RFC 7252 §5.10.6.1); empty for none.</summary>
    ReadOnlyMemory<byte> ETag { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/> on; fewer bytes only at the end.</summary>
    ValueTask<int> ReadAtAsync(long offset, Memory<byte> destination, CancellationToken cancel);
}
