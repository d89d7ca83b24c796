using System.Collections.Concurrent;

namespace Starling.Coap;

/// <summary>Our open requests by token.</summary>
internal sealed class PendingRequests(TimerWheel wheel, CoapSettings.RequestSettings limits)
{
    private readonly ConcurrentDictionary<CoapToken, PendingRequest> _byToken = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Makes room for a response.</summary>
    /// <exception cref="CoapBusyException">Too many requests are open, or one with this token.</exception>
    public PendingRequest Add(Peer peer, CoapToken token)
    {
        var request = new PendingRequest(this, peer, token);
        if (Interlocked.Increment(ref _count) > limits.Pending || !_byToken.TryAdd(token, request))
        {
            Interlocked.Decrement(ref _count);
            throw new CoapBusyException($"{limits.Pending} requests are open already.");
        }
        return request;
    }

    /// <summary>The request was acknowledged without its response: waits for it, but not for ever.</summary>
    public void AwaitResponse(PendingRequest request)
    {
        wheel.Schedule(request, limits.ResponseTimeout);
        if (request.HasEnded)
        {
            wheel.Cancel(request);
        }
    }

    /// <summary>Gives a response to the request that waits for it.</summary>
    public bool TryComplete(Peer peer, CoapMessage response)
    {
        if (!_byToken.TryGetValue(response.Token, out var request) || request.Peer != peer)
        {
            return false;
        }
        Remove(request);
        request.TrySetResponse(response);
        return true;
    }

    public void Remove(PendingRequest request)
    {
        if (_byToken.TryRemove(new KeyValuePair<CoapToken, PendingRequest>(request.Token, request)))
        {
            Interlocked.Decrement(ref _count);
            wheel.Cancel(request);
        }
    }

    /// <summary>Nothing will come from this peer any more.</summary>
    public void Lose(Peer peer)
    {
        foreach (var (_, request) in _byToken)
        {
            if (request.Peer == peer)
            {
                Remove(request);
                request.TryFail(new PeerLostException($"{peer} is gone."));
            }
        }
    }

    public void FailAll(Exception failure)
    {
        foreach (var (_, request) in _byToken)
        {
            Remove(request);
            request.TryFail(failure);
        }
    }
}
