using Starling.Client;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>
/// The object Light Control (3311) of a lamp of 60 W: what it draws follows its switch and its dimmer at once. All of it outlives a reboot.
/// </summary>
internal sealed class StreetLight(TimeProvider time)
{
    private const double RatedWatts = 60, StandbyWatts = 0.5;
    private readonly Lock _lock = new();
    private bool _isOn;
    private int _dimmer = 100;
    private double _wattHours, _onSeconds;
    private long _countedTo = time.GetTimestamp();
    private volatile ObjectInstance? _instance;

    /// <summary>Raised when it was switched or dimmed.</summary>
    public event Action? Switched;

    /// <summary>What it draws now, in W.</summary>
    public double Watts => Math.Round(Read(() => Drawn), 1);

    /// <summary>What it has drawn so far, in Wh.</summary>
    public double WattHours => Read(() => _wattHours);

    /// <summary>For how long it has been on, in whole seconds.</summary>
    public long OnSeconds => Read(() => (long)_onSeconds);

    private double Drawn => _isOn ? StandbyWatts + ((RatedWatts - StandbyWatts) * _dimmer / 100) : StandbyWatts;

    /// <summary>Makes the object anew, as the device does when it starts.</summary>
    public ObjectInstance Start(ObjectDefinition? definition) => _instance = new ObjectInstance(definition, 0)
    {
        [5706] = "#ffd8a0",
        [5750] = "Street light",
        [5805] = Resource.Read(() => Math.Round(WattHours, 3)),
        [5820] = 0.95,
        [5850] = Resource.ReadWrite(() => Read(() => _isOn), value => Switch(value.AsBoolean())),
        [5851] = Resource.ReadWrite(() => Read(() => _dimmer), value => Dim(value.AsInteger())),
        [5852] = Resource.ReadWrite(() => OnSeconds, value => SetOnTime(value.AsInteger())),
    };

    /// <summary>Turns it on or off.</summary>
    public void Switch(bool on) => Change(() => _isOn = on);

    /// <summary>Dims it.</summary>
    /// <exception cref="Lwm2mException">It is not 0 to 100 percent.</exception>
    public void Dim(long percent)
    {
        if (percent is < 0 or > 100)
        {
            throw new Lwm2mException(CoapCode.BadRequest, "a dimmer is 0 to 100");
        }
        Change(() => _dimmer = (int)percent);
    }

    /// <summary>Tells observers of what grows by itself.</summary>
    public void Measure()
    {
        _instance?.Changed(5805);
        _instance?.Changed(5852);
    }

    // A server writes 0 to count from anew.
    private void SetOnTime(long seconds)
    {
        if (seconds < 0)
        {
            throw new Lwm2mException(CoapCode.BadRequest, "a time is not negative");
        }
        Change(() => _onSeconds = seconds);
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            Count();
            change();
        }
        Measure();
        Switched?.Invoke();
    }

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            Count();
            return read();
        }
    }

    // Between two changes nothing changes: what was drawn since the last count is a product.
    private void Count()
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_countedTo, now).TotalSeconds;
        _countedTo = now;
        _wattHours += Drawn * seconds / 3600;
        _onSeconds += _isOn ? seconds : 0;
    }
}
