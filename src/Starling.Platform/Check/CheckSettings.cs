using Starling.Server;

namespace Starling.Platform;

/// <summary>How much a check may do.</summary>
internal sealed record CheckSettings
{
    /// <summary>Whether the device may be rebooted, reset, updated or sent away: no.</summary>
    public bool Destructive { get; init; }

    /// <summary>Whether there is time: cases that wait long run, what somebody at the device must do is waited for, and the whole is not cut short. No.</summary>
    public bool Slow { get; init; }

    /// <summary>Only the cases whose ids contain one of these; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>How long the device may take for one answer: 10 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the whole may take unless it is <see cref="Slow"/>: 35 s. What has not begun then is skipped; what has is ended.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>How long somebody at the device is waited for: 60 s.</summary>
    public TimeSpan PatienceWithPeople { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Does what only somebody at the device can; false when it cannot. Null where nobody is there.</summary>
    public Func<DeviceAct, Task<bool>>? Hands { get; init; }

    /// <summary>Told what somebody at the device is to do now, and null when that is over.</summary>
    public Action<string?>? Ask { get; init; }

    /// <summary>A package that the device's firmware can be updated with; null when there is none.</summary>
    public byte[]? Image { get; init; }

    /// <summary>Where the device can fetch such a package; null when there is none.</summary>
    public string? ImageUri { get; init; }

    /// <summary>Another server with which the device is registered; null when there is none.</summary>
    public Lwm2mServer? Other { get; init; }

    /// <summary>Whether a case is among those that are asked for.</summary>
    public bool IsWanted(CheckCase one) => Only.Count == 0 || Only.Any(o => one.Id.EndsWith(o, StringComparison.OrdinalIgnoreCase));
}
