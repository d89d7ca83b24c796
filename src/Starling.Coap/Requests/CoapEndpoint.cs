using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Starling.Coap;

/// <summary>
/// Requests and responses over any channels: tokens, observations, block-wise transfers (RFC 7252 §5, RFC 7641, RFC 7959).
/// What answers the peers' requests is its <see cref="ICoapHandler"/>.
/// </summary>
public sealed class CoapEndpoint : IAsyncDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);
    private readonly IReadOnlyList<IMessageChannel> _channels;
    private readonly ICoapHandler _handler;
    private readonly ILogger _log;
    private readonly CoapTelemetry _telemetry;
    private readonly TimerWheel _wheel;
    private readonly TokenSource _tokens = new();
    private readonly PendingRequests _pending;
    private readonly Transfers _transfers;
    private readonly Block2Server _block2;
    private readonly RequestServer _server;
    private readonly BodySender _sender;
    private readonly BodyFetcher _fetcher;
    private readonly NotificationReceiver _notifications;
    private int _disposed;

    /// <summary>Makes an endpoint; <see cref="StartAsync"/> starts it.</summary>
    /// <param name="channels">The ways to peers; the endpoint disposes them.</param>
    /// <param name="handler">What answers requests and owns observations.</param>
    /// <param name="settings">Limits.</param>
    /// <param name="time">The clock of every timeout.</param>
    /// <param name="telemetry">Where is counted; null for an own one.</param>
    /// <param name="logs">Where is logged; null for nowhere.</param>
    public CoapEndpoint(
        IReadOnlyList<IMessageChannel> channels, ICoapHandler handler, CoapSettings settings, TimeProvider time,
        CoapTelemetry? telemetry = null, ILoggerFactory? logs = null)
    {
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        _channels = channels;
        _handler = handler;
        _log = (logs ?? NullLoggerFactory.Instance).CreateLogger("Starling.Coap");
        _telemetry = telemetry ?? new CoapTelemetry();
        _wheel = new TimerWheel(time, _tick);
        _pending = new PendingRequests(_wheel, settings.Requests, _telemetry);
        _transfers = new Transfers(_wheel, settings.Blockwise, _telemetry);
        _block2 = new Block2Server(_transfers);
        var limit = new HandlingLimit(settings.Requests, _telemetry);
        _server = new RequestServer(handler, settings, _transfers, limit, new ResponseFitting(_block2, time), _telemetry, _log);
        _sender = new BodySender(settings.Blockwise, ExchangeAsync);
        _fetcher = new BodyFetcher(_transfers, ExchangeAsync);
        _notifications = new NotificationReceiver(handler, _fetcher, limit, _telemetry, _log);
    }

    /// <summary>What has been refused and given up.</summary>
    public CoapTelemetry Telemetry => _telemetry;

    /// <summary>Our requests that wait for their response.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>The bytes that block-wise transfers hold.</summary>
    internal long TransferBytes => _transfers.Bytes;

    /// <summary>Starts all channels, one after the other.</summary>
    /// <exception cref="IOException">A port is in use, or an address is not ours.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        foreach (var channel in _channels)
        {
            await channel.StartAsync(new ChannelSink(this, channel), cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Finds the peer at a target, by the first channel that takes it. With credentials, only a peer that has proven who it is.</summary>
    /// <exception cref="NotSupportedException">No channel takes it.</exception>
    /// <exception cref="HandshakeFailedException">There is no session with it.</exception>
    public async ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(target);
        for (var i = 0; ; i++)
        {
            Peer peer;
            try
            {
                peer = await _channels[i].ConnectAsync(target, cancel).ConfigureAwait(false);
            }
            catch (NotSupportedException) when (i < _channels.Count - 1)
            {
                continue;
            }
            // A channel of somebody's own may not look at credentials: what is to be secured is not said in the clear.
            if (target.Credentials is not null && peer.Identity is PeerIdentity.Anonymous)
            {
                throw new HandshakeFailedException($"{target.Uri} was reached without a proof of who it is.");
            }
            peer.Channel ??= _channels[i];
            return peer;
        }
    }

    /// <summary>
    /// The peer at an address that a store has kept, by the first channel that reaches it. Asked before <see cref="StartAsync"/>, the peer is known to the
    /// handler from the first datagram on. False when no channel reaches it.
    /// </summary>
    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer)
    {
        foreach (var channel in _channels)
        {
            if (channel.TryRestore(address, out peer))
            {
                peer.Channel ??= channel;
                return true;
            }
        }
        peer = null;
        return false;
    }

    /// <summary>A new token: 8 bytes from a cryptographic source.</summary>
    public CoapToken NewToken() => _tokens.Next();

    /// <summary>
    /// Sends a request and gives its whole response, whatever its code. Large bodies go and come by blocks. A request that has a token already
    /// (from <see cref="NewToken"/>) keeps it; with Observe 0, later messages with it go to the handler as notifications.
    /// </summary>
    /// <exception cref="CoapException">No response: timeout, Reset, peer gone, a queue full, blocks that do not fit together.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: nothing more is sent of it.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<CoapMessage> RequestAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        cancel.ThrowIfCancellationRequested();
        request = WithBlockHint(peer, request);
        if (request.Body is null && request.Payload.Length <= PeerRequests.BlockSizeFor(peer))
        {
            var response = await ExchangeOnceAsync(peer, request, cancel).ConfigureAwait(false);
            if (WantsEcho(request, response))
            {
                response = await ExchangeOnceAsync(peer, WithEcho(request, response), cancel).ConfigureAwait(false);
            }
            if (!BodySender.AsksForBlocks(request, response))
            {
                return response.Options.Block2 is { More: true, Number: 0 }
                    ? await _fetcher.FetchAsync(peer, request, response, cancel).ConfigureAwait(false)
                    : response;
            }
            PeerRequests.LearnBlockSize(peer, response.Options.Block1!.Value.Size);
        }
        return await RequestByBlocksAsync(peer, request, cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends a request and gives the response as it comes, be it only one block of a body: for who fetches a body block by block himself, to put it
    /// elsewhere than in memory or to go on after a loss. The request fits into one message.
    /// </summary>
    /// <exception cref="CoapException">No response: timeout, Reset, peer gone, a queue full.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: nothing more is sent of it.</exception>
    public ValueTask<CoapMessage> RequestBlockAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return ExchangeAsync(peer, request, cancel);
    }

    /// <summary>Sends a notification of an observation that this side answers (RFC 7641 §4.5); one that is too large goes by blocks.</summary>
    /// <param name="peer">The observer.</param>
    /// <param name="request">The request that began the observation: its token is the notification's.</param>
    /// <param name="notification">A response with an Observe option; without one, or with an error code, it ends the observation.</param>
    /// <param name="delivery">Confirmable or not.</param>
    /// <param name="cancel">Takes it back.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<DeliveryOutcome> NotifyAsync(
        Peer peer, CoapMessage request, CoapMessage notification, Delivery delivery, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(notification);
        var channel = ChannelOf(peer);
        if (notification.Code.IsSuccess && !ResponseFitting.FitsAtOnce(channel, peer, notification))
        {
            var room = Math.Max(ResponseFitting.RoomFor(channel, peer, notification), 16);
            notification = await _block2.SliceAsync(peer, request, notification, room, cameByBlocks: false, cancel).ConfigureAwait(false);
        }
        var message = new CoapMessage { Code = notification.Code, Token = request.Token, Options = notification.Options, Payload = notification.Payload };
        return await channel.SendAsync(peer, message, delivery, cancel).ConfigureAwait(false);
    }

    /// <summary>Whether the peer is there.</summary>
    public ValueTask<bool> PingAsync(Peer peer, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return ChannelOf(peer).PingAsync(peer, cancel);
    }

    /// <summary>Forgets the peer and fails what is open with it.</summary>
    public void Close(Peer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        peer.Channel?.Close(peer);
        OnPeerLost(peer);
    }

    /// <summary>Stops all channels; open requests fail with <see cref="PeerLostException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        _server.Dispose();
        foreach (var channel in _channels)
        {
            await channel.DisposeAsync().ConfigureAwait(false);
        }
        _pending.FailAll(new PeerLostException("The endpoint has been stopped."));
        foreach (var timer in _wheel.Stop())
        {
            if (timer is Transfer transfer)
            {
                _transfers.End(transfer);
            }
        }
    }

    private async ValueTask<CoapMessage> RequestByBlocksAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        // One token for all blocks: RFC 7959 leaves it open, and there are servers that put a body together by it.
        request = WithToken(request);
        var state = PeerRequests.Of(peer);
        if (Interlocked.Increment(ref state.SentBodies) > 1)
        {
            request = BodySender.WithTag(request, state);
        }
        try
        {
            var response = await _sender.SendAsync(peer, request, cancel).ConfigureAwait(false);
            return response.Options.Block2 is { More: true, Number: 0 }
                ? await _fetcher.FetchAsync(peer, request, response, cancel).ConfigureAwait(false)
                : response;
        }
        finally
        {
            Interlocked.Decrement(ref state.SentBodies);
        }
    }

    private CoapMessage WithToken(CoapMessage request) => request.Token.Length > 0
        ? request
        : new() { Code = request.Code, Token = NewToken(), Options = request.Options, Payload = request.Payload, Body = request.Body };

    // One request, one response; asks again when the peer wants to see its Echo returned (RFC 9175 §2.3).
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CoapMessage> ExchangeAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        var response = await ExchangeOnceAsync(peer, request, cancel).ConfigureAwait(false);
        return WantsEcho(request, response)
            ? await ExchangeOnceAsync(peer, WithEcho(request, response), cancel).ConfigureAwait(false)
            : response;
    }

    private static bool WantsEcho(CoapMessage request, CoapMessage response) =>
        response.Code == CoapCode.Unauthorized && response.Options.Has(OptionNumber.Echo) && !request.Options.Has(OptionNumber.Echo);

    private static CoapMessage WithEcho(CoapMessage request, CoapMessage response) =>
        response.Options.TryGet(OptionNumber.Echo, out var echo) ? request.With(request.Options.With(OptionNumber.Echo, echo), request.Payload) : request;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CoapMessage> ExchangeOnceAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        request = WithToken(request);
        var pending = _pending.Add(peer, request.Token);
        try
        {
            var outcome = await ChannelOf(peer).SendAsync(peer, request, Delivery.Confirmable, cancel).ConfigureAwait(false);
            if (outcome is DeliveryOutcome.Acknowledged or DeliveryOutcome.Sent)
            {
                if (!pending.HasEnded)
                {
                    _pending.AwaitResponse(pending);
                }
                using var abandon = cancel.UnsafeRegister(static (state, token) => ((PendingRequest)state!).TryFail(new OperationCanceledException(token)), pending);
                return await pending.Response.ConfigureAwait(false);
            }
            cancel.ThrowIfCancellationRequested();
            throw NotDelivered(peer, request, outcome);
        }
        finally
        {
            _pending.Remove(pending);
        }
    }

    private static Exception NotDelivered(Peer peer, CoapMessage request, DeliveryOutcome outcome)
    {
        var what = $"{request.Code} {request.Options.UriPath}";
        return outcome switch
        {
            DeliveryOutcome.TimedOut => new CoapTimeoutException($"{peer} did not acknowledge {what}."),
            DeliveryOutcome.Rejected => new CoapRejectedException($"{peer} rejected {what} (Reset)."),
            DeliveryOutcome.PeerLost => new PeerLostException($"{peer} is gone."),
            DeliveryOutcome.Refused => new CoapBusyException($"{what} was not sent to {peer}: too much waits for it, or its address is not proven yet."),
            _ => new PeerLostException($"{what} to {peer} was taken back."),
        };
    }

    // A peer that has taught us a small block size is told so before it answers (early negotiation, RFC 7959 §2.4).
    private static CoapMessage WithBlockHint(Peer peer, CoapMessage request)
    {
        var size = PeerRequests.WantedBlockSizeFor(peer);
        var asksForBody = request.Code == CoapCode.Get || (request.Code == CoapCode.Fetch && request.Body is null);
        return size < peer.Transmission.PreferredBlockSize && asksForBody && request.Options.Block2 is null
            ? request.With(request.Options.With(OptionNumber.Block2, new BlockOption(0, false, BlockOption.ExponentFor(size)).Value), request.Payload)
            : request;
    }

    private static IMessageChannel ChannelOf(Peer peer) =>
        peer.Channel ?? throw new InvalidOperationException($"{peer} belongs to no endpoint: connect it first.");

    private ValueTask<TokenFate> OnResponseAsync(Peer peer, CoapMessage response)
    {
        if (OptionRules.CheckResponse(response.Options) is { } bad)
        {
            // Rejected as a message, not answered as a response (RFC 7252 §5.4.1): that is a Reset where one can be sent.
            _telemetry.CountBadOption();
            _pending.TryFail(peer, response.Token, new CoapBodyException($"{peer} answered with option {bad}, which is not understood, repeated or of a wrong length."));
            return ValueTask.FromResult(TokenFate.Unknown);
        }
        return _pending.TryComplete(peer, response) ? ValueTask.FromResult(TokenFate.Known) : _notifications.TakeAsync(peer, response);
    }

    private void OnPeerLost(Peer peer)
    {
        _pending.Lose(peer);
        _transfers.Lose(peer);
    }

    /// <summary>Where one channel delivers: it tells the peer through which channel it is reached.</summary>
    private sealed class ChannelSink(CoapEndpoint endpoint, IMessageChannel channel) : IMessageSink
    {
        public ValueTask<CoapMessage?> OnRequestAsync(Peer peer, CoapMessage request)
        {
            peer.Channel ??= channel;
            return endpoint._server.AnswerAsync(channel, peer, request);
        }

        public ValueTask<TokenFate> OnResponseAsync(Peer peer, CoapMessage response)
        {
            peer.Channel ??= channel;
            return endpoint.OnResponseAsync(peer, response);
        }

        public void OnReset(Peer peer, CoapToken token) => Tell(nameof(OnReset), peer, () => endpoint._handler.OnReset(peer, token));

        public void OnPeerMoved(Peer peer, PeerAddress from) => Tell(nameof(OnPeerMoved), peer, () => endpoint._handler.OnPeerMoved(peer, from));

        public void OnPeerLost(Peer peer, PeerLoss loss)
        {
            endpoint.OnPeerLost(peer);
            Tell(nameof(OnPeerLost), peer, () => endpoint._handler.OnPeerLost(peer, loss));
        }

        // What a handler throws must not end the reception of all others.
        private void Tell(string what, Peer peer, Action tell)
        {
            try
            {
                tell();
            }
            catch (Exception failure)
            {
                Log.CallbackFailed(endpoint._log, what, peer.ToString(), failure);
            }
        }
    }
}
