namespace Starling.Coap;

/// <summary>Requests and responses over any channels.</summary>
public sealed class CoapEndpoint : IAsyncDisposable
{
    /// <summary>Makes an endpoint.</summary>
    public CoapEndpoint(IReadOnlyList<IMessageChannel> channels, ICoapHandler handler, CoapSettings settings, TimeProvider time) => throw new NotImplementedException();
    /// <summary>Starts all channels.</summary>
    public Task StartAsync(CancellationToken cancel) => throw new NotImplementedException();
    /// <summary>Finds the peer at a target, by the first channel that can.</summary>
    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel) => throw new NotImplementedException();
    /// <summary>A new token: 8 bytes from a cryptographic source.</summary>
    public CoapToken NewToken() => throw new NotImplementedException();
    /// <summary>Sends a request and gives its whole response. A request that has a token already (from <see cref="NewToken"/>) keeps it; with Observe 0, later messages with it go to the handler as notifications.</summary>
    public ValueTask<CoapMessage> RequestAsync(Peer peer, CoapMessage request, CancellationToken cancel) => throw new NotImplementedException();
    /// <summary>Sends a notification of an observation that this side answers (RFC 7641 §4.5).</summary>
    public ValueTask<DeliveryOutcome> NotifyAsync(Peer peer, CoapToken token, CoapMessage notification, Delivery delivery, CancellationToken cancel) => throw new NotImplementedException();
    /// <summary>Whether the peer is there.</summary>
    public ValueTask<bool> PingAsync(Peer peer, CancellationToken cancel) => throw new NotImplementedException();
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
