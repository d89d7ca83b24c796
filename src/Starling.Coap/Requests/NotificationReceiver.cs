using Microsoft.Extensions.Logging;

namespace Starling.Coap;

/// <summary>
/// Takes messages that answer none of our requests: asks the handler whose they are and gives it the whole notification (RFC 7641 §3.2). What the
/// handler throws ends here, and what it has no place for is left without acknowledgement, so that the peer sends it again.
/// </summary>
internal sealed class NotificationReceiver(ICoapHandler handler, BodyFetcher fetcher, HandlingLimit limit, CoapTelemetry telemetry, ILogger log)
{
    public ValueTask<TokenFate> TakeAsync(Peer peer, CoapMessage notification)
    {
        ValueTask<(TokenFate Fate, ObservationMatch? Match)> found;
        try
        {
            found = handler.FindObservationAsync(peer, notification.Token, CancellationToken.None);
        }
        catch (Exception failure)
        {
            Log.CallbackFailed(log, nameof(handler.FindObservationAsync), peer.ToString(), failure);
            return ValueTask.FromResult(TokenFate.Uncertain);
        }
        return found.IsCompletedSuccessfully
            ? ValueTask.FromResult(Deliver(peer, notification, found.Result))
            : FindLaterAsync(peer, notification, found);
    }

    private async ValueTask<TokenFate> FindLaterAsync(Peer peer, CoapMessage notification, ValueTask<(TokenFate, ObservationMatch?)> found)
    {
        var entered = limit.TryEnter(peer);
        try
        {
            var result = await found.ConfigureAwait(false);
            return entered ? Deliver(peer, notification, result) : TokenFate.Uncertain;
        }
        catch (Exception failure)
        {
            Log.CallbackFailed(log, nameof(handler.FindObservationAsync), peer.ToString(), failure);
            return TokenFate.Uncertain;
        }
        finally
        {
            if (entered)
            {
                limit.Leave(peer);
            }
        }
    }

    // The fate is told at once, so that the acknowledgement does not wait for the rest of a large notification.
    private TokenFate Deliver(Peer peer, CoapMessage notification, (TokenFate Fate, ObservationMatch? Match) found)
    {
        if (found.Match is not { } match)
        {
            if (found.Fate == TokenFate.Unknown)
            {
                telemetry.CountUnknownToken();
            }
            return found.Fate;
        }
        if (handler.RunsInline && notification.Options.Block2 is not { More: true })
        {
            return Notify(peer, match, notification, found.Fate);
        }
        if (!limit.TryEnter(peer))
        {
            return TokenFate.Uncertain;
        }
        _ = NotifySlowlyAsync(peer, match, notification);
        return found.Fate;
    }

    private TokenFate Notify(Peer peer, ObservationMatch match, CoapMessage notification, TokenFate fate)
    {
        try
        {
            var notified = handler.NotifyAsync(peer, match, notification, CancellationToken.None);
            if (!notified.IsCompletedSuccessfully)
            {
                _ = FinishAsync(peer, notified);
            }
        }
        catch (Exception failure)
        {
            Log.CallbackFailed(log, nameof(handler.NotifyAsync), peer.ToString(), failure);
        }
        return fate;
    }

    private async Task FinishAsync(Peer peer, ValueTask notified)
    {
        try
        {
            await notified.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.CallbackFailed(log, nameof(handler.NotifyAsync), peer.ToString(), failure);
        }
    }

    private async Task NotifySlowlyAsync(Peer peer, ObservationMatch match, CoapMessage notification)
    {
        try
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            if (notification.Options.Block2 is { More: true })
            {
                notification = await fetcher.FetchAsync(peer, match.Request, notification, CancellationToken.None).ConfigureAwait(false);
            }
            await handler.NotifyAsync(peer, match, notification, CancellationToken.None).ConfigureAwait(false);
        }
        catch (CoapException reason)
        {
            Log.NotificationFailed(log, peer.ToString(), reason.Message);
        }
        catch (Exception failure)
        {
            Log.CallbackFailed(log, nameof(handler.NotifyAsync), peer.ToString(), failure);
        }
        finally
        {
            limit.Leave(peer);
        }
    }
}
