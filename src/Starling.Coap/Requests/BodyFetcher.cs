namespace Starling.Coap;

/// <summary>Fetches the rest of a response or notification of which the first block has come (RFC 7959 §2.4, §2.6).</summary>
internal sealed class BodyFetcher(Transfers transfers, Func<Peer, CoapMessage, CancellationToken, ValueTask<CoapMessage>> exchange)
{
    private const int FirstRoom = 8 << 10;

    /// <summary>Gives the first response with the whole body in it.</summary>
    /// <param name="peer">Whom to ask.</param>
    /// <param name="request">The request whose response it is; its options are sent with every block.</param>
    /// <param name="first">The response with block 0.</param>
    /// <param name="cancel">Ends the transfer.</param>
    /// <exception cref="CoapBodyException">The blocks do not fit together, or the body is larger than the limit.</exception>
    public async ValueTask<CoapMessage> FetchAsync(Peer peer, CoapMessage request, CoapMessage first, CancellationToken cancel)
    {
        var observe = first.Options.Observe;
        for (var restarts = 0; ; restarts++)
        {
            var whole = await TryFetchAsync(peer, request, first, cancel).ConfigureAwait(false);
            if (whole is not null)
            {
                return whole;
            }
            // What is not safe is not asked for anew: it would be carried out a second time.
            var isSafe = request.Code == CoapCode.Get || request.Code == CoapCode.Fetch;
            if (restarts == transfers.Limits.Restarts || !isSafe)
            {
                throw new CoapBodyException($"The representation of {request.Options.UriPath} changed {restarts + 1} times while it was fetched.");
            }
            first = await exchange(peer, Ask(peer, request, new BlockOption(0, false, first.Options.Block2!.Value.Exponent)), cancel).ConfigureAwait(false);
            // A notification stays one, though its newer content was asked for.
            first = observe is { } sequence && first.Code.IsSuccess ? first.With(first.Options.With(OptionNumber.Observe, sequence), first.Payload) : first;
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
        if (first.Payload.Length != block.Size)
        {
            throw new CoapBodyException($"The first block is {block} and has {first.Payload.Length} bytes.");
        }
        var told = first.Options.GetUInt(OptionNumber.Size2);
        if (told > transfers.Limits.MaxBody)
        {
            throw new CoapBodyException($"The body has {told} bytes: more than {transfers.Limits.MaxBody}.");
        }
        using var body = new FetchedBody(transfers, (int)Math.Min(told ?? FirstRoom, FirstRoom));
        body.Append(first.Payload.Span);
        while (block.More)
        {
            var ask = new BlockOption(body.Length / block.Size, false, block.Exponent);
            var next = await exchange(peer, Ask(peer, request, ask), cancel).ConfigureAwait(false);
            if (!next.Code.IsSuccess)
            {
                throw new CoapBodyException($"Block {ask} was answered {next.Code}.");
            }
            if (!IsSameRepresentation(first, next))
            {
                return null;
            }
            if (next.Options.Block2 is not { } got || got.Offset != body.Length || next.Payload.Length > got.Size || (got.More && next.Payload.Length != got.Size))
            {
                throw new CoapBodyException($"Block {ask} was asked for, {next.Options.Block2?.ToString() ?? "no block"} with {next.Payload.Length} bytes came.");
            }
            body.Append(next.Payload.Span);
            block = got;
        }
        return first.With(first.Options.Without(OptionNumber.Block2).Without(OptionNumber.Size2), body.Content);
    }

    // A server that sends its tag with the first block only has not said that anything changed.
    private static bool IsSameRepresentation(CoapMessage first, CoapMessage next) =>
        !first.Options.TryGet(OptionNumber.ETag, out var one) || !next.Options.TryGet(OptionNumber.ETag, out var other) || one.SequenceEqual(other);

    // Later blocks are asked for without Observe, which would begin an observation anew (RFC 7641 §3.4), and without the body, which the
    // peer has: only a FETCH says with its body what is asked for, unless that came by blocks itself (RFC 7959 §2.7).
    private static CoapMessage Ask(Peer peer, CoapMessage request, BlockOption block) => new()
    {
        Code = request.Code,
        Options = request.Options
            .Without(OptionNumber.Observe).Without(OptionNumber.Block1).Without(OptionNumber.Size1)
            .With(OptionNumber.Block2, block.Value),
        Payload = request.Code == CoapCode.Fetch && request.Payload.Length <= PeerRequests.BlockSizeFor(peer) ? request.Payload : default,
    };
}
