namespace Starling.Coap;

/// <summary>What answers requests and owns observations: an LwM2M server, an LwM2M client, or your own.</summary>
public interface ICoapHandler
{
    /// <summary>
    /// True only for handlers that neither wait nor call user code: they run on the receiving thread.
    /// Others run on the thread pool behind a bounded queue, and 5.03 is the answer when it is full.
    /// </summary>
    bool RunsInline => false;

    /// <summary>Answers a request. The response's token is set by the endpoint. A <see cref="CoapErrorException"/> becomes its code; anything else 5.00. Null: the request is ignored, without acknowledgement or response.</summary>
    /// <remarks>A response with an Observe option to a request with Observe 0 accepts the observation; notify with <see cref="CoapEndpoint.NotifyAsync"/>.</remarks>
    ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel);

    /// <summary>
    /// Where to put the body of a request that comes in blocks, in order, while it arrives; <see cref="HandleAsync"/> then gets an empty payload and <see cref="CoapMessage.Sink"/>.
    /// Null: the body is assembled, up to the limit.
    /// </summary>
    IBodySink? OpenBody(Peer peer, CoapMessage firstBlock) => null;

    /// <summary>Finds the observation that a notification belongs to.</summary>
    ValueTask<(TokenFate Fate, ObservationMatch? Match)> FindObservationAsync(Peer peer, CoapToken token, CancellationToken cancel) =>
        ValueTask.FromResult<(TokenFate, ObservationMatch?)>((TokenFate.Unknown, null));

    /// <summary>Takes a notification, with its whole body, after its token has been found. The freshness is the owner's to judge (<see cref="ObserveSequence"/>).</summary>
    ValueTask NotifyAsync(Peer peer, ObservationMatch observation, CoapMessage notification, CancellationToken cancel) => ValueTask.CompletedTask;

    /// <summary>The peer has refused a notification with this token: the observation is over (RFC 7641 §3.6).</summary>
    void OnReset(Peer peer, CoapToken token) { }

    /// <summary>The peer's session now speaks from another address.</summary>
    void OnPeerMoved(Peer peer, PeerAddress from) { }

    /// <summary>The peer is gone.</summary>
    void OnPeerLost(Peer peer, PeerLoss loss) { }
}

/// <summary>What the owner of an observation keeps about it; it derives from this.</summary>
public abstract class ObservationMatch
{
    /// <summary>The request that began the observation: later blocks of a notification are fetched with its options (RFC 7959 §2.6).</summary>
    public abstract CoapMessage Request { get; }
}
