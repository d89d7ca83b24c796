using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>The object Location (6): where the device is (LwM2M Core 1.2 appendix E.7).</summary>
public sealed class LocationObject
{
    private readonly TimeProvider _time;

    /// <summary>Makes the object.</summary>
    /// <param name="definition">The definition of object 6.</param>
    /// <param name="time">What Timestamp (5) is taken from.</param>
    /// <param name="latitude">In degrees, −90 to 90.</param>
    /// <param name="longitude">In degrees, −180 to 180.</param>
    public LocationObject(ObjectDefinition? definition, TimeProvider time, double latitude, double longitude)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        Instance = new ObjectInstance(definition, 0)
        {
            [0] = latitude,
            [1] = longitude,
            [5] = Now(),
        };
        Instance.AddAbsent();
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>The device is somewhere else now; observers are told. What is null is not known.</summary>
    /// <param name="latitude">In degrees, −90 to 90.</param>
    /// <param name="longitude">In degrees, −180 to 180.</param>
    /// <param name="altitude">In metres above sea level.</param>
    /// <param name="radius">In metres: how exact the place is.</param>
    /// <param name="speed">In metres a second.</param>
    public void Move(double latitude, double longitude, double? altitude = null, double? radius = null, double? speed = null)
    {
        Instance.Set(0, latitude);
        Instance.Set(1, longitude);
        Instance.Set(2, Known(altitude));
        Instance.Set(3, Known(radius));
        Instance.Set(5, Now());
        Instance.Set(6, Known(speed));
    }

    private static Lwm2mValue Known(double? number) => number is { } value ? value : Lwm2mValue.None;

    private Lwm2mValue Now() => _time.GetUtcNow();
}
