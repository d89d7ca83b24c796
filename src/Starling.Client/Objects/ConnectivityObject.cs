using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>The object Connectivity Monitoring (4): how the device is connected (LwM2M Core 1.2 appendix E.5).</summary>
public sealed class ConnectivityObject
{
    /// <summary>Makes the object.</summary>
    /// <param name="definition">The definition of object 4.</param>
    /// <param name="bearer">The bearer that is used and, until <see cref="Connected"/> says more, the only one there is: 41 is Ethernet, 21 WLAN, 7 NB-IoT.</param>
    /// <param name="addresses">The device's IP addresses.</param>
    public ConnectivityObject(ObjectDefinition? definition, int bearer, params IEnumerable<string> addresses)
    {
        Instance = new ObjectInstance(definition, 0)
        {
            [0] = bearer,
            [1] = Resource.Multiple(bearer),
            [2] = 0,
            [4] = Resource.Multiple(addresses.Select(address => (Lwm2mValue)address)),
        };
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>The strength of the radio signal in dBm (2). Setting it tells observers.</summary>
    public int SignalStrength
    {
        get => (int)Instance.Get(2).AsInteger();
        set => Instance.Set(2, value);
    }

    /// <summary>The device is connected in another way now; observers are told.</summary>
    /// <param name="bearer">The bearer that is used.</param>
    /// <param name="available">All bearers there are.</param>
    /// <param name="addresses">The device's IP addresses.</param>
    public void Connected(int bearer, IEnumerable<int> available, IEnumerable<string> addresses)
    {
        Instance.Set(0, bearer);
        ((MultipleResource)Instance[1]).Current = Numbered(available.Select(b => (Lwm2mValue)b));
        ((MultipleResource)Instance[4]).Current = Numbered(addresses.Select(a => (Lwm2mValue)a));
    }

    private static Dictionary<int, Lwm2mValue> Numbered(IEnumerable<Lwm2mValue> values) =>
        values.Select((value, index) => KeyValuePair.Create(index, value)).ToDictionary();
}
