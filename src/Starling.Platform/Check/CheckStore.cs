using Starling.Server;

namespace Starling.Platform;

/// <summary>The checks that run, and the last one of each device: at most 4 at once, and 100 in all; the oldest that have ended go first.</summary>
internal sealed class CheckStore(Lwm2mServer server, TimeProvider time, HandshakeLog handshakes) : IAsyncDisposable
{
    private const int MaxRunning = 4, MaxKept = 100;
    private readonly Lock _lock = new();
    private readonly CheckRunner _runner = new(server, time, handshakes);
    private readonly Dictionary<DeviceKey, DeviceCheck> _checks = [];
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

    /// <summary>Begins a check. Null when one runs on this device, or too many on others.</summary>
    public DeviceCheck? Start(DeviceKey device, CheckSettings settings)
    {
        DeviceCheck check;
        lock (_lock)
        {
            if (_checks.GetValueOrDefault(device) is { EndedAt: null } || _checks.Values.Count(c => c.EndedAt is null) >= MaxRunning)
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
        }
        check.Start(_runner, time);
        return check;
    }

    public async ValueTask DisposeAsync()
    {
        DeviceCheck[] all;
        lock (_lock)
        {
            all = [.. _checks.Values];
            _checks.Clear();
        }
        foreach (var check in all)
        {
            check.Cancel();
        }
        foreach (var check in all)
        {
            await check.Run;
            check.Dispose();
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
