namespace Starling.Server;

/// <summary>Tells when credentials end: one timer for all of them, set to the next end.</summary>
internal sealed class CredentialEnds : IDisposable
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);   // timers have a limit, and clocks are set

    private readonly Lock _lock = new();
    private readonly SortedSet<(DateTimeOffset End, string Id)> _ends = new(Comparer<(DateTimeOffset End, string Id)>.Create(Compare));
    private readonly TimeProvider _time;
    private readonly Action<string> _tell;
    private readonly ITimer _timer;

    public CredentialEnds(TimeProvider time, Action<string> tell)
    {
        _time = time;
        _tell = tell;
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Watch(Credential credential)
    {
        if (credential.NotAfter is { } end)
        {
            lock (_lock)
            {
                _ends.Add((end, credential.Id));
                Set();
            }
        }
    }

    public void Forget(Credential credential)
    {
        if (credential.NotAfter is { } end)
        {
            lock (_lock)
            {
                _ends.Remove((end, credential.Id));
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var ended = new List<string>();
        lock (_lock)
        {
            while (_ends.Count > 0 && _ends.Min is var first && first.End <= _time.GetUtcNow())
            {
                _ends.Remove(first);
                ended.Add(first.Id);
            }
            Set();
        }
        ended.ForEach(_tell);
    }

    private static int Compare((DateTimeOffset End, string Id) x, (DateTimeOffset End, string Id) y)
    {
        var ends = x.End.CompareTo(y.End);
        return ends != 0 ? ends : string.CompareOrdinal(x.Id, y.Id);
    }

    // Under the lock.
    private void Set()
    {
        if (_ends.Count > 0)
        {
            var left = _ends.Min.End - _time.GetUtcNow();
            _timer.Change(left < TimeSpan.Zero ? TimeSpan.Zero : left > _longest ? _longest : left, Timeout.InfiniteTimeSpan);
        }
    }
}
