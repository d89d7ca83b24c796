namespace Starling.Client;

/// <summary>Whether a device in queue mode is awake: for a time after each message (LwM2M Core 1.2 §6.2.1.4). One timer; changes are told in their order.</summary>
internal sealed class AwakeWindow : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _span;
    private readonly ITimer _timer;
    private TimeSpan _until;
    private volatile bool _isAwake;

    public AwakeWindow(TimeProvider time, TimeSpan span)
    {
        (_time, _span) = (time, span);
        _timer = time.CreateTimer(static me => ((AwakeWindow)me!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it is awake now.</summary>
    public bool IsAwake => _isAwake;

    /// <summary>Told whether it is awake, when that changes. It must be quick.</summary>
    public Action<bool>? Changed { get; set; }

    /// <summary>A message goes or comes: the device stays awake from now on.</summary>
    public void Touch()
    {
        lock (_lock)
        {
            _until = Now + _span;
            if (_isAwake)
            {
                return;   // the timer looks again when it is due
            }
            _isAwake = true;
            _timer.Change(_span, Timeout.InfiniteTimeSpan);
        }
        Changed?.Invoke(true);
    }

    public void Dispose() => _timer.Dispose();

    private TimeSpan Now => _time.GetElapsedTime(0);

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_until > Now)
            {
                _timer.Change(_until - Now, Timeout.InfiniteTimeSpan);
                return;
            }
            _isAwake = false;
        }
        Changed?.Invoke(false);
    }
}
