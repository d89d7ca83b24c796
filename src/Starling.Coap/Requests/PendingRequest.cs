using System.Threading.Tasks.Sources;

namespace Starling.Coap;

/// <summary>One of our requests until its response has come. It is due when an acknowledged request stays without one for too long.</summary>
internal sealed class PendingRequest(PendingRequests owner, Peer peer, CoapToken token) : WheelTimer, IValueTaskSource<CoapMessage>
{
    private ManualResetValueTaskSourceCore<CoapMessage> _source = new() { RunContinuationsAsynchronously = true };
    private int _ended;

    public Peer Peer => peer;
    public CoapToken Token => token;
    public bool HasEnded => Volatile.Read(ref _ended) != 0;
    public ValueTask<CoapMessage> Response => new(this, _source.Version);

    public void TrySetResponse(CoapMessage response)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _source.SetResult(response);
        }
    }

    public void TryFail(Exception failure)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _source.SetException(failure);
        }
    }

    public CoapMessage GetResult(short token) => _source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected internal override void OnDue()
    {
        if (owner.Remove(this))
        {
            TryFail(new CoapTimeoutException($"{peer} acknowledged the request and did not answer it in time.") { IsAcknowledged = true });
        }
    }
}
