namespace Starling.Server;

/// <summary>Hands events to those who listen. Costs one look when nobody does; never waits for anybody.</summary>
internal sealed class DeviceEvents(ServerClock clock, ServerSettings settings, ServerTally tally)
{
    private readonly Lock _lock = new();
    private volatile EventSubscription[] _subscribers = [];
    private long _sequence;
    private bool _closed;

    /// <summary>Whether anybody listens: events are made only then.</summary>
    public bool IsWanted => _subscribers.Length > 0;

    public DateTimeOffset UtcNow => clock.UtcNow;

    /// <summary>Makes the event with its number and time and hands it out.</summary>
    public void Publish<TState>(TState state, Func<TState, long, DateTimeOffset, DeviceEvent> make)
    {
        lock (_lock)
        {
            if (_subscribers.Length == 0)
            {
                return;
            }
            var happened = make(state, ++_sequence, clock.UtcNow);
            var weight = happened.Weigh();
            foreach (var subscriber in _subscribers)
            {
                if (!subscriber.Offer(happened, weight))
                {
                    tally.MissedEvents.Increment();
                }
            }
        }
    }

    public EventSubscription Subscribe(CancellationToken cancel)
    {
        var subscription = new EventSubscription(this, settings, cancel);
        lock (_lock)
        {
            if (_closed || cancel.IsCancellationRequested)
            {
                subscription.Complete();
                return subscription;
            }
            _subscribers = [.. _subscribers, subscription];
        }
        return subscription;
    }

    public void Remove(EventSubscription subscription)
    {
        lock (_lock)
        {
            _subscribers = [.. _subscribers.Where(s => s != subscription)];
        }
    }

    /// <summary>Lets every subscriber read what waits and ends.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var subscriber in _subscribers)
            {
                subscriber.Complete();
            }
        }
    }
}
