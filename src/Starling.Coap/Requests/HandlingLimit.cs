namespace Starling.Coap;

/// <summary>Counts the messages of peers that are with the handler, of each peer and of all, and says when there are too many.</summary>
internal sealed class HandlingLimit(CoapSettings.RequestSettings settings, CoapTelemetry telemetry)
{
    private int _all;

    /// <summary>Whether no more may go to the handler; counted when so. A look, not a reservation: cheap enough for every message.</summary>
    public bool IsFull(Peer peer)
    {
        if (Volatile.Read(ref _all) < settings.Handling
            && (peer.EndpointState is not PeerRequests state || Volatile.Read(ref state.Handling) < settings.HandlingPerPeer))
        {
            return false;
        }
        telemetry.CountBusy();
        return true;
    }

    /// <summary>Takes a place if there is one; each place is given back by <see cref="Leave"/>.</summary>
    public bool TryEnter(Peer peer)
    {
        var state = PeerRequests.Of(peer);
        var ofPeer = Interlocked.Increment(ref state.Handling);
        var ofAll = Interlocked.Increment(ref _all);
        if (ofPeer <= settings.HandlingPerPeer && ofAll <= settings.Handling)
        {
            return true;
        }
        Leave(peer);
        telemetry.CountBusy();
        return false;
    }

    /// <summary>Takes a place for what is with the handler already; its number was looked at before.</summary>
    public void Enter(Peer peer)
    {
        Interlocked.Increment(ref _all);
        Interlocked.Increment(ref PeerRequests.Of(peer).Handling);
    }

    public void Leave(Peer peer)
    {
        Interlocked.Decrement(ref _all);
        Interlocked.Decrement(ref PeerRequests.Of(peer).Handling);
    }
}
