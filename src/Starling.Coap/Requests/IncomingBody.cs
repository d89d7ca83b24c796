namespace Starling.Coap;

/// <summary>A body that arrives by Block1 (RFC 7959 §2.5): assembled here, or handed to a sink block by block.</summary>
internal sealed class IncomingBody(Transfers owner, Peer peer, CoapCode code, CoapOptions key, IBodySink? sink)
    : Transfer(owner, peer, code, key, default)
{
    private byte[] _body = [];

    public IBodySink? Sink => sink;

    /// <summary>The bytes that have come so far, in order and without a gap.</summary>
    public long Received { get; private set; }

    /// <summary>The number of blocks are being written to the sink: the peer sends the next one only after the answer to this one.</summary>
    public bool IsWriting { get; set; }

    public ReadOnlyMemory<byte> Assembled => _body.AsMemory(0, (int)Received);

    public void Append(ReadOnlySpan<byte> block)
    {
        if (sink is null)
        {
            if (_body.Length < Received + block.Length)
            {
                Array.Resize(ref _body, (int)Math.Max(Received + block.Length, _body.Length * 2L));
            }
            block.CopyTo(_body.AsSpan((int)Received));
        }
        Received += block.Length;
    }

    public override void Abort() => sink?.Abort();
}
