namespace Starling.Coap;

/// <summary>All that the message layer knows of one peer. Its own lock guards it; nobody is called under that lock but the datagram channel.</summary>
internal sealed class PeerLink(Peer peer, ushort firstMessageId)
{
    private ushort _lastMessageId = firstMessageId;

    public readonly Peer Peer = peer;
    public DuplicateWindow Seen;
    public AmplificationBudget Budget = new() { Proven = !peer.AddressMayBeForged };
    public SentNotifications Notifications;

    /// <summary>Our confirmable messages that wait for their acknowledgement.</summary>
    public Exchange? Open;
    public int OpenCount;

    /// <summary>Those that wait for a place under NSTART, in order.</summary>
    public Exchange? FirstQueued;
    public Exchange? LastQueued;
    public int QueuedCount;

    public ushort NextMessageId() => ++_lastMessageId;
}
