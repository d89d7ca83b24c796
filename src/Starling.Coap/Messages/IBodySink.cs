namespace Starling.Coap;

/// <summary>Takes a body block by block, in order and each once, while it arrives.</summary>
public interface IBodySink
{
    /// <summary>The next bytes. An exception ends the transfer with its code (<see cref="CoapErrorException"/>) or 5.00.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancel);

    /// <summary>
    /// The transfer ended before its last block: the peer vanished, began again or was refused, or writing failed. Called once, never during a
    /// write; it runs on any thread and may not wait.
    /// </summary>
    void Abort();
}
