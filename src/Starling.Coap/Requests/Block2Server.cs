using System.Buffers.Binary;

namespace Starling.Coap;

/// <summary>Cuts large responses and notifications into blocks that the peer fetches one by one (RFC 7959 §2.4).</summary>
internal sealed class Block2Server(Transfers transfers)
{
    /// <summary>A body of which the peer fetches a later block; null when it is not kept (any more).</summary>
    public static OutgoingBody? Find(Peer peer, CoapMessage request) =>
        Transfers.Find<OutgoingBody>(peer, request.Code, Transfers.KeyOf(request.Options), PayloadKey(request).Span);

    /// <summary>The response as it goes out: whole when it fits, else the block that was asked for.</summary>
    /// <param name="peer">Who asked.</param>
    /// <param name="request">The request with its whole body.</param>
    /// <param name="response">The whole response, with a payload or a body source.</param>
    /// <param name="room">How many bytes of payload may go in one piece: 16 and up.</param>
    /// <param name="cameByBlocks">The request's body came by Block1: later blocks of the response are asked for without it (RFC 7959 §2.7).</param>
    /// <param name="cancel">The endpoint stops.</param>
    public async ValueTask<CoapMessage> SliceAsync(
        Peer peer, CoapMessage request, CoapMessage response, int room, bool cameByBlocks, CancellationToken cancel)
    {
        var asked = request.Options.Block2;
        var size = BlockSize(asked, room);
        var length = response.Body?.Length ?? response.Payload.Length;
        if (response.Body is null && length <= Math.Min(size, room) && asked is null or { Number: 0 })
        {
            return response;
        }
        var payloadKey = cameByBlocks ? default : PayloadKey(request);
        var body = new OutgoingBody(transfers, peer, request.Code, Transfers.KeyOf(request.Options), payloadKey, response, ETagOf(response));
        var offset = asked?.Offset ?? 0;
        // A peer that asks for a middle block of a body that is not kept any more gets it anyway, and the ones after it.
        if (offset + size < length && !transfers.TryAdd(body, response.Body is null ? length : 0))
        {
            return CoapMessage.Error(CoapCode.ServiceUnavailable, "Too many large responses are being fetched at the moment.");
        }
        return await BlockAsync(body, offset, size, cancel).ConfigureAwait(false);
    }

    /// <summary>A later block of a body that is kept.</summary>
    public ValueTask<CoapMessage> ContinueAsync(OutgoingBody body, BlockOption asked, int room, CancellationToken cancel)
    {
        transfers.Touch(body);
        return BlockAsync(body, asked.Offset, BlockSize(asked, room), cancel);
    }

    private async ValueTask<CoapMessage> BlockAsync(OutgoingBody body, long offset, int size, CancellationToken cancel)
    {
        var number = offset / size;
        if ((offset >= body.Length && offset > 0) || number > BlockOption.MaxNumber)
        {
            return CoapMessage.Error(CoapCode.BadOption, $"The body has {body.Length} bytes: there is no such block.");
        }
        ReadOnlyMemory<byte> block;
        try
        {
            block = await ReadAsync(body, offset, size, cancel).ConfigureAwait(false);
        }
        catch
        {
            transfers.Remove(body);   // who asks again asks the handler, which may have another one by then
            throw;
        }
        var more = offset + block.Length < body.Length;
        if (!more)
        {
            transfers.Remove(body);
        }
        var options = body.Response.Options.With(OptionNumber.Block2, new BlockOption((int)number, more, BlockOption.ExponentFor(size)).Value);
        options = offset == 0
            ? options.With(OptionNumber.Size2, (uint)Math.Min(body.Length, uint.MaxValue))
            : options.Without(OptionNumber.Observe);
        if (!body.ETag.IsEmpty)
        {
            options = options.With(OptionNumber.ETag, body.ETag.Span);
        }
        return body.Response.With(options, block);
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(OutgoingBody body, long offset, int size, CancellationToken cancel)
    {
        var length = (int)Math.Min(size, body.Length - offset);
        if (body.Response.Body is not { } source)
        {
            return body.Response.Payload.Slice((int)offset, length);
        }
        var buffer = new byte[length];
        var read = await source.ReadAtAsync(offset, buffer, cancel).ConfigureAwait(false);
        return read == length ? buffer : throw new EndOfStreamException($"The body ended at byte {offset + read} of {body.Length}.");
    }

    private static int BlockSize(BlockOption? asked, int room) =>
        16 << BlockOption.ExponentFor(Math.Min(asked?.Size ?? 1024, Math.Max(room, 16)));

    // A FETCH asks with its body; for every other method the options tell all.
    private static ReadOnlyMemory<byte> PayloadKey(CoapMessage request) => request.Code == CoapCode.Fetch ? request.Payload : default;

    private static ReadOnlyMemory<byte> ETagOf(CoapMessage response)
    {
        if (response.Options.Has(OptionNumber.ETag))
        {
            return default;
        }
        if (response.Body is { } source)
        {
            return source.ETag;
        }
        // FNV-1a: only a change has to show, nobody has to be convinced.
        var hash = 14695981039346656037UL;
        foreach (var b in response.Payload.Span)
        {
            hash = (hash ^ b) * 1099511628211UL;
        }
        var tag = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(tag, (uint)(hash ^ (hash >> 32)));
        return tag;
    }
}
