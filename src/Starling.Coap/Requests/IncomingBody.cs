using Microsoft.Extensions.Logging;

namespace Starling.Coap;

/// <summary>
/// A body that arrives by Block1 (RFC 7959 §2.5): assembled here, or handed to a sink block by block. One block at a time: whoever was told
/// <see cref="Step.Next"/> writes it and calls <see cref="Advance"/>.
/// </summary>
internal sealed class IncomingBody(Transfers owner, Peer peer, CoapCode code, CoapOptions key, ILogger log)
    : Transfer(owner, peer, code, key, default)
{
    private readonly Lock _lock = new();
    private byte[] _body = [];
    private bool _isWriting = true;
    private bool _isAborted;

    /// <summary>What a block is to the body.</summary>
    public enum Step : byte
    {
        /// <summary>The one that comes next: the caller writes it.</summary>
        Next,
        /// <summary>It came before.</summary>
        Seen,
        /// <summary>One before it is missing.</summary>
        Gap,
        /// <summary>Another one is being written: the peer did not wait for its answer.</summary>
        Busy,
    }

    /// <summary>Where the body goes; null: it is assembled. Set once by the first block's writer.</summary>
    public IBodySink? Sink { get; set; }

    /// <summary>The bytes that have come so far, in order and without a gap.</summary>
    public long Received { get; private set; }

    public ReadOnlyMemory<byte> Assembled => _body.AsMemory(0, (int)Received);

    /// <summary>Whether a block that begins a new body may take this one's place: not while a block is being written.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                return _isWriting;
            }
        }
    }

    public Step Place(BlockOption block, int length)
    {
        lock (_lock)
        {
            if (_isWriting)
            {
                return Step.Busy;
            }
            if (block.Offset != Received)
            {
                return block.More && block.Offset + length <= Received ? Step.Seen : Step.Gap;
            }
            _isWriting = true;
            return Step.Next;
        }
    }

    /// <summary>Writes the block to the sink or behind the ones before it.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancel)
    {
        if (Sink is { } sink)
        {
            await sink.WriteAsync(block, cancel).ConfigureAwait(false);
            return;
        }
        if (_body.Length < Received + block.Length)
        {
            Array.Resize(ref _body, (int)Math.Max(Received + block.Length, _body.Length * 2L));
        }
        block.CopyTo(_body.AsMemory((int)Received));
    }

    /// <summary>The block has been written. False when the transfer has ended meanwhile; then the sink has been told.</summary>
    public bool Advance(int length)
    {
        lock (_lock)
        {
            Received += length;
            _isWriting = false;
            if (!_isAborted)
            {
                return true;
            }
        }
        AbortSink();
        return false;
    }

    /// <summary>The block could not be written: the transfer is over.</summary>
    public void Fail()
    {
        lock (_lock)
        {
            _isWriting = false;
        }
        AbortSink();
    }

    public override void Abort()
    {
        lock (_lock)
        {
            _isAborted = true;
            if (_isWriting)
            {
                return;   // whoever writes tells the sink afterwards
            }
        }
        AbortSink();
    }

    private void AbortSink()
    {
        try
        {
            Sink?.Abort();
        }
        catch (Exception failure)
        {
            // It may run on the wheel's thread, where nobody else would catch it.
            Log.SinkFailed(log, Peer.ToString(), failure);
        }
    }
}
