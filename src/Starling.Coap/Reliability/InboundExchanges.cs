using System.Buffers;

namespace Starling.Coap;

/// <summary>Receives: finds duplicates, hands requests and responses up and acknowledges them (RFC 7252 §4.2, §4.5, §5.2).</summary>
internal sealed class InboundExchanges(
    OutboundExchanges outbound, ReplyLog replies, CoapSettings settings, TimerWheel wheel, TimeProvider time, CoapTelemetry telemetry, ProtocolTrace? trace)
{
    private const int StackSize = 512;
    private readonly CoapSettings.ReliabilitySettings _limits = settings.Reliability;
    private readonly int _remembered = Math.Clamp(settings.Reliability.ExchangesPerPeer, 1, 64);
    private readonly uint _lifetime = (uint)settings.Transmission.ExchangeLifetime.TotalSeconds;
    private readonly uint _nonLifetime = (uint)settings.Transmission.NonLifetime.TotalSeconds;
    private readonly long _start = time.GetTimestamp();

    /// <summary>Whom messages are handed to; set when the layer starts.</summary>
    public IMessageSink Sink { get; set; } = null!;

    public void OnRequest(PeerLink link, in CoapDatagram datagram, ReadOnlySpan<byte> bytes)
    {
        if (IsDuplicate(link, datagram, bytes, out var second))
        {
            return;
        }
        var answer = Sink.OnRequestAsync(link.Peer, datagram.ToMessage());
        if (answer.IsCompletedSuccessfully)
        {
            Answer(link, datagram.Type, datagram.MessageId, datagram.Token, answer.Result, second);
            return;
        }
        var exchange = new InboundExchange(this, link, datagram.Type, datagram.MessageId, datagram.Token);
        link.Peer.Hold();
        if (datagram.Type == MessageType.Confirmable)
        {
            wheel.Schedule(exchange, _limits.AcknowledgeAfter);
        }
        _ = AnswerLaterAsync(exchange, answer);
    }

    public void OnResponse(PeerLink link, in CoapDatagram datagram, ReadOnlySpan<byte> bytes)
    {
        if (IsDuplicate(link, datagram, bytes, out _))
        {
            return;
        }
        var came = new Response(datagram.Type, datagram.MessageId, datagram.Token, OutboundExchanges.FindRequest(link, datagram.Token));
        var fate = Sink.OnResponseAsync(link.Peer, datagram.ToMessage());
        if (fate.IsCompletedSuccessfully)
        {
            Settle(link, came, fate.Result);
            return;
        }
        _ = SettleLaterAsync(link, came, fate);
    }

    /// <summary>The handler has had its half second: the peer need not send again.</summary>
    public void OnDue(InboundExchange exchange)
    {
        lock (exchange.Link)
        {
            if (exchange.Answered)
            {
                return;
            }
            exchange.Acknowledged = true;
            SendEmpty(exchange.Link, MessageType.Acknowledgement, exchange.MessageId);
            exchange.Link.SeenConfirmable.Settle(MessageKey.Of(exchange.MessageId, exchange.Token), DuplicateWindow.Fate.Promised);
        }
    }

    /// <summary>Under the link's lock.</summary>
    public void SendEmpty(PeerLink link, MessageType type, ushort messageId)
    {
        Span<byte> datagram = stackalloc byte[CoapDatagram.HeaderSize];
        CoapWriter.WriteEmpty(datagram, type, messageId);
        outbound.Transmit(link, datagram, TraceKind.First);
        if (type == MessageType.Reset)
        {
            telemetry.CountReset();
        }
    }

    private uint Second => (uint)((time.GetTimestamp() - _start) / time.TimestampFrequency);

    private bool IsDuplicate(PeerLink link, in CoapDatagram datagram, ReadOnlySpan<byte> bytes, out uint second)
    {
        second = Second;
        lock (link)
        {
            link.Budget.Receive(bytes.Length);
            var lifetime = datagram.Type == MessageType.Confirmable ? _lifetime : _nonLifetime;
            ref var window = ref link.Seen(datagram.Type);
            var message = MessageKey.Of(datagram.MessageId, datagram.Token);
            if (!window.TryFind(message, second, lifetime, out var seen))
            {
                window.Add(message, second, lifetime, _remembered);
                trace?.Record(link.Peer, TraceDirection.Received, TraceKind.First, bytes);
                return false;
            }
            telemetry.CountDuplicate();
            trace?.Record(link.Peer, TraceDirection.Received, TraceKind.Duplicate, bytes);
            if (datagram.Type == MessageType.Confirmable)
            {
                Repeat(link, datagram.MessageId, seen);
            }
            return true;
        }
    }

    private void Repeat(PeerLink link, ushort messageId, DuplicateWindow.Entry seen)
    {
        switch (seen.Fate)
        {
            case DuplicateWindow.Fate.Acknowledged or DuplicateWindow.Fate.Promised:
                SendEmpty(link, MessageType.Acknowledgement, messageId);
                break;
            case DuplicateWindow.Fate.Reset:
                SendEmpty(link, MessageType.Reset, messageId);
                break;
            case DuplicateWindow.Fate.Replied:
                var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
                var length = replies.Read(seen.Position, buffer);
                if (length > 0)
                {
                    outbound.Transmit(link, buffer.AsSpan(0, length), TraceKind.Duplicate);
                }
                ArrayPool<byte>.Shared.Return(buffer);
                break;
        }
    }

    private async Task AnswerLaterAsync(InboundExchange exchange, ValueTask<CoapMessage?> answer)
    {
        try
        {
            AnswerLate(exchange, await answer.ConfigureAwait(false));
        }
        finally
        {
            wheel.Cancel(exchange);
            exchange.Link.Peer.Release();
        }
    }

    private void AnswerLate(InboundExchange exchange, CoapMessage? message)
    {
        lock (exchange.Link)
        {
            exchange.Answered = true;
            if (exchange.Acknowledged)
            {
                // From now on the duplicate of the request may be forgotten: it has been carried out.
                exchange.Link.SeenConfirmable.Settle(MessageKey.Of(exchange.MessageId, exchange.Token), DuplicateWindow.Fate.Acknowledged);
            }
        }
        if (!exchange.Acknowledged)
        {
            Answer(exchange.Link, exchange.Type, exchange.MessageId, exchange.Token, message, Second);
        }
        else if (message is { Code.IsEmpty: false })
        {
            outbound.SendSeparateResponse(exchange.Link, message, exchange.Token);
        }
    }

    private void Answer(PeerLink link, MessageType type, ushort messageId, CoapToken token, CoapMessage? message, uint second)
    {
        if (type == MessageType.NonConfirmable)
        {
            AnswerNonConfirmable(link, messageId, token, message);
            return;
        }
        if (message is null)
        {
            // Ignored: the peer may send again, and then it is looked at anew.
            lock (link)
            {
                link.SeenConfirmable.Forget(MessageKey.Of(messageId, token));
            }
            return;
        }
        if (message.Code.IsEmpty)
        {
            // The peer wants no response (RFC 7967): it has arrived, and that is all.
            lock (link)
            {
                link.SeenConfirmable.Settle(MessageKey.Of(messageId, token), DuplicateWindow.Fate.Acknowledged);
                SendEmpty(link, MessageType.Acknowledgement, messageId);
            }
            return;
        }
        AnswerInAcknowledgement(link, messageId, token, message, second);
    }

    private void AnswerNonConfirmable(PeerLink link, ushort messageId, CoapToken token, CoapMessage? message)
    {
        lock (link)
        {
            link.SeenNonConfirmable.Settle(MessageKey.Of(messageId, token), DuplicateWindow.Fate.Silent);
            if (message is { IsRejection: true })
            {
                SendEmpty(link, MessageType.Reset, messageId);
                return;
            }
        }
        if (message is { Code.IsEmpty: false })
        {
            outbound.SendNonConfirmable(link, message, token, mayBeRefused: message.Options.Has(OptionNumber.Observe));
        }
    }

    private void AnswerInAcknowledgement(PeerLink link, ushort messageId, CoapToken token, CoapMessage message, uint second)
    {
        var size = CoapWriter.SizeOf(message, token);
        var rented = size > StackSize ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<byte> buffer = rented ?? stackalloc byte[StackSize];
        var datagram = buffer[..CoapWriter.Write(buffer, MessageType.Acknowledgement, messageId, token, message)];
        var position = replies.Append(datagram, second, _lifetime);
        lock (link)
        {
            link.SeenConfirmable.Settle(MessageKey.Of(messageId, token), position < 0 ? DuplicateWindow.Fate.Silent : DuplicateWindow.Fate.Replied, position);
            outbound.Transmit(link, datagram, TraceKind.First);
        }
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private async Task SettleLaterAsync(PeerLink link, Response came, ValueTask<TokenFate> fate) => Settle(link, came, await fate.ConfigureAwait(false));

    private void Settle(PeerLink link, Response came, TokenFate fate)
    {
        var (type, messageId, token, request) = came;
        lock (link)
        {
            switch (fate)
            {
                case TokenFate.Known:
                    // Only its own address could have known a token of eight random bytes.
                    link.Budget.Proven |= token.Length == CoapToken.MaxLength;
                    if (type == MessageType.Confirmable)
                    {
                        SendEmpty(link, MessageType.Acknowledgement, messageId);
                    }
                    link.Seen(type).Settle(MessageKey.Of(messageId, token), DuplicateWindow.Fate.Acknowledged);
                    break;
                case TokenFate.Unknown:
                    SendEmpty(link, MessageType.Reset, messageId);
                    link.Seen(type).Settle(MessageKey.Of(messageId, token), DuplicateWindow.Fate.Reset);
                    break;
                default:
                    link.Seen(type).Forget(MessageKey.Of(messageId, token));
                    break;
            }
        }
        if (request is { } asked)
        {
            outbound.SettleByToken(link, token, asked)?.Complete(DeliveryOutcome.Acknowledged);
        }
    }

    /// <summary>A response, and the request with its token that was open when it came.</summary>
    private readonly record struct Response(MessageType Type, ushort MessageId, CoapToken Token, ushort? Request);
}
