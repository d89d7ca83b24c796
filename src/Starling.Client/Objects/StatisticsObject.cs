using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// The object Connectivity Statistics (7): what went through the device's channel between Start (6) and Stop (7), or for Collection Period (8)
/// (LwM2M Core 1.2 appendix E.8).
/// </summary>
public sealed class StatisticsObject : IDisposable
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(24);   // a timer cannot wait much longer; who asks for more stops it by hand
    private readonly Lock _lock = new();
    private readonly TrafficMeter _traffic;
    private readonly ITimer _end;
    private Counts _begun;     // what the meter told at Start
    private Counts _ended;     // and at Stop, while nothing is collected
    private bool _isCollecting;
    private int _largest;
    private long _smsSent, _smsReceived;

    /// <summary>Makes the object. It collects nothing before Start.</summary>
    /// <param name="definition">The definition of object 7.</param>
    /// <param name="traffic">What counts.</param>
    /// <param name="time">What the collection period is measured by.</param>
    public StatisticsObject(ObjectDefinition? definition, TrafficMeter traffic, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        ArgumentNullException.ThrowIfNull(time);
        _traffic = traffic;
        _end = time.CreateTimer(static me => ((StatisticsObject)me!).Stop(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Instance = new ObjectInstance(definition, 0)
        {
            [0] = Resource.Read(() => Collected().SmsSent),
            [1] = Resource.Read(() => Collected().SmsReceived),
            [2] = Resource.Read(() => Collected().SentBytes / 1000),
            [3] = Resource.Read(() => Collected().ReceivedBytes / 1000),
            [4] = Resource.Read(Largest),
            [5] = Resource.Read(() => Collected() is { Messages: > 0 } c ? (c.SentBytes + c.ReceivedBytes) / c.Messages : 0),
            [6] = Resource.Execute((_, _) => Do(Start)),
            [7] = Resource.Execute((_, _) => Do(Stop)),
            [8] = 0,
        };
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>A short message was sent (0).</summary>
    public void CountSentSms() => Interlocked.Increment(ref _smsSent);

    /// <summary>A short message came (1).</summary>
    public void CountReceivedSms() => Interlocked.Increment(ref _smsReceived);

    /// <summary>Stops collecting for good.</summary>
    public void Dispose() => _end.Dispose();

    private void Start()
    {
        var seconds = Instance.Get(8) is { IsNumeric: true } period ? period.AsInteger() : 0;
        lock (_lock)
        {
            _begun = Now();
            _traffic.ForgetLargest();
            _isCollecting = true;
            var span = seconds < _longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : _longest;
            _end.Change(seconds > 0 ? span : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Stop()
    {
        lock (_lock)
        {
            if (_isCollecting)
            {
                _ended = Now();
                _largest = _traffic.LargestMessage;
                _isCollecting = false;
                _end.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private Counts Collected()
    {
        lock (_lock)
        {
            return (_isCollecting ? Now() : _ended).Less(_begun);
        }
    }

    private Lwm2mValue Largest()
    {
        lock (_lock)
        {
            return _isCollecting ? _traffic.LargestMessage : _largest;
        }
    }

    private Counts Now() => new(
        _traffic.SentBytes, _traffic.ReceivedBytes, _traffic.SentMessages + _traffic.ReceivedMessages, Volatile.Read(ref _smsSent), Volatile.Read(ref _smsReceived));

    // Whoever observes the object learns at once what has begun or ended.
    private Task Do(Action action)
    {
        action();
        for (var resource = 0; resource <= 5; resource++)
        {
            Instance.Changed(resource);
        }
        return Task.CompletedTask;
    }

    private readonly record struct Counts(long SentBytes, long ReceivedBytes, long Messages, long SmsSent, long SmsReceived)
    {
        public Counts Less(in Counts other) => new(
            SentBytes - other.SentBytes, ReceivedBytes - other.ReceivedBytes, Messages - other.Messages, SmsSent - other.SmsSent, SmsReceived - other.SmsReceived);
    }
}
