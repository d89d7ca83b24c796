using System.Buffers.Binary;

namespace Starling.Coap;

/// <summary>Cuts large responses and notifications into blocks that the peer fetches one by one (RFC 7959 §2.4).</summary>
internal sealed class Block2Server(Transfers transfers)
{
    /// <summary>A body of which the peer fetches a later block; null when it is not kept (any more).</summary>
    public static OutgoingBody? Find(Peer peer, CoapMessage request) =>
        Transfers.Find<OutgoingBody>(peer, request.Code, Transfers.KeyOf(request.Options), PayloadKey(request));

    /// <summary>
    /// The response as it goes out: whole when it fits, else the block that was asked for. <paramref name="room"/> is how many bytes of payload
    /// may go in one piece.
    /// </summary>
    public async ValueTask<CoapMessage> SliceAsync(Peer peer, CoapMessage request, CoapMessage response, int room, CancellationToken cancel)
    {
        var asked = request.Options.Block2;
        var size = BlockSize(asked, room);
        var length = response.Body?.Length ?? response.Payload.Length;
        if (response.Body is null && length <= Math.Min(size, room) && asked is null or { Number: 0 })
        {
            return response;
        }
        var body = new OutgoingBody(
            transfers, peer, request.Code, Transfers.KeyOf(request.Options), PayloadKey(request).ToArray(), response, ETagOf(response));
        var offset = asked?.Offset ?? 0;
        if (offset + size < length)
        {
            // A peer that asks for a middle block of a body that is not kept any more gets it anyway, and the ones after it.
            if (Transfers.Find<OutgoingBody>(peer, request.Code, Transfers.KeyOf(request.Options), PayloadKey(request)) is { } old)
            {
                transfers.Remove(old);
            }
            transfers.Add(body);
            if (response.Body is null && !transfers.TryReserve(body, response.Payload.Length))
            {
                transfers.Remove(body);
                return CoapMessage.Error(CoapCode.ServiceUnavailable, "Too many large responses are being fetched at the moment.");
            }
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
        if (offset >= body.Length && body.Length > 0)
        {
            return CoapMessage.Error(CoapCode.BadOption, $"The body has {body.Length} bytes: there is no such block.");
        }
        ReadOnlyMemory<byte> block;
        if (body.Response.Body is { } source)
        {
            var buffer = new byte[Math.Min(size, source.Length - offset)];
            var read = await source.ReadAtAsync(offset, buffer, cancel).ConfigureAwait(false);
            block = buffer.AsMemory(0, read);
        }
        else
        {
            block = body.Response.Payload.Slice((int)offset, (int)Math.Min(size, body.Length - offset));
        }
        var more = offset + block.Length < body.Length;
        if (!more)
        {
            transfers.Remove(body);
        }
        var exponent = BlockOption.ExponentFor(size);
        var options = body.Response.Options.With(OptionNumber.Block2, new BlockOption((int)(offset / size), more, exponent).Value);
        if (offset == 0)
        {
            options = options.With(OptionNumber.Size2, (uint)Math.Min(body.Length, uint.MaxValue));
        }
        else
        {
            options = options.Without(OptionNumber.Observe);
        }
        if (!body.ETag.IsEmpty)
        {
            options = options.With(OptionNumber.ETag, body.ETag.Span);
        }
        return body.Response.With(options, block);
    }

    private static int BlockSize(BlockOption? asked, int room) =>
        16 << BlockOption.ExponentFor(Math.Min(asked?.Size ?? 1024, Math.Max(room, 16)));

    // A FETCH asks with its body; for every other method the options tell all.
    private static ReadOnlySpan<byte> PayloadKey(CoapMessage request) => request.Code == CoapCode.Fetch ? request.Payload.Span : default;

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
