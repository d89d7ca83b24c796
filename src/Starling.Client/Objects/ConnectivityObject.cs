using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// The object Connectivity Monitoring (4): how the device is connected (LwM2M Core 1.2 appendix E.5). The values that a bearer may have besides
/// (link quality, cell, country and network code, coverage level) are set on <see cref="Instance"/>.
/// </summary>
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
        Instance.AddAbsent();
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
    /// <param name="routers">The addresses of the routers; null when they are not known.</param>
    /// <param name="accessPoints">The access point names; null when there are none.</param>
    public void Connected(
        int bearer, IEnumerable<int> available, IEnumerable<string> addresses, IEnumerable<string>? routers = null, IEnumerable<string>? accessPoints = null)
    {
        Instance.Set(0, bearer);
        Replace(1, available.Select(b => (Lwm2mValue)b));
        Replace(4, addresses.Select(a => (Lwm2mValue)a));
        Replace(5, routers?.Select(a => (Lwm2mValue)a));
        Replace(7, accessPoints?.Select(a => (Lwm2mValue)a));
    }

    private void Replace(int resourceId, IEnumerable<Lwm2mValue>? values) =>
        ((MultipleResource)Instance[resourceId]).Current = values?.Select((value, index) => KeyValuePair.Create(index, value)).ToDictionary();
}
