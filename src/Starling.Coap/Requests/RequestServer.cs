using Microsoft.Extensions.Logging;

namespace Starling.Coap;

/// <summary>Answers the requests of peers: options, blocks, the handler, the limits on how many it has at once, and the size of what goes back.</summary>
internal sealed class RequestServer : IDisposable
{
    private readonly ICoapHandler _handler;
    private readonly CoapSettings _settings;
    private readonly HandlingLimit _limit;
    private readonly CoapTelemetry _telemetry;
    private readonly ILogger _log;
    private readonly Block1Receiver _block1;
    private readonly ResponseFitting _fitting;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;

    public RequestServer(
        ICoapHandler handler, CoapSettings settings, Transfers transfers, HandlingLimit limit, ResponseFitting fitting, CoapTelemetry telemetry, ILogger log)
    {
        _handler = handler;
        _settings = settings;
        _limit = limit;
        _telemetry = telemetry;
        _log = log;
        _block1 = new Block1Receiver(transfers, handler, log);
        _fitting = fitting;
        _stopped = _stopping.Token;
    }

    /// <summary>The common case stays on this thread and allocates nothing: no blocks, a handler that answers at once, a response that fits.</summary>
    public ValueTask<CoapMessage?> AnswerAsync(IMessageChannel channel, Peer peer, CoapMessage request)
    {
        var found = OptionRules.Check(request.Options);
        if (found.Bad is { } bad)
        {
            _telemetry.CountBadOption();
            return Answered(CoapMessage.Rejection(CoapCode.BadOption, $"Option {bad} is not understood, repeated or of a wrong length."));
        }
        if (found.Proxy)
        {
            return Answered(CoapMessage.Response(CoapCode.ProxyingNotSupported));
        }
        if (found.Echo)
        {
            _fitting.TakeEcho(channel, peer, request);
        }
        if (_limit.IsFull(peer))
        {
            return Answered(Busy());
        }
        if (!_handler.RunsInline || found.NeedsCare)
        {
            return AnswerSlowlyAsync(channel, peer, request, found);
        }
        var answer = Handle(peer, request);
        if (!answer.IsCompletedSuccessfully)
        {
            _limit.Enter(peer);
            return AnswerLaterAsync(channel, peer, request, answer);
        }
        var response = answer.Result;
        if (response is null || ResponseFitting.FitsAtOnce(channel, peer, response))
        {
            return ValueTask.FromResult(response);
        }
        _limit.Enter(peer);
        return AnswerLaterAsync(channel, peer, request, ValueTask.FromResult<CoapMessage?>(response));
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
        try
        {
            var response = await answer.ConfigureAwait(false);
            return await _fitting.FitAsync(channel, peer, request, response, cameByBlocks: false, _stopped).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            return ResponseMapper.From(failure, _telemetry, _log, request);
        }
        finally
        {
            _limit.Leave(peer);
        }
    }

    private async ValueTask<CoapMessage?> AnswerSlowlyAsync(IMessageChannel channel, Peer peer, CoapMessage request, OptionRules.Found found)
    {
        if (!_limit.TryEnter(peer))
        {
            return Busy();
        }
        try
        {
            if (!_handler.RunsInline)
            {
                // The rest runs on the pool: user code has no business on the thread that receives.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }
            return await AnswerBlocksAsync(channel, peer, request, found).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            return Unless(request, ResponseMapper.From(failure, _telemetry, _log, request));
        }
        finally
        {
            _limit.Leave(peer);
        }
    }

    private async ValueTask<CoapMessage?> AnswerBlocksAsync(IMessageChannel channel, Peer peer, CoapMessage request, OptionRules.Found found)
    {
        BlockOption? lastBlock = null;
        if (found.Block1)
        {
            lastBlock = request.Options.Block1!.Value;
            var taken = await _block1.TakeAsync(peer, request, lastBlock.Value, _stopped).ConfigureAwait(false);
            if (taken.Whole is null)
            {
                return taken.Response;
            }
            request = taken.Whole;
        }
        else if (request.Options.Block2 is { Number: > 0 } later)
        {
            if (Block2Server.Find(peer, request) is { } body)
            {
                return await _fitting.ContinueAsync(channel, peer, body, later, _stopped).ConfigureAwait(false);
            }
            if (!IsSafe(request.Code))
            {
                // Only a method that changes nothing may be carried out again to make the same body (RFC 7959 §2.7).
                return CoapMessage.Error(CoapCode.RequestEntityIncomplete, "That body is not kept any more.");
            }
        }
        var response = Unless(request, await Handle(peer, request).ConfigureAwait(false));
        if (response is not null && lastBlock is { } block)
        {
            response = WithBlock1(response, block);
        }
        return await _fitting.FitAsync(channel, peer, request, response, lastBlock is not null, _stopped).ConfigureAwait(false);
    }

    private ValueTask<CoapMessage?> Handle(Peer peer, CoapMessage request)
    {
        try
        {
            return _handler.HandleAsync(peer, request, _stopped);
        }
        catch (Exception failure)
        {
            return ValueTask.FromResult<CoapMessage?>(ResponseMapper.From(failure, _telemetry, _log, request));
        }
    }

    // The peer may say which classes of response it has no use for: 2 for success, 8 and 16 for errors (RFC 7967 §2.1). An empty one says
    // that the request has arrived and no more.
    private static CoapMessage? Unless(CoapMessage request, CoapMessage? response) =>
        response is not null && request.Options.GetUInt(OptionNumber.NoResponse) is { } unwanted && (unwanted & (1u << (response.Code.Class - 1))) != 0
            ? CoapMessage.Response(CoapCode.Empty)
            : response;

    private static bool IsSafe(CoapCode method) => method == CoapCode.Get || method == CoapCode.Fetch;

    private CoapMessage Busy()
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.MaxAge, (uint)_settings.Requests.BusyMaxAge.TotalSeconds);
        return new CoapMessage { Code = CoapCode.ServiceUnavailable, Options = options.Build() };
    }

    private static CoapMessage WithBlock1(CoapMessage response, BlockOption block) => new()
    {
        Code = response.Code,
        Options = response.Code.IsEmpty ? default : response.Options.With(OptionNumber.Block1, new BlockOption(block.Number, false, block.Exponent).Value),
        Payload = response.Payload,
        Body = response.Body,
    };
}
