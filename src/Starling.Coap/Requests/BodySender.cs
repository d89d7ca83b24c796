namespace Starling.Coap;

/// <summary>Sends the body of one of our requests by Block1 (RFC 7959 §2.5, §3.2) and learns the block size that suits the peer.</summary>
internal sealed class BodySender(
    CoapSettings.BlockwiseSettings limits, Func<Peer, CoapMessage, CancellationToken, ValueTask<CoapMessage>> exchange)
{
    /// <summary>Sends the request block by block; gives the response to the last block, or the one that ended the transfer.</summary>
    public async ValueTask<CoapMessage> SendAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            var size = PeerRequests.BlockSizeFor(peer);
            var response = await SendBlocksAsync(peer, request, size, cancel).ConfigureAwait(false);
            var restart = attempt < limits.Restarts
                && (response.Code == CoapCode.RequestEntityIncomplete
                    || (response.Code == CoapCode.RequestEntityTooLarge && PeerRequests.BlockSizeFor(peer) < size));
            if (!restart)
            {
                return response;
            }
        }
    }

    /// <summary>Whether a 4.13 to a body in one piece asks for blocks: it names a size below the body's (RFC 7959 §2.9.3).</summary>
    public static bool AsksForBlocks(CoapMessage request, CoapMessage response) =>
        response.Code == CoapCode.RequestEntityTooLarge && response.Options.Block1 is { } hint && hint.Size < request.Payload.Length;

    /// <summary>
    /// The request as it is sent while other bodies are on their way to the peer: they are told apart by their tags (RFC 9175 §3.3), which the
    /// requests for a large response carry as well.
    /// </summary>
    public static CoapMessage WithTag(CoapMessage request, PeerRequests state)
    {
        if (request.Options.Has(OptionNumber.RequestTag))
        {
            return request;
        }
        var tag = BitConverter.GetBytes(Interlocked.Increment(ref state.LastRequestTag));
        return new()
        {
            Code = request.Code,
            Token = request.Token,
            Options = request.Options.With(OptionNumber.RequestTag, tag.AsSpan()),
            Payload = request.Payload,
            Body = request.Body,
        };
    }

    private async ValueTask<CoapMessage> SendBlocksAsync(Peer peer, CoapMessage request, int size, CancellationToken cancel)
    {
        var length = request.Body?.Length ?? request.Payload.Length;
        long offset = 0;
        while (true)
        {
            var block = await ReadAsync(request, offset, size, cancel).ConfigureAwait(false);
            var more = offset + block.Length < length;
            var number = offset / size;
            if (number > BlockOption.MaxNumber)
            {
                throw new CoapBodyException($"A body of {length} bytes has too many blocks of {size} bytes.");
            }
            var options = request.Options.With(OptionNumber.Block1, new BlockOption((int)number, more, BlockOption.ExponentFor(size)).Value);
            if (offset == 0)
            {
                options = options.With(OptionNumber.Size1, (uint)Math.Min(length, uint.MaxValue));
            }
            var response = await exchange(peer, Message(request, options, block), cancel).ConfigureAwait(false);
            var agreed = response.Options.Block1;
            if (agreed is { } smaller && smaller.Size < size)
            {
                PeerRequests.LearnBlockSize(peer, smaller.Size);
            }
            if (!more || !IsForOneBlock(response))
            {
                return response;
            }
            offset += block.Length;
            // From the second block on the peer's size counts; what it took of the first one it took whole.
            size = Math.Min(size, agreed?.Size ?? size);
        }
    }

    // 2.31 asks for the next block; a success that names the block comes from a server that handles each by itself (RFC 7959 §2.3, figure 8).
    // Any other response is the final one.
    private static bool IsForOneBlock(CoapMessage response) =>
        response.Code == CoapCode.Continue || (response.Code.IsSuccess && response.Options.Block1 is not null);

    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CoapMessage request, long offset, int size, CancellationToken cancel)
    {
        if (request.Body is not { } source)
        {
            return request.Payload.Slice((int)offset, (int)Math.Min(size, request.Payload.Length - offset));
        }
        var buffer = new byte[Math.Min(size, source.Length - offset)];
        var read = await source.ReadAtAsync(offset, buffer, cancel).ConfigureAwait(false);
        return read == buffer.Length ? buffer : throw new CoapBodyException($"The body ended at byte {offset + read} of {source.Length}.");
    }

    // Every block carries the request's token: an observation that the request begins is known by the first or the last one's, as the peer likes
    // (RFC 7959 §3.3 leaves it open).
    private static CoapMessage Message(CoapMessage request, CoapOptions options, ReadOnlyMemory<byte> block) =>
        new() { Code = request.Code, Token = request.Token, Options = options, Payload = block };
}
