using Starling.Client;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>The object Power Measurement (3305) over something that draws power. The energy outlives a reboot, lowest and highest do not.</summary>
/// <param name="watts">What is drawn now, in W.</param>
/// <param name="wattHours">What has been drawn so far, in Wh.</param>
internal sealed class PowerMeter(Func<double> watts, Func<double> wattHours)
{
    private readonly Lock _lock = new();
    private double _lowest, _highest, _resetAt;
    private volatile ObjectInstance? _instance;

    /// <summary>The energy since the last reset, in Wh.</summary>
    public double WattHours
    {
        get
        {
            lock (_lock)
            {
                return Math.Round(wattHours() - _resetAt, 3);
            }
        }
    }

    /// <summary>Makes the object anew, as the device does when it starts.</summary>
    public ObjectInstance Start(ObjectDefinition? definition, int id)
    {
        ResetRange();
        return _instance = new ObjectInstance(definition, id)
        {
            [5605] = Resource.Execute((_, _) => Do(ResetRange)),
            [5750] = "",
            [5800] = Resource.Read(() => watts()),
            [5801] = Resource.Read(() => Read(ref _lowest)),
            [5802] = Resource.Read(() => Read(ref _highest)),
            [5805] = Resource.Read(() => WattHours),
            [5820] = 0.95,
            [5822] = Resource.Execute((_, _) => Do(ResetEnergy)),
        };
    }

    /// <summary>Measures, and tells observers.</summary>
    public void Measure()
    {
        lock (_lock)
        {
            var now = watts();
            (_lowest, _highest) = (Math.Min(_lowest, now), Math.Max(_highest, now));
        }
        Tell();
    }

    private void ResetRange()
    {
        lock (_lock)
        {
            _lowest = _highest = watts();
        }
    }

    private void ResetEnergy()
    {
        lock (_lock)
        {
            _resetAt = wattHours();
        }
    }

    private Task Do(Action reset)
    {
        reset();
        Tell();
        return Task.CompletedTask;
    }

    private double Read(ref double value)
    {
        lock (_lock)
        {
            return value;
        }
    }

    private void Tell()
    {
        foreach (var id in (ReadOnlySpan<int>)[5800, 5801, 5802, 5805])
        {
            _instance?.Changed(id);
        }
    }
}
