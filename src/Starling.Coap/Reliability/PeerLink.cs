namespace Starling.Coap;

/// <summary>All that the message layer knows of one peer. Its own lock guards it; nobody is called under that lock but the datagram channel.</summary>
internal sealed class PeerLink(Peer peer, ushort firstMessageId)
{
    private ushort _lastMessageId = firstMessageId;

    public readonly Peer Peer = peer;

    /// <summary>Confirmable messages that came; the others have a window of their own, so that a stream of notifications does not push requests out.</summary>
    public DuplicateWindow SeenConfirmable;
    public DuplicateWindow SeenNonConfirmable;
    public AmplificationBudget Budget = new() { Proven = !peer.AddressMayBeForged };
    public SentNotifications Notifications;

    /// <summary>The peer is gone for good: nothing that is sent to it arrives.</summary>
    public bool IsLost;

    /// <summary>Our confirmable messages that wait for their acknowledgement.</summary>
    public Exchange? Open;
    public int OpenCount;

    /// <summary>Those that wait for a place under NSTART, in order.</summary>
    public Exchange? FirstQueued;
    public Exchange? LastQueued;
    public int QueuedCount;

    public ref DuplicateWindow Seen(MessageType type)
    {
        if (type == MessageType.Confirmable)
        {
            return ref SeenConfirmable;
        }
        return ref SeenNonConfirmable;
    }

    public ushort NextMessageId() => ++_lastMessageId;
}
