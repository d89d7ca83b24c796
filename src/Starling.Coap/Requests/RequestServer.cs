using Microsoft.Extensions.Logging;

namespace Starling.Coap;

/// <summary>Answers the requests of peers: options, blocks, the handler, the limits on how many it has at once, and the size of what goes back.</summary>
internal sealed class RequestServer(ICoapHandler handler, CoapSettings settings, Transfers transfers, TimeProvider time, CoapTelemetry telemetry, ILogger log)
    : IDisposable
{
    private readonly Block1Receiver _block1 = new(transfers, handler);
    private readonly Block2Server _block2 = new(transfers);
    private readonly EchoValues _echo = new(time);
    private readonly CancellationTokenSource _stopping = new();
    private int _handling;

    public Block2Server Block2 => _block2;

    /// <summary>The common case stays on this thread and allocates nothing: no blocks, a handler that answers at once, a response that fits.</summary>
    public ValueTask<CoapMessage?> AnswerAsync(IMessageChannel channel, Peer peer, CoapMessage request)
    {
        var found = OptionRules.Check(request.Options);
        if (found.Bad is { } bad)
        {
            telemetry.CountBadOption();
            return Answered(CoapMessage.Error(CoapCode.BadOption, $"Option {bad} is not understood, repeated or of a wrong length."));
        }
        if (found.Proxy)
        {
            return Answered(CoapMessage.Response(CoapCode.ProxyingNotSupported));
        }
        if (found.Echo && request.Options.TryGet(OptionNumber.Echo, out var echo) && _echo.IsFor(peer, echo))
        {
            channel.Prove(peer);
        }
        if (!handler.RunsInline || found.Block1 || found.Block2)
        {
            return AnswerSlowlyAsync(channel, peer, request, found);
        }
        var answer = Handle(peer, request);
        if (!answer.IsCompletedSuccessfully)
        {
            return AnswerLaterAsync(channel, peer, request, answer);
        }
        var response = answer.Result;
        return response is null || FitsAtOnce(channel, peer, response)
            ? ValueTask.FromResult(response)
            : FitAsync(channel, peer, request, response);
    }

    /// <summary>Tells the handlers that are at work that nobody waits any more.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private static ValueTask<CoapMessage?> Answered(CoapMessage response) => ValueTask.FromResult<CoapMessage?>(response);

    private async ValueTask<CoapMessage?> AnswerLaterAsync(IMessageChannel channel, Peer peer, CoapMessage request, ValueTask<CoapMessage?> answer)
    {
        if (!TryEnter(peer, out var busy))
        {
            _ = answer.AsTask();
            return busy;
        }
        try
        {
            return await FitAsync(channel, peer, request, await answer.ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            return ResponseMapper.From(failure, telemetry, log, request);
        }
        finally
        {
            Leave(peer);
        }
    }

    private async ValueTask<CoapMessage?> AnswerSlowlyAsync(IMessageChannel channel, Peer peer, CoapMessage request, OptionRules.Found found)
    {
        if (!TryEnter(peer, out var busy))
        {
            return busy;
        }
        try
        {
            if (!handler.RunsInline)
            {
                // The rest runs on the pool: user code has no business on the thread that receives.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }
            return await AnswerBlocksAsync(channel, peer, request, found).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            return ResponseMapper.From(failure, telemetry, log, request);
        }
        finally
        {
            Leave(peer);
        }
    }

    private async ValueTask<CoapMessage?> AnswerBlocksAsync(IMessageChannel channel, Peer peer, CoapMessage request, OptionRules.Found found)
    {
        BlockOption? lastBlock = null;
        if (found.Block1)
        {
            lastBlock = request.Options.Block1!.Value;
            var (reply, whole) = await _block1.TakeAsync(peer, request, lastBlock.Value, _stopping.Token).ConfigureAwait(false);
            if (reply is not null)
            {
                return reply;
            }
            request = whole!;
        }
        else if (found.Block2 && request.Options.Block2 is { Number: > 0 } later && Block2Server.Find(peer, request) is { } body)
        {
            return await _block2.ContinueAsync(body, later, RoomFor(channel, peer, body.Response), _stopping.Token).ConfigureAwait(false);
        }
        var response = await Handle(peer, request).ConfigureAwait(false);
        if (response is not null && lastBlock is { } block)
        {
            response = WithBlock1(response, block);
        }
        return await FitAsync(channel, peer, request, response).ConfigureAwait(false);
    }

    private ValueTask<CoapMessage?> Handle(Peer peer, CoapMessage request)
    {
        try
        {
            return handler.HandleAsync(peer, request, _stopping.Token);
        }
        catch (Exception failure)
        {
            return ValueTask.FromResult<CoapMessage?>(ResponseMapper.From(failure, telemetry, log, request));
        }
    }

    // Whole if it fits, else by blocks; to an address that is not proven in blocks as small as 16 bytes, and when even those
    // are too large, only after it has returned an Echo (RFC 9175 §2.4).
    private async ValueTask<CoapMessage?> FitAsync(IMessageChannel channel, Peer peer, CoapMessage request, CoapMessage? response)
    {
        if (response is null)
        {
            return null;
        }
        if (FitsAtOnce(channel, peer, response) && request.Options.Block2 is null)
        {
            return response;
        }
        var room = RoomFor(channel, peer, response);
        if (room < 16)
        {
            var options = new CoapOptionsBuilder();
            options.Add(OptionNumber.Echo, _echo.For(peer));
            return new CoapMessage { Code = CoapCode.Unauthorized, Options = options.Build() };
        }
        return await _block2.SliceAsync(peer, request, response, room, _stopping.Token).ConfigureAwait(false);
    }

    private static bool FitsAtOnce(IMessageChannel channel, Peer peer, CoapMessage response)
    {
        if (response.Body is not null || response.Payload.Length > PeerRequests.BlockSizeFor(peer))
        {
            return false;
        }
        return !peer.AddressMayBeForged || response.Payload.IsEmpty || response.Payload.Length <= RoomFor(channel, peer, response);
    }

    /// <summary>How many bytes of payload may go back in one piece.</summary>
    private static int RoomFor(IMessageChannel channel, Peer peer, CoapMessage response)
    {
        // Header, longest token, the response's options, and what blocks add: Block2, Size2, ETag, marker.
        const int BlockOverhead = CoapDatagram.HeaderSize + CoapToken.MaxLength + 5 + 6 + 10 + 1;
        var allowance = peer.AddressMayBeForged ? channel.Allowance(peer) : int.MaxValue;
        var fits = allowance - BlockOverhead - response.Options.Encoded.Length;
        return Math.Min(PeerRequests.BlockSizeFor(peer), fits);
    }

    private static CoapMessage WithBlock1(CoapMessage response, BlockOption block) => new()
    {
        Code = response.Code,
        Options = response.Options.With(OptionNumber.Block1, new BlockOption(block.Number, false, block.Exponent).Value),
        Payload = response.Payload,
        Body = response.Body,
    };

    private bool TryEnter(Peer peer, out CoapMessage? busy)
    {
        busy = null;
        var state = PeerRequests.Of(peer);
        var ofPeer = Interlocked.Increment(ref state.Handling);
        var ofAll = Interlocked.Increment(ref _handling);
        if (ofPeer <= settings.Requests.HandlingPerPeer && ofAll <= settings.Requests.Handling)
        {
            return true;
        }
        Leave(peer);
        telemetry.CountBusy();
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.MaxAge, (uint)settings.Requests.BusyMaxAge.TotalSeconds);
        busy = new CoapMessage { Code = CoapCode.ServiceUnavailable, Options = options.Build() };
        return false;
    }

    private void Leave(Peer peer)
    {
        Interlocked.Decrement(ref _handling);
        Interlocked.Decrement(ref PeerRequests.Of(peer).Handling);
    }
}
