namespace Starling.Coap;

/// <summary>Takes the blocks of a request's body (RFC 7959 §2.5). 2.31 asks for more, 4.08 says that one is missing, 4.13 that the body is too large.</summary>
internal sealed class Block1Receiver(Transfers transfers, ICoapHandler handler)
{
    /// <summary>
    /// Takes one block. Gives the response to send, or the whole request for the handler when it was the last one.
    /// </summary>
    public async ValueTask<(CoapMessage? Response, CoapMessage? Whole)> TakeAsync(Peer peer, CoapMessage request, BlockOption block, CancellationToken cancel)
    {
        // A block that says that more follow has to be full (RFC 7959 §2.2).
        if (block.More && request.Payload.Length != block.Size || request.Payload.Length > block.Size)
        {
            return (CoapMessage.Error(CoapCode.BadRequest, "A block that is not the last one must be as long as its size says."), null);
        }
        var key = Transfers.KeyOf(request.Options);
        var body = Transfers.Find<IncomingBody>(peer, request.Code, key, default);
        if (block.Number == 0)
        {
            if (body is not null && transfers.Remove(body))
            {
                body.Abort();
            }
            if (!block.More)
            {
                return (null, request.With(request.Options.Without(OptionNumber.Block1), request.Payload));
            }
            body = new IncomingBody(transfers, peer, request.Code, key, handler.OpenBody(peer, request));
            if (body.Sink is null && request.Options.GetUInt(OptionNumber.Size1) > transfers.Limits.MaxBody)
            {
                return (TooLarge(block), null);
            }
            transfers.Add(body);
        }
        if (body is null || block.Offset > body.Received || body.IsWriting)
        {
            return (Respond(CoapCode.RequestEntityIncomplete, block), null);
        }
        transfers.Touch(body);
        if (block.Offset < body.Received)
        {
            // A block that came before, in a message of its own: what was said then holds.
            return block.Offset + request.Payload.Length <= body.Received && block.More
                ? (Respond(CoapCode.Continue, block), null)
                : (Respond(CoapCode.RequestEntityIncomplete, block), null);
        }
        if (body.Sink is null && (body.Received + request.Payload.Length > transfers.Limits.MaxBody || !transfers.TryReserve(body, request.Payload.Length)))
        {
            transfers.Remove(body);
            return (TooLarge(block), null);
        }
        await AppendAsync(body, request, cancel).ConfigureAwait(false);
        if (block.More)
        {
            return (Respond(CoapCode.Continue, block), null);
        }
        transfers.Remove(body);
        return (null, request.With(request.Options.Without(OptionNumber.Block1), body.Sink is null ? body.Assembled : default));
    }

    private async ValueTask AppendAsync(IncomingBody body, CoapMessage request, CancellationToken cancel)
    {
        if (body.Sink is { } sink)
        {
            body.IsWriting = true;
            try
            {
                await sink.WriteAsync(request.Payload, cancel).ConfigureAwait(false);
            }
            catch
            {
                transfers.Remove(body);
                throw;
            }
            body.IsWriting = false;
        }
        body.Append(request.Payload.Span);
    }

    private CoapMessage TooLarge(BlockOption block)
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.Block1, new BlockOption(block.Number, false, block.Exponent).Value);
        options.Add(OptionNumber.Size1, (uint)transfers.Limits.MaxBody);
        return new CoapMessage { Code = CoapCode.RequestEntityTooLarge, Options = options.Build() };
    }

    private static CoapMessage Respond(CoapCode code, BlockOption block)
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.Block1, block.Value);
        return new CoapMessage { Code = code, Options = options.Build() };
    }
}
