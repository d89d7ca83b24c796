namespace Starling.Coap;

/// <summary>Fetches the rest of a response or notification of which the first block has come (RFC 7959 §2.4, §2.6).</summary>
internal sealed class BodyFetcher(
    CoapSettings.BlockwiseSettings limits, Func<Peer, CoapMessage, CancellationToken, ValueTask<CoapMessage>> exchange)
{
    /// <summary>Gives the first response with the whole body in it.</summary>
    /// <param name="peer">Whom to ask.</param>
    /// <param name="request">The request whose response it is; its options are sent with every block.</param>
    /// <param name="first">The response with block 0.</param>
    /// <param name="cancel">Ends the transfer.</param>
    /// <exception cref="CoapBodyException">The blocks do not fit together, or the body is larger than the limit.</exception>
    public async ValueTask<CoapMessage> FetchAsync(Peer peer, CoapMessage request, CoapMessage first, CancellationToken cancel)
    {
        for (var restarts = 0; ; restarts++)
        {
            var whole = await TryFetchAsync(peer, request, first, cancel).ConfigureAwait(false);
            if (whole is not null)
            {
                return whole;
            }
            if (restarts == limits.Restarts)
            {
                throw new CoapBodyException($"The representation of {request.Options.UriPath} changed {restarts + 1} times while it was fetched.");
            }
            first = await exchange(peer, Ask(request, new BlockOption(0, false, first.Options.Block2!.Value.Exponent)), cancel).ConfigureAwait(false);
            if (first.Options.Block2 is not { More: true, Number: 0 })
            {
                return first;
            }
        }
    }

    // Null when the representation changed meanwhile: its entity tag is another one (RFC 7959 §2.4).
    private async ValueTask<CoapMessage?> TryFetchAsync(Peer peer, CoapMessage request, CoapMessage first, CancellationToken cancel)
    {
        var block = first.Options.Block2!.Value;
        if (block.Number != 0 || first.Payload.Length != block.Size)
        {
            throw new CoapBodyException($"The first block is {block} and has {first.Payload.Length} bytes.");
        }
        Demand(first.Options.GetUInt(OptionNumber.Size2) is not { } size || size <= limits.MaxBody);
        var body = new byte[Math.Min(limits.MaxBody, first.Options.GetUInt(OptionNumber.Size2) is { } told ? (int)told : block.Size * 4)];
        var length = Append(ref body, 0, first.Payload);
        PeerRequests.LearnBlockSize(peer, block.Size);
        while (block.More)
        {
            var ask = new BlockOption(length / block.Size, false, block.Exponent);
            var next = await exchange(peer, Ask(request, ask), cancel).ConfigureAwait(false);
            if (!next.Code.IsSuccess)
            {
                throw new CoapBodyException($"Block {ask} was answered {next.Code}.");
            }
            if (!SameRepresentation(first, next))
            {
                return null;
            }
            if (next.Options.Block2 is not { } got || got.Offset != length || (got.More && next.Payload.Length != got.Size) || next.Payload.IsEmpty)
            {
                throw new CoapBodyException($"Block {ask} was asked for, {next.Options.Block2?.ToString() ?? "no block"} with {next.Payload.Length} bytes came.");
            }
            length = Append(ref body, length, next.Payload);
            block = got;
        }
        return first.With(first.Options.Without(OptionNumber.Block2).Without(OptionNumber.Size2), body.AsMemory(0, length));
    }

    private int Append(ref byte[] body, int length, ReadOnlyMemory<byte> block)
    {
        Demand(length + block.Length <= limits.MaxBody);
        if (body.Length < length + block.Length)
        {
            Array.Resize(ref body, Math.Min(limits.MaxBody, Math.Max(length + block.Length, body.Length * 2)));
        }
        block.CopyTo(body.AsMemory(length));
        return length + block.Length;
    }

    private void Demand(bool withinLimit)
    {
        if (!withinLimit)
        {
            throw new CoapBodyException($"The body is larger than {limits.MaxBody} bytes.");
        }
    }

    private static bool SameRepresentation(CoapMessage first, CoapMessage next) =>
        first.Options.TryGet(OptionNumber.ETag, out var one) == next.Options.TryGet(OptionNumber.ETag, out var other) && one.SequenceEqual(other);

    // Later blocks are asked for without Observe, which would begin an observation anew (RFC 7641 §3.4), and without the body, which the
    // peer has: only a FETCH says with its body what is asked for.
    private static CoapMessage Ask(CoapMessage request, BlockOption block) => new()
    {
        Code = request.Code,
        Options = request.Options
            .Without(OptionNumber.Observe).Without(OptionNumber.Block1).Without(OptionNumber.Size1)
            .With(OptionNumber.Block2, block.Value),
        Payload = request.Code == CoapCode.Fetch ? request.Payload : default,
    };
}
