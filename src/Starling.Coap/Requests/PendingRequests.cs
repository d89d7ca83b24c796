using System.Collections.Concurrent;

namespace Starling.Coap;

/// <summary>Our open requests by token.</summary>
internal sealed class PendingRequests(TimerWheel wheel, CoapSettings.RequestSettings limits, CoapTelemetry telemetry)
{
    private readonly ConcurrentDictionary<CoapToken, PendingRequest> _byToken = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Makes room for a response. The peer is held until it has come.</summary>
    /// <exception cref="CoapBusyException">Too many requests are open, or one with this token.</exception>
    public PendingRequest Add(Peer peer, CoapToken token)
    {
        var request = new PendingRequest(this, peer, token);
        if (Interlocked.Increment(ref _count) > limits.Pending)
        {
            Interlocked.Decrement(ref _count);
            telemetry.CountPendingFull();
            throw new CoapBusyException($"{limits.Pending} requests are open already.");
        }
        peer.Hold();
        if (!_byToken.TryAdd(token, request))
        {
            Interlocked.Decrement(ref _count);
            peer.Release();
            throw new CoapBusyException($"A request with the token {token} is open already.");
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
        if (!TryTake(peer, response.Token, out var request))
        {
            return false;
        }
        request.TrySetResponse(response);
        return true;
    }

    /// <summary>What came for the request cannot be used.</summary>
    public void TryFail(Peer peer, CoapToken token, Exception failure)
    {
        if (TryTake(peer, token, out var request))
        {
            request.TryFail(failure);
        }
    }

    public bool Remove(PendingRequest request)
    {
        // Also of one that a response has taken out already: its timer may have been set a moment later.
        wheel.Cancel(request);
        if (!_byToken.TryRemove(new KeyValuePair<CoapToken, PendingRequest>(request.Token, request)))
        {
            return false;
        }
        Interlocked.Decrement(ref _count);
        request.Peer.Release();
        return true;
    }

    /// <summary>Nothing will come from this peer any more.</summary>
    public void Lose(Peer peer)
    {
        if (!peer.IsHeld)
        {
            return;   // an open request holds its peer, so there is none: strangers that are evicted by the thousand cost no search
        }
        foreach (var (_, request) in _byToken)
        {
            if (request.Peer == peer)
            {
                Remove(request);
                request.TryFail(new PeerLostException($"{peer} is gone."));
            }
        }
    }

    /// <summary>Nothing will come from anybody.</summary>
    public void FailAll(Exception failure)
    {
        foreach (var (_, request) in _byToken)
        {
            Remove(request);
            request.TryFail(failure);
        }
    }

    private bool TryTake(Peer peer, CoapToken token, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PendingRequest? request) =>
        _byToken.TryGetValue(token, out request) && request.Peer == peer && Remove(request);
}
