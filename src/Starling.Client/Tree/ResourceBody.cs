using Starling.Coap;

namespace Starling.Client;

/// <summary>Takes what a server writes to one resource while it arrives, so that it never stands in memory as a whole: a firmware image.</summary>
public abstract class ResourceBody : IBodySink
{
    /// <inheritdoc/>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancel);

    /// <summary>All of it has been written. The server is answered when this has ended; an exception is its answer.</summary>
    public abstract ValueTask CompleteAsync(CancellationToken cancel);

    /// <inheritdoc/>
    public abstract void Abort();
}
