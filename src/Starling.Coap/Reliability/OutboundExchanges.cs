using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Starling.Coap;

/// <summary>Sends: confirmable messages with retransmission, NSTART and a queue a peer (RFC 7252 §4.2, §4.7), others at once.</summary>
internal sealed class OutboundExchanges(
    IDatagramChannel channel, CoapSettings.ReliabilitySettings limits, TimerWheel wheel, Jitter jitter, CoapTelemetry telemetry, ProtocolTrace? trace)
{
    private const int PoolLimit = 4096;
    private readonly ConcurrentQueue<Exchange> _pool = new();

    /// <summary>Sends a message until it is acknowledged. A message without a code is a ping, one with a response code a notification.</summary>
    public ValueTask<DeliveryOutcome> SendConfirmable(PeerLink link, CoapMessage message, CancellationToken cancel)
    {
        var carries = message.Code.IsEmpty ? Exchange.Content.Ping : message.Code.IsRequest ? Exchange.Content.Request : Exchange.Content.Notification;
        var exchange = Prepare(link, message, message.Token, carries);
        exchange.HasAwaiter = true;
        link.Peer.Hold();
        if (!TryOpenOrQueue(link, exchange))
        {
            Recycle(exchange);
            link.Peer.Release();
            return ValueTask.FromResult(link.IsLost ? DeliveryOutcome.PeerLost : DeliveryOutcome.Refused);
        }
        if (cancel.CanBeCanceled)
        {
            exchange.Cancellation = cancel.UnsafeRegister(static state => ((Exchange)state!).Abandon(), exchange);
        }
        return exchange.Task;
    }

    /// <summary>Sends a response that comes after its request's acknowledgement (RFC 7252 §5.2.2). It waits for no place: a peer that owes us an acknowledgement still gets its answer.</summary>
    public void SendSeparateResponse(PeerLink link, CoapMessage message, CoapToken token)
    {
        var carries = message.Options.Has(OptionNumber.Observe) ? Exchange.Content.Notification : Exchange.Content.Response;
        var exchange = Prepare(link, message, token, carries);
        exchange.HasAwaiter = false;
        link.Peer.Hold();
        bool opened;
        lock (link)
        {
            opened = TryOpen(link, exchange);
        }
        if (!opened)
        {
            Recycle(exchange);
            link.Peer.Release();
        }
    }

    /// <summary>Sends once.</summary>
    public DeliveryOutcome SendNonConfirmable(PeerLink link, CoapMessage message, CoapToken token, bool mayBeRefused)
    {
        var exchange = Prepare(link, message, token, Exchange.Content.Response);
        bool sent;
        lock (link)
        {
            var id = link.NextMessageId();
            Seal(exchange, id, MessageType.NonConfirmable);
            sent = Transmit(link, exchange.Buffer.AsSpan(0, exchange.Length), TraceKind.First);
            if (sent && mayBeRefused)
            {
                link.Notifications.Add(id, token, limits.RefusableNotifications);
            }
        }
        Recycle(exchange);
        return sent ? DeliveryOutcome.Sent : DeliveryOutcome.Refused;
    }

    /// <summary>Hands a datagram to the channel unless the peer's address is not proven and enough has gone there. Under the link's lock.</summary>
    public bool Transmit(PeerLink link, ReadOnlySpan<byte> datagram, TraceKind kind)
    {
        if (!link.Budget.TrySpend(datagram.Length, limits))
        {
            telemetry.CountUnproven();
            trace?.Record(link.Peer, TraceDirection.Sent, TraceKind.Dropped, datagram, "the peer's address is not proven: no more may go there yet");
            return false;
        }
        trace?.Record(link.Peer, TraceDirection.Sent, kind, datagram);
        return channel.Send(link.Peer, datagram) != SendOutcome.Dropped || kind != TraceKind.First;
    }

    /// <summary>
    /// Takes out the open exchange that an acknowledgement or Reset belongs to. The next one that waits is sent. An acknowledgement with another
    /// token than its request's is ignored like any that cannot be used (RFC 7252 §4.2, §5.3.2): whoever guessed the message id did not see the request.
    /// </summary>
    public Exchange? Settle(PeerLink link, in CoapDatagram reply, int size, out bool wrongToken)
    {
        wrongToken = false;
        lock (link)
        {
            link.Budget.Receive(size);
            for (var exchange = link.Open; exchange is not null; exchange = exchange.NextOfPeer)
            {
                if (exchange.MessageId != reply.MessageId)
                {
                    continue;
                }
                wrongToken = exchange.Carries == Exchange.Content.Request && reply.Code.IsResponse && reply.Token != exchange.Token;
                if (wrongToken)
                {
                    return null;
                }
                link.Budget.Proven = true;
                Close(link, exchange);
                return exchange;
            }
        }
        return null;
    }

    /// <summary>The message id of the request with this token that waits for its acknowledgement; null when there is none.</summary>
    public static ushort? FindRequest(PeerLink link, CoapToken token)
    {
        if (link.Open is null)
        {
            return null;
        }
        lock (link)
        {
            return OpenRequest(link, token)?.MessageId;
        }
    }

    /// <summary>
    /// A response is as good as its request's acknowledgement (RFC 7252 §5.3.2). It is so for the request that was open when it came: while a notification is
    /// looked at, a request with its token may be sent, which ends the observation, and the answer to that is still to come.
    /// </summary>
    public Exchange? SettleByToken(PeerLink link, CoapToken token, ushort messageId)
    {
        lock (link)
        {
            if (OpenRequest(link, token) is not { } exchange || exchange.MessageId != messageId)
            {
                return null;
            }
            Close(link, exchange);
            return exchange;
        }
    }

    /// <summary>Ends every exchange with a peer.</summary>
    public void Lose(PeerLink link)
    {
        List<Exchange> lost = [];
        lock (link)
        {
            link.IsLost = true;
            while (link.FirstQueued is { } queued)
            {
                Dequeue(link, queued);
                queued.State = Exchange.Phase.Settled;
                lost.Add(queued);
            }
            while (link.Open is { } open)
            {
                Close(link, open);
                lost.Add(open);
            }
        }
        foreach (var exchange in lost)
        {
            exchange.Complete(DeliveryOutcome.PeerLost);
        }
    }

    /// <summary>The sender has lost interest: nothing more is sent of it.</summary>
    public void Abandon(Exchange exchange)
    {
        if (exchange.Link is not { } link)
        {
            return;
        }
        lock (link)
        {
            if (exchange.Link != link)
            {
                return;
            }
            switch (exchange.State)
            {
                case Exchange.Phase.Queued:
                    Dequeue(link, exchange);
                    exchange.State = Exchange.Phase.Settled;
                    break;
                case Exchange.Phase.Open:
                    Close(link, exchange);
                    break;
                default:
                    return;
            }
        }
        exchange.Complete(DeliveryOutcome.Cancelled);
    }

    /// <summary>No acknowledgement came in time: once more with twice the patience, or never again.</summary>
    public void OnDue(Exchange exchange)
    {
        if (exchange.Link is not { } link)
        {
            return;
        }
        lock (link)
        {
            // A timer that came due while its exchange ended may meet the exchange's next life.
            if (exchange.Link != link || exchange.State != Exchange.Phase.Open || exchange.IsScheduled)
            {
                return;
            }
            if (exchange.Retransmissions < link.Peer.Transmission.MaxRetransmit && wheel.TrySchedule(exchange, exchange.Timeout * 2))
            {
                exchange.Retransmissions++;
                exchange.Timeout *= 2;
                telemetry.CountRetransmission();
                Transmit(link, exchange.Buffer.AsSpan(0, exchange.Length), TraceKind.Retransmission);
                return;
            }
            telemetry.CountGivenUp();
            trace?.Record(link.Peer, TraceDirection.Sent, TraceKind.Event, exchange.Buffer.AsSpan(0, exchange.Length), "given up: never acknowledged");
            Close(link, exchange);
        }
        exchange.Complete(DeliveryOutcome.TimedOut);
    }

    public void Recycle(Exchange exchange)
    {
        exchange.Link = null;
        exchange.State = Exchange.Phase.Idle;
        if (_pool.Count < PoolLimit)
        {
            _pool.Enqueue(exchange);
        }
    }

    private Exchange Prepare(PeerLink link, CoapMessage message, CoapToken token, Exchange.Content carries)
    {
        if (!_pool.TryDequeue(out var exchange))
        {
            exchange = new Exchange(this);
        }
        var size = CoapWriter.SizeOf(message, token);
        if (exchange.Buffer.Length < size)
        {
            exchange.Buffer = new byte[Math.Max(64, size)];
        }
        exchange.Length = CoapWriter.Write(exchange.Buffer, MessageType.Confirmable, 0, token, message);
        exchange.Carries = carries;
        exchange.Token = token;
        exchange.Retransmissions = 0;
        exchange.Link = link;
        return exchange;
    }

    private bool TryOpenOrQueue(PeerLink link, Exchange exchange)
    {
        lock (link)
        {
            if (link.IsLost)
            {
                return false;
            }
            if (link.OpenCount < link.Peer.Transmission.Nstart)
            {
                return TryOpen(link, exchange);
            }
            if (link.QueuedCount >= limits.QueuedPerPeer)
            {
                telemetry.CountQueueFull();
                return false;
            }
            Enqueue(link, exchange);
            return true;
        }
    }

    // The message id is given when the message is sent, so that ids are in the order of the wire.
    private static void Seal(Exchange exchange, ushort messageId, MessageType type)
    {
        exchange.MessageId = messageId;
        exchange.Buffer[0] = (byte)((exchange.Buffer[0] & 0xcf) | ((int)type << 4));
        BinaryPrimitives.WriteUInt16BigEndian(exchange.Buffer.AsSpan(2), messageId);
    }

    private bool TryOpen(PeerLink link, Exchange exchange)
    {
        var transmission = link.Peer.Transmission;
        Seal(exchange, link.NextMessageId(), MessageType.Confirmable);
        if (!link.Budget.Proven && link.Budget.Allowance(limits) < exchange.Length)
        {
            Transmit(link, exchange.Buffer.AsSpan(0, exchange.Length), TraceKind.First);
            return false;
        }
        exchange.Timeout = transmission.AckTimeout * (1 + (jitter.Next() * (transmission.AckRandomFactor - 1)));
        if (!wheel.TrySchedule(exchange, exchange.Timeout))
        {
            return false;   // the layer has stopped
        }
        exchange.State = Exchange.Phase.Open;
        exchange.PreviousOfPeer = null;
        exchange.NextOfPeer = link.Open;
        if (link.Open is not null)
        {
            link.Open.PreviousOfPeer = exchange;
        }
        link.Open = exchange;
        link.OpenCount++;
        // A datagram that the channel had no room for is lost like any other: the retransmission brings it.
        Transmit(link, exchange.Buffer.AsSpan(0, exchange.Length), TraceKind.First);
        return true;
    }

    private void Close(PeerLink link, Exchange exchange)
    {
        wheel.Cancel(exchange);
        if (exchange.PreviousOfPeer is not null)
        {
            exchange.PreviousOfPeer.NextOfPeer = exchange.NextOfPeer;
        }
        else
        {
            link.Open = exchange.NextOfPeer;
        }
        if (exchange.NextOfPeer is not null)
        {
            exchange.NextOfPeer.PreviousOfPeer = exchange.PreviousOfPeer;
        }
        exchange.NextOfPeer = exchange.PreviousOfPeer = null;
        exchange.State = Exchange.Phase.Settled;
        link.OpenCount--;
        while (link.OpenCount < link.Peer.Transmission.Nstart && link.FirstQueued is { } next)
        {
            Dequeue(link, next);
            if (!TryOpen(link, next))
            {
                // Under the lock, but never the last one that holds the peer: the exchange that is being closed still does.
                next.State = Exchange.Phase.Settled;
                next.Complete(DeliveryOutcome.Refused);
            }
        }
    }

    private static Exchange? OpenRequest(PeerLink link, CoapToken token)
    {
        var exchange = link.Open;
        while (exchange is not null && (exchange.Carries != Exchange.Content.Request || exchange.Token != token))
        {
            exchange = exchange.NextOfPeer;
        }
        return exchange;
    }

    private static void Enqueue(PeerLink link, Exchange exchange)
    {
        exchange.State = Exchange.Phase.Queued;
        exchange.NextOfPeer = null;
        exchange.PreviousOfPeer = link.LastQueued;
        if (link.LastQueued is not null)
        {
            link.LastQueued.NextOfPeer = exchange;
        }
        else
        {
            link.FirstQueued = exchange;
        }
        link.LastQueued = exchange;
        link.QueuedCount++;
    }

    private static void Dequeue(PeerLink link, Exchange exchange)
    {
        if (exchange.PreviousOfPeer is not null)
        {
            exchange.PreviousOfPeer.NextOfPeer = exchange.NextOfPeer;
        }
        else
        {
            link.FirstQueued = exchange.NextOfPeer;
        }
        if (exchange.NextOfPeer is not null)
        {
            exchange.NextOfPeer.PreviousOfPeer = exchange.PreviousOfPeer;
        }
        else
        {
            link.LastQueued = exchange.PreviousOfPeer;
        }
        exchange.NextOfPeer = exchange.PreviousOfPeer = null;
        link.QueuedCount--;
    }
}
