using Microsoft.Extensions.Logging;

namespace Starling.Coap;

/// <summary>Takes the blocks of a request's body (RFC 7959 §2.5). 2.31 asks for more, 4.08 says that one is missing, 4.13 that the body is too large.</summary>
internal sealed class Block1Receiver(Transfers transfers, ICoapHandler handler, ILogger log)
{
    /// <summary>What became of a block: a response to send, or the whole request for the handler. Neither: it is left without an answer.</summary>
    internal readonly record struct Taken(CoapMessage? Response, CoapMessage? Whole);

    public async ValueTask<Taken> TakeAsync(Peer peer, CoapMessage request, BlockOption block, CancellationToken cancel)
    {
        // A block that says that more follow has to be full (RFC 7959 §2.2).
        if (block.More && request.Payload.Length != block.Size || request.Payload.Length > block.Size)
        {
            return new(CoapMessage.Error(CoapCode.BadRequest, "A block that is not the last one must be as long as its size says."), null);
        }
        var key = Transfers.KeyOf(request.Options);
        var body = Transfers.Find<IncomingBody>(peer, request.Code, key, default);
        if (block.Number > 0)
        {
            return body is null ? new(Respond(CoapCode.RequestEntityIncomplete, block), null) : await ContinueAsync(body, request, block, cancel).ConfigureAwait(false);
        }
        if (body is { IsBusy: true })
        {
            return default;   // the peer has begun anew before its last block was done: its next copy finds the way free
        }
        if (body is not null && transfers.Remove(body))
        {
            body.Abort();
        }
        return block.More
            ? await BeginAsync(new IncomingBody(transfers, peer, request.Code, key, log), request, block, cancel).ConfigureAwait(false)
            : new(null, request.With(request.Options.Without(OptionNumber.Block1), request.Payload));
    }

    private async ValueTask<Taken> BeginAsync(IncomingBody body, CoapMessage request, BlockOption block, CancellationToken cancel)
    {
        if (!transfers.TryAdd(body, 0))
        {
            return new(CoapMessage.Error(CoapCode.ServiceUnavailable, "Too many bodies are arriving at the moment."), null);
        }
        try
        {
            body.Sink = handler.OpenBody(body.Peer, request);
        }
        catch
        {
            transfers.Remove(body);
            throw;
        }
        if (body.Sink is null && request.Options.GetUInt(OptionNumber.Size1) > transfers.Limits.MaxBody)
        {
            return Refuse(body, block);
        }
        return await WriteAsync(body, request, block, cancel).ConfigureAwait(false);
    }

    private async ValueTask<Taken> ContinueAsync(IncomingBody body, CoapMessage request, BlockOption block, CancellationToken cancel)
    {
        transfers.Touch(body);
        return body.Place(block, request.Payload.Length) switch
        {
            IncomingBody.Step.Next => await WriteAsync(body, request, block, cancel).ConfigureAwait(false),
            IncomingBody.Step.Seen => new(Respond(CoapCode.Continue, block), null),
            IncomingBody.Step.Busy => default,
            _ => new(Respond(CoapCode.RequestEntityIncomplete, block), null),
        };
    }

    private async ValueTask<Taken> WriteAsync(IncomingBody body, CoapMessage request, BlockOption block, CancellationToken cancel)
    {
        var length = request.Payload.Length;
        if (body.Sink is null && body.Received + length > transfers.Limits.MaxBody)
        {
            return Refuse(body, block);
        }
        if (body.Sink is null && !transfers.TryReserve(body, length))
        {
            transfers.Remove(body);
            return new(CoapMessage.Error(CoapCode.ServiceUnavailable, "Too many bodies are arriving at the moment."), null);
        }
        try
        {
            await body.WriteAsync(request.Payload, cancel).ConfigureAwait(false);
        }
        catch
        {
            transfers.Remove(body);
            body.Fail();
            throw;
        }
        if (!body.Advance(length))
        {
            return new(Respond(CoapCode.RequestEntityIncomplete, block), null);
        }
        if (block.More)
        {
            return new(Respond(CoapCode.Continue, block), null);
        }
        return transfers.Remove(body)
            ? new(null, Whole(request, body))
            : new(Respond(CoapCode.RequestEntityIncomplete, block), null);
    }

    private static CoapMessage Whole(CoapMessage request, IncomingBody body) => new()
    {
        Code = request.Code,
        Token = request.Token,
        Options = request.Options.Without(OptionNumber.Block1),
        Payload = body.Sink is null ? body.Assembled : default,
        Sink = body.Sink,
    };

    private Taken Refuse(IncomingBody body, BlockOption block)
    {
        transfers.Remove(body);
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.Block1, new BlockOption(block.Number, false, block.Exponent).Value);
        options.Add(OptionNumber.Size1, (uint)transfers.Limits.MaxBody);
        return new(new CoapMessage { Code = CoapCode.RequestEntityTooLarge, Options = options.Build() }, null);
    }

    private static CoapMessage Respond(CoapCode code, BlockOption block)
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.Block1, block.Value);
        return new CoapMessage { Code = code, Options = options.Build() };
    }
}
