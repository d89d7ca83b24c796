using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Starling.Server;

/// <summary>One subscriber's bounded queue. When it is full, events are counted instead of kept, until the subscriber has read what waits; then a gap tells how many.</summary>
internal sealed class EventSubscription : IAsyncEnumerable<DeviceEvent>
{
    private readonly DeviceEvents _events;
    private readonly Channel<(DeviceEvent Happened, long Weight)> _queue;
    private readonly long _maxBytes;
    private readonly CancellationToken _cancel;
    private readonly CancellationTokenRegistration _ends;
    private readonly Lock _lock = new();
    private long _bytes;   // of what waits
    private long _missed;
    private long _lastMissed;

    public EventSubscription(DeviceEvents events, ServerSettings settings, CancellationToken cancel)
    {
        _events = events;
        _maxBytes = settings.EventBytesPerSubscriber;
        _queue = Channel.CreateBounded<(DeviceEvent, long)>(new BoundedChannelOptions(settings.EventsPerSubscriber) { SingleReader = true });
        _cancel = cancel;
        _ends = cancel.UnsafeRegister(static s => ((EventSubscription)s!).End(), this);
    }

    /// <summary>Takes an event; false when there was no room. Called by one thread at a time.</summary>
    public bool Offer(DeviceEvent happened, long weight)
    {
        lock (_lock)
        {
            if (_missed == 0 && (_bytes == 0 || _bytes + weight <= _maxBytes) && _queue.Writer.TryWrite((happened, weight)))
            {
                _bytes += weight;
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
                while (TryTake(out var happened))
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

    private bool TryTake([NotNullWhen(true)] out DeviceEvent? happened)
    {
        lock (_lock)
        {
            var isThere = _queue.Reader.TryRead(out var next);
            _bytes -= next.Weight;
            happened = next.Happened;
            return isThere;
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
