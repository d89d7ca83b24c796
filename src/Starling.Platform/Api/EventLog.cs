using Starling.Server;

namespace Starling.Platform;

/// <summary>
/// The last events, so that a listener who lost the connection goes on where it stopped. One subscription to the server for all listeners;
/// a listener holds a number, not a queue.
/// </summary>
internal sealed class EventLog(Lwm2mServer server, PlatformSettings settings, TimeProvider time) : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly (DeviceEvent Happened, long Weight)[] _ring = new (DeviceEvent, long)[settings.KeptEvents];
    private TaskCompletionSource _more = NewSignal();
    private long _next = 1;
    private long _oldest = 1;
    private long _bytes;

    /// <summary>Tells this run of the program from others: numbers begin anew with each.</summary>
    public string Run { get; } = time.GetUtcNow().ToUnixTimeSeconds().ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The number of the next event.</summary>
    public long Next
    {
        get
        {
            lock (_lock)
            {
                return _next;
            }
        }
    }

    /// <summary>Where a listener goes on that has seen this id: behind it, at now for an id that is none, and never before what is kept.</summary>
    /// <param name="lastSeen">What stood in the last event's id; null for a new listener.</param>
    /// <param name="missed">Whether events between are lost to it.</param>
    public long Resume(string? lastSeen, out bool missed)
    {
        long next, oldest;
        lock (_lock)
        {
            (next, oldest) = (_next, _oldest);
        }
        missed = false;
        if (string.IsNullOrEmpty(lastSeen))
        {
            return next;
        }
        if (!lastSeen.StartsWith(Run + "-", StringComparison.Ordinal) || !long.TryParse(lastSeen.AsSpan(Run.Length + 1), out var seen) || seen >= next || seen < 0)
        {
            missed = true;
            return oldest;
        }
        missed = seen + 1 < oldest;
        return Math.Max(oldest, seen + 1);
    }

    /// <summary>The event of a number; waits until there is one. An overwritten one gives the oldest that is kept.</summary>
    public async ValueTask<(long Number, DeviceEvent Happened)> ReadAsync(long number, CancellationToken cancel)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (number < _next)
                {
                    var kept = Math.Max(number, _oldest);
                    return (kept, _ring[kept % _ring.Length].Happened);
                }
                more = _more.Task;
            }
            await more.WaitAsync(cancel);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var happened in server.Events(stoppingToken))
        {
            Append(happened);
        }
    }

    /// <summary>Keeps an event, and as many of those before it as there is room for.</summary>
    internal void Append(DeviceEvent happened)
    {
        TaskCompletionSource waiting;
        var weight = happened.Weigh();
        lock (_lock)
        {
            while (_oldest < _next && (_next - _oldest == _ring.Length || _bytes + weight > settings.KeptEventBytes))
            {
                ref var oldest = ref _ring[_oldest++ % _ring.Length];
                _bytes -= oldest.Weight;
                oldest = default;
            }
            _ring[_next % _ring.Length] = (happened, weight);
            _bytes += weight;
            _next++;
            waiting = _more;
            _more = NewSignal();
        }
        waiting.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
