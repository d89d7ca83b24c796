using Microsoft.Extensions.Hosting;
using Starling.Server;

namespace Starling.Platform;

/// <summary>
/// The checks that run, and the last one of each device: at most 4 at once, and 100 in all; the oldest that have ended go first. What runs when the program
/// ends is stopped while the server still runs, so that devices are put back.
/// </summary>
internal sealed class CheckStore(Lwm2mServer server, TimeProvider time, HandshakeLog handshakes) : IHostedService, IDisposable
{
    private const int MaxRunning = 4, MaxKept = 100;
    private readonly Lock _lock = new();
    private readonly CheckRunner _runner = new(server, time, handshakes);
    private readonly Dictionary<DeviceKey, DeviceCheck> _checks = [];
    private bool _isEnding;
    private long _refused;

    /// <summary>How many checks were not begun because of the limit, or because one ran on the device.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The last check of a device; null when there was none.</summary>
    public DeviceCheck? Find(DeviceKey device)
    {
        lock (_lock)
        {
            return _checks.GetValueOrDefault(device);
        }
    }

    /// <summary>Begins a check. Null when one runs on this device, too many on others, or the program ends.</summary>
    public DeviceCheck? Start(DeviceKey device, CheckSettings settings)
    {
        DeviceCheck check;
        lock (_lock)
        {
            if (_isEnding || _checks.GetValueOrDefault(device) is { EndedAt: null } || _checks.Values.Count(c => c.EndedAt is null) >= MaxRunning)
            {
                Interlocked.Increment(ref _refused);
                return null;
            }
            Drop(device);
            if (_checks.Count >= MaxKept && _checks.Values.Where(c => c.EndedAt is not null).MinBy(c => c.EndedAt) is { } oldest)
            {
                Drop(oldest.Device);
            }
            _checks[device] = check = new DeviceCheck(device, settings, time.GetUtcNow());
            check.Start(_runner, time);
        }
        return check;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        DeviceCheck[] all;
        lock (_lock)
        {
            _isEnding = true;
            all = [.. _checks.Values];
        }
        Array.ForEach(all, check => check.Cancel());
        await Task.WhenAll(all.Select(check => check.Run)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var device in _checks.Keys.ToArray())
            {
                Drop(device);
            }
        }
    }

    private void Drop(DeviceKey device)
    {
        if (_checks.Remove(device, out var old))
        {
            old.Dispose();
        }
    }
}
