using System.Diagnostics.CodeAnalysis;

namespace Starling.Coap;

/// <summary>Carries datagrams: UDP, or anything that loses, repeats and reorders.</summary>
public interface IDatagramChannel : IAsyncDisposable
{
    /// <summary>Begins to deliver to the sink. A port in use is an <see cref="IOException"/> that says so.</summary>
    Task StartAsync(IDatagramSink sink, CancellationToken cancel);

    /// <summary>Finds the peer at a target. A server never dials.</summary>
    /// <exception cref="NotSupportedException">The channel does not carry the target's scheme, or not with these credentials or without any: another channel may.</exception>
    ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel);

    /// <summary>
    /// The peer at an address that a store has kept: the one that would deliver if it spoke from there. It may be asked before the channel starts, and the
    /// peer can be evicted like any other until it is held. False when this channel does not reach it.
    /// </summary>
    bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer);

    /// <summary>Copies the datagram and never waits. A batch goes out after the last datagram of a receive batch, at once from any other thread.</summary>
    SendOutcome Send(Peer peer, ReadOnlySpan<byte> datagram);

    /// <summary>Forgets the peer and what is kept for it.</summary>
    void Close(Peer peer);
}

/// <summary>Takes what a <see cref="IDatagramChannel"/> delivers. It may not await, block or call user code.</summary>
public interface IDatagramSink
{
    /// <summary>A datagram: writable, so that a decorator can decrypt in place, and valid during the call only.</summary>
    void OnDatagram(Peer peer, Span<byte> datagram);

    /// <summary>The same session now speaks from another address.</summary>
    void OnPeerMoved(Peer peer, PeerAddress from);

    /// <summary>The peer is gone.</summary>
    void OnPeerLost(Peer peer, PeerLoss loss);
}

/// <summary>What became of a datagram that was handed to a channel.</summary>
public enum SendOutcome : byte
{
    /// <summary>With the operating system.</summary>
    Sent,
    /// <summary>In the batch that goes out next.</summary>
    Queued,
    /// <summary>Not sent: no room, or no such peer any more. Counted.</summary>
    Dropped,
}

/// <summary>Why a peer is gone.</summary>
public enum PeerLoss : byte
{
    /// <summary>Forgotten to make room for others.</summary>
    Evicted,
    /// <summary>Closed by us, or by the peer where its transport has a way to say so.</summary>
    Closed,
    /// <summary>It has made a new session, which is another peer.</summary>
    Replaced,
}
