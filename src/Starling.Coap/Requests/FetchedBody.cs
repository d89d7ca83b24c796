namespace Starling.Coap;

/// <summary>A body that is being fetched, under the limits of one body and of all. It grows with what has come, whatever size was told.</summary>
internal sealed class FetchedBody : IDisposable
{
    private readonly Transfers _transfers;
    private byte[] _bytes;

    /// <exception cref="CoapBodyException">All transfers together hold too much.</exception>
    public FetchedBody(Transfers transfers, int room)
    {
        _transfers = transfers;
        _bytes = Reserve(room);
    }

    public int Length { get; private set; }

    /// <exception cref="CoapBodyException">The body is larger than the limit, or all transfers together hold too much.</exception>
    public void Append(ReadOnlySpan<byte> block)
    {
        var length = Length + block.Length;
        if (length > _transfers.Limits.MaxBody)
        {
            throw new CoapBodyException($"The body is larger than {_transfers.Limits.MaxBody} bytes.");
        }
        if (length > _bytes.Length)
        {
            Grow(Math.Max(length, Math.Min(_transfers.Limits.MaxBody, _bytes.Length * 2)));
        }
        block.CopyTo(_bytes.AsSpan(Length));
        Length = length;
    }

    /// <summary>What has come.</summary>
    public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, Length);

    public void Dispose() => _transfers.GiveBack(_bytes.Length);

    private void Grow(int room)
    {
        var larger = Reserve(room);
        _bytes.AsSpan(0, Length).CopyTo(larger);
        _transfers.GiveBack(_bytes.Length);
        _bytes = larger;
    }

    private byte[] Reserve(int room) =>
        _transfers.TryTake(room) ? new byte[room] : throw new CoapBodyException("Too many large bodies are being transferred at the moment.");
}
