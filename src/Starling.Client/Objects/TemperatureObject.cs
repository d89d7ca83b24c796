using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>The object Temperature (3303) of the IPSO starter pack: the last value measured, and the lowest and highest so far.</summary>
public sealed class TemperatureObject
{
    private readonly Lock _lock = new();

    /// <summary>Makes the object.</summary>
    /// <param name="definition">The definition of object 3303.</param>
    /// <param name="instanceId">The instance's number.</param>
    /// <param name="value">The first value, in <paramref name="units"/>.</param>
    /// <param name="units">The unit as SenML writes it (RFC 8428 §12.1): Cel.</param>
    public TemperatureObject(ObjectDefinition? definition, int instanceId, double value, string units = "Cel")
    {
        Instance = new ObjectInstance(definition, instanceId)
        {
            [5700] = value,
            [5601] = value,
            [5602] = value,
            [5605] = Resource.Execute((_, _) => Reset()),
            [5701] = units,
        };
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>The last value measured (5700).</summary>
    public double Value => Instance.Get(5700).AsFloat();

    /// <summary>A new value has been measured; observers are told.</summary>
    public void Measured(double value)
    {
        lock (_lock)
        {
            Instance.Set(5700, value);
            if (value < Instance.Get(5601).AsFloat())
            {
                Instance.Set(5601, value);
            }
            if (value > Instance.Get(5602).AsFloat())
            {
                Instance.Set(5602, value);
            }
        }
    }

    private Task Reset()
    {
        lock (_lock)
        {
            Instance.Set(5601, Value);
            Instance.Set(5602, Value);
        }
        return Task.CompletedTask;
    }
}
