using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Starling.Coap;

/// <summary>
/// Makes a message channel of a datagram channel: message ids, acknowledgements, retransmission, duplicates and the limit
/// on what goes to unproven addresses (RFC 7252 §4).
/// </summary>
public sealed class MessageLayer : IMessageChannel, IDatagramSink
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(20);
    private readonly IDatagramChannel _channel;
    private readonly CoapSettings _settings;
    private readonly CoapTelemetry _telemetry;
    private readonly ProtocolTrace? _trace;
    private readonly TimerWheel _wheel;
    private readonly Jitter _jitter;
    private readonly OutboundExchanges _outbound;
    private readonly InboundExchanges _inbound;
    private IMessageSink? _sink;

    /// <summary>Makes the layer over a channel that has not been started.</summary>
    /// <param name="datagrams">The channel; the layer disposes it.</param>
    /// <param name="settings">Limits.</param>
    /// <param name="time">The clock of every timeout.</param>
    /// <param name="trace">Where datagrams are recorded; null for nowhere.</param>
    /// <param name="telemetry">Where is counted; null for an own one.</param>
    /// <param name="chance">A seed for timeouts and first message ids that repeat; null for ones that do not.</param>
    public MessageLayer(
        IDatagramChannel datagrams, CoapSettings settings, TimeProvider time,
        ProtocolTrace? trace = null, CoapTelemetry? telemetry = null, ulong? chance = null)
    {
        ArgumentNullException.ThrowIfNull(datagrams);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        _channel = datagrams;
        _settings = settings;
        _trace = trace;
        _telemetry = telemetry ?? new CoapTelemetry();
        _wheel = new TimerWheel(time, _tick);
        _jitter = new Jitter(chance ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
        _outbound = new OutboundExchanges(datagrams, settings.Reliability, _wheel, _jitter, _telemetry, trace);
        var replies = new ReplyLog(settings.Reliability.RememberedReplyBytes, _telemetry);
        _inbound = new InboundExchanges(_outbound, replies, settings, _wheel, time, _telemetry, trace);
    }

    /// <summary>What has been refused, repeated and given up.</summary>
    public CoapTelemetry Telemetry => _telemetry;

    /// <inheritdoc/>
    public Task StartAsync(IMessageSink sink, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        _inbound.Sink = sink;
        return _channel.StartAsync(this, cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel)
    {
        var peer = await _channel.ConnectAsync(target, cancel).ConfigureAwait(false);
        LinkOf(peer);
        return peer;
    }

    /// <inheritdoc/>
    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer)
    {
        if (!_channel.TryRestore(address, out peer))
        {
            return false;
        }
        LinkOf(peer);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<DeliveryOutcome> SendAsync(Peer peer, CoapMessage message, Delivery delivery, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(message);
        var link = LinkOf(peer);
        return delivery == Delivery.Confirmable
            ? _outbound.SendConfirmable(link, message, cancel)
            : ValueTask.FromResult(_outbound.SendNonConfirmable(link, message, message.Token, mayBeRefused: message.Code.IsResponse));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> PingAsync(Peer peer, CancellationToken cancel)
    {
        // The answer is a Reset; whoever acknowledges instead is there as well.
        var outcome = await _outbound.SendConfirmable(LinkOf(peer), CoapMessage.Response(CoapCode.Empty), cancel).ConfigureAwait(false);
        return outcome is DeliveryOutcome.Rejected or DeliveryOutcome.Acknowledged;
    }

    /// <inheritdoc/>
    public int Allowance(Peer peer)
    {
        var link = LinkOf(peer);
        lock (link)
        {
            return link.Budget.Allowance(_settings.Reliability);
        }
    }

    /// <inheritdoc/>
    public void Prove(Peer peer)
    {
        var link = LinkOf(peer);
        lock (link)
        {
            link.Budget.Proven = true;
        }
    }

    /// <inheritdoc/>
    public void Close(Peer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        _channel.Close(peer);
        LoseExchanges(peer);
    }

    /// <inheritdoc/>
    public void OnDatagram(Peer peer, Span<byte> datagram)
    {
        var error = CoapDatagram.Parse(datagram, out var message, _settings.Reliability.OptionsPerMessage);
        if (error != ParseError.None)
        {
            Refuse(peer, datagram, message, error);
            return;
        }
        var link = LinkOf(peer);
        if (message.Type is MessageType.Acknowledgement or MessageType.Reset)
        {
            _trace?.Record(peer, TraceDirection.Received, TraceKind.First, datagram);
            OnReply(link, message, datagram.Length);
        }
        else if (message.Code.IsEmpty)
        {
            _trace?.Record(peer, TraceDirection.Received, TraceKind.First, datagram);
            lock (link)
            {
                link.Budget.Receive(datagram.Length);
                _inbound.SendEmpty(link, MessageType.Reset, message.MessageId);   // a ping (RFC 7252 §4.3)
            }
        }
        else if (message.Code.IsRequest)
        {
            _inbound.OnRequest(link, message, datagram);
        }
        else
        {
            _inbound.OnResponse(link, message, datagram);
        }
    }

    /// <inheritdoc/>
    public void OnPeerMoved(Peer peer, PeerAddress from) => _sink!.OnPeerMoved(peer, from);

    /// <inheritdoc/>
    public void OnPeerLost(Peer peer, PeerLoss loss)
    {
        LoseExchanges(peer);
        _sink!.OnPeerLost(peer, loss);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync().ConfigureAwait(false);
        // Every open exchange waits in the wheel, so nobody waits for an answer for ever.
        foreach (var timer in _wheel.Stop())
        {
            if (timer is Exchange { Link: { } link })
            {
                _outbound.Lose(link);
            }
        }
    }

    // An acknowledgement or a Reset to one of our messages.
    private void OnReply(PeerLink link, in CoapDatagram message, int size)
    {
        var exchange = _outbound.Settle(link, message, size, out var wrongToken);
        if (wrongToken)
        {
            _telemetry.CountWrongToken();
            _trace?.Record(link.Peer, TraceDirection.Received, TraceKind.Event, default, $"an acknowledgement with the wrong token {message.Token}: not used");
            return;
        }
        if (exchange is null)
        {
            OnStaleReply(link, message);
            return;
        }
        if (message.Type == MessageType.Reset)
        {
            if (exchange.Carries == Exchange.Content.Notification)
            {
                _sink!.OnReset(link.Peer, exchange.Token);
            }
            exchange.Complete(DeliveryOutcome.Rejected);
            return;
        }
        if (message.Code.IsResponse && exchange.Carries == Exchange.Content.Request)
        {
            // First the response, then the outcome: who awaits both finds the response there.
            var fate = _sink!.OnResponseAsync(link.Peer, message.ToMessage());
            if (!fate.IsCompletedSuccessfully)
            {
                _ = fate.AsTask();
            }
        }
        exchange.Complete(DeliveryOutcome.Acknowledged);
    }

    private void OnStaleReply(PeerLink link, in CoapDatagram message)
    {
        CoapToken token;
        bool known;
        lock (link)
        {
            known = link.Notifications.TryFind(message.MessageId, out token);
            link.Budget.Proven |= known;
        }
        if (known && message.Type == MessageType.Reset)
        {
            _sink!.OnReset(link.Peer, token);
            return;
        }
        _telemetry.CountStale();
    }

    // RFC 7252 §4.2, §4.3: a confirmable message that cannot be used is answered with a Reset, anything else is ignored.
    private void Refuse(Peer peer, ReadOnlySpan<byte> datagram, in CoapDatagram message, ParseError error)
    {
        _telemetry.CountMalformed();
        _trace?.Record(peer, TraceDirection.Received, TraceKind.Dropped, datagram, error.ToString());
        if (error is ParseError.TooShort or ParseError.Version || message.Type != MessageType.Confirmable)
        {
            return;
        }
        var link = LinkOf(peer);
        lock (link)
        {
            link.Budget.Receive(datagram.Length);
            _inbound.SendEmpty(link, MessageType.Reset, message.MessageId);
        }
    }

    private void LoseExchanges(Peer peer)
    {
        if (peer.ReliabilityState is PeerLink link)
        {
            _outbound.Lose(link);
        }
    }

    private PeerLink LinkOf(Peer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (peer.ReliabilityState is PeerLink link)
        {
            return link;
        }
        if (ReferenceEquals(peer.Transmission, Transmission.Default))
        {
            peer.Transmission = _settings.Transmission;   // the channel has said nothing else
        }
        var made = new PeerLink(peer, (ushort)(_jitter.Next() * ushort.MaxValue));
        return (PeerLink)(Interlocked.CompareExchange(ref peer.ReliabilityState, made, null) ?? made);
    }
}
