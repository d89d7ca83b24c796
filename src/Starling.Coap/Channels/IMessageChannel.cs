using System.Diagnostics.CodeAnalysis;

namespace Starling.Coap;

/// <summary>Carries messages. Over datagrams the message layer makes one; reliable transports are one by themselves.</summary>
public interface IMessageChannel : IAsyncDisposable
{
    /// <summary>Begins to deliver to the sink.</summary>
    Task StartAsync(IMessageSink sink, CancellationToken cancel);

    /// <summary>Finds the peer at a target.</summary>
    /// <exception cref="NotSupportedException">The channel does not carry the target's scheme, or not with these credentials or without any: another channel may.</exception>
    ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel);

    /// <summary>The peer at an address that a store has kept; also before the channel starts. False when this channel does not reach it.</summary>
    bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer);

    /// <summary>Sends a request or a notification. Completes when it has been delivered, refused or given up; at once for <see cref="Delivery.NonConfirmable"/>.</summary>
    ValueTask<DeliveryOutcome> SendAsync(Peer peer, CoapMessage message, Delivery delivery, CancellationToken cancel);

    /// <summary>Asks whether the peer is there (CoAP ping, RFC 7252 §4.3).</summary>
    ValueTask<bool> PingAsync(Peer peer, CancellationToken cancel);

    /// <summary>How many more bytes may go to this peer before its address is proven; <see cref="int.MaxValue"/> once it is.</summary>
    int Allowance(Peer peer);

    /// <summary>Counts the address as proven: the peer has returned something only its address could have received.</summary>
    void Prove(Peer peer);

    /// <summary>Forgets the peer and what is kept for it.</summary>
    void Close(Peer peer);
}

/// <summary>Takes what a <see cref="IMessageChannel"/> delivers.</summary>
public interface IMessageSink
{
    /// <summary>A request. What it returns belongs to this exchange: its message id, its acknowledgement. Null: ignored, without acknowledgement or response.</summary>
    ValueTask<CoapMessage?> OnRequestAsync(Peer peer, CoapMessage request);

    /// <summary>A response or a notification; the fate says whether its token is known.</summary>
    ValueTask<TokenFate> OnResponseAsync(Peer peer, CoapMessage response);

    /// <summary>A Reset to a notification, also to one of the last non-confirmable ones.</summary>
    void OnReset(Peer peer, CoapToken token);

    /// <summary>The same session now speaks from another address.</summary>
    void OnPeerMoved(Peer peer, PeerAddress from);

    /// <summary>The peer is gone.</summary>
    void OnPeerLost(Peer peer, PeerLoss loss);
}

/// <summary>How a message is to be delivered where the transport knows a difference.</summary>
public enum Delivery : byte
{
    /// <summary>Repeated until it is acknowledged or given up.</summary>
    Confirmable,
    /// <summary>Sent once.</summary>
    NonConfirmable,
}

/// <summary>What became of a message.</summary>
public enum DeliveryOutcome : byte
{
    /// <summary>Acknowledged (or answered) by the peer.</summary>
    Acknowledged,
    /// <summary>Sent; nothing tells whether it arrived.</summary>
    Sent,
    /// <summary>The peer could not use it (Reset).</summary>
    Rejected,
    /// <summary>Never acknowledged: given up after MAX_RETRANSMIT.</summary>
    TimedOut,
    /// <summary>The peer is gone.</summary>
    PeerLost,
    /// <summary>Not sent: the peer's queue is full or its address is not proven.</summary>
    Refused,
    /// <summary>Taken back by the sender.</summary>
    Cancelled,
}

/// <summary>Whether a response's token is ours.</summary>
public enum TokenFate : byte
{
    /// <summary>Ours: acknowledged.</summary>
    Known,
    /// <summary>Certainly not ours: Reset.</summary>
    Unknown,
    /// <summary>Cannot be said now: silence, and the peer sends again.</summary>
    Uncertain,
}
