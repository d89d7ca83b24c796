using Starling.Server;

namespace Starling.Platform;

/// <summary>A check of one device: it runs by itself, and what has come of it so far can be looked at.</summary>
internal sealed class DeviceCheck : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<CheckResult> _results = [];
    private bool _isCancelled;

    public DeviceCheck(DeviceKey device, CheckSettings settings, DateTimeOffset startedAt)
    {
        (Device, Settings, StartedAt) = (device, settings with { Ask = what => Asks = what }, startedAt);
        Total = CheckCatalog.All.Count(settings.IsWanted);
    }

    public DeviceKey Device { get; }

    public CheckSettings Settings { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>What somebody at the device is to do now; null for nothing.</summary>
    public string? Asks { get; private set; }

    /// <summary>How many cases there are to look at.</summary>
    public int Total { get; }

    /// <summary>Ends when the check has.</summary>
    public Task Run { get; private set; } = Task.CompletedTask;

    /// <summary>running, done or cancelled.</summary>
    public string State
    {
        get
        {
            lock (_lock)
            {
                return EndedAt is null ? "running" : _isCancelled ? "cancelled" : "done";
            }
        }
    }

    /// <summary>What has come of it so far.</summary>
    public IReadOnlyList<CheckResult> Results
    {
        get
        {
            lock (_lock)
            {
                return [.. _results];
            }
        }
    }

    /// <summary>Begins.</summary>
    public void Start(CheckRunner runner, TimeProvider time) => Run = Task.Run(() => RunAsync(runner, time));

    /// <summary>Stops it; the device is put back as it was.</summary>
    public void Cancel() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(CheckRunner runner, TimeProvider time)
    {
        var isCancelled = false;
        try
        {
            await foreach (var result in runner.RunAsync(Device, Settings, _stop.Token))
            {
                lock (_lock)
                {
                    _results.Add(result);
                }
            }
        }
        catch (OperationCanceledException)
        {
            isCancelled = true;
        }
        finally
        {
            lock (_lock)
            {
                (_isCancelled, EndedAt) = (isCancelled, time.GetUtcNow());
            }
        }
    }
}
