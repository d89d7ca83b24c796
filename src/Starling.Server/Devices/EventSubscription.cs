using System.Threading.Channels;

namespace Starling.Server;

/// <summary>One subscriber's bounded queue. When it is full, events are counted instead of kept, until the subscriber has read what waits; then a gap tells how many.</summary>
internal sealed class EventSubscription : IAsyncEnumerable<DeviceEvent>
{
    private readonly DeviceEvents _events;
    private readonly Channel<DeviceEvent> _queue;
    private readonly CancellationToken _cancel;
    private readonly CancellationTokenRegistration _ends;
    private readonly Lock _lock = new();
    private long _missed;
    private long _lastMissed;

    public EventSubscription(DeviceEvents events, int limit, CancellationToken cancel)
    {
        _events = events;
        _queue = Channel.CreateBounded<DeviceEvent>(new BoundedChannelOptions(limit) { SingleReader = true });
        _cancel = cancel;
        _ends = cancel.UnsafeRegister(static s => ((EventSubscription)s!).End(), this);
    }

    /// <summary>Takes an event; false when there was no room. Called by one thread at a time.</summary>
    public bool Offer(DeviceEvent happened)
    {
        lock (_lock)
        {
            if (_missed == 0 && _queue.Writer.TryWrite(happened))
            {
                return true;
            }
            _missed++;
            _lastMissed = happened.Sequence;
            return false;
        }
    }

    public void Complete() => _queue.Writer.TryComplete();

    public async IAsyncEnumerator<DeviceEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(_cancel, cancellationToken);
        try
        {
            do
            {
                while (_queue.Reader.TryRead(out var happened))
                {
                    yield return happened;
                }
                if (TakeGap() is { } gap)
                {
                    yield return gap;
                }
            }
            while (await _queue.Reader.WaitToReadAsync(both.Token).ConfigureAwait(false));
        }
        finally
        {
            End();
        }
    }

    private DeviceEvent.Gap? TakeGap()
    {
        lock (_lock)
        {
            // Something may have come in since the last look; it is older than what was missed.
            if (_missed == 0 || _queue.Reader.TryPeek(out _))
            {
                return null;
            }
            var gap = new DeviceEvent.Gap(_lastMissed, _events.UtcNow, _missed);
            _missed = 0;
            return gap;
        }
    }

    private void End()
    {
        _events.Remove(this);
        _ends.Unregister();
    }
}
