using Starling.Client;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>
/// What a device has beside what it is for: how it is connected (4, 10), what that costs (7), and firmware that can be replaced (5), pushed or fetched
/// as it speaks to its server: by CoAP, or by CoAPS. Images are those of <see cref="SimulatedImage"/>.
/// </summary>
internal sealed class Modem : IDisposable
{
    private const int Connectivity = 4, Firmware = 5, Statistics = 7, Cellular = 10;
    private const int NarrowBand = 7;
    private static readonly TimeSpan _active = TimeSpan.FromSeconds(93), _asleep = TimeSpan.FromHours(1);
    private readonly SimulatedStorage _storage;
    private readonly TrafficMeter _traffic;
    private readonly TimeProvider _time;
    private StatisticsObject? _statistics;

    /// <summary>Makes a modem on a channel.</summary>
    public Modem(IDatagramChannel channel, TimeProvider time)
    {
        _time = time;
        _storage = new SimulatedStorage(time);
        _traffic = new TrafficMeter(channel);
    }

    /// <summary>The channel, with what goes through it counted.</summary>
    public IDatagramChannel Channel => _traffic;

    /// <summary>Fetches an image; set once there is a client to do it.</summary>
    public Func<Uri, IBodySink, CancellationToken, Task>? Download { get; set; }

    /// <summary>Makes the objects.</summary>
    /// <param name="catalog">The definitions.</param>
    /// <param name="installed">Told the version of an image that has been installed.</param>
    /// <param name="scheme">That of its server's URI.</param>
    /// <param name="awake">How long it can be reached after a message; null where it does not sleep.</param>
    public IReadOnlyList<ObjectInstance> Start(CatalogView catalog, Action<string> installed, string scheme, TimeSpan? awake)
    {
        _statistics = new StatisticsObject(catalog.FindObject(Statistics), _traffic, _time);
        var firmware = new FirmwareUpdateObject(catalog.FindObject(Firmware), _time, _storage) { Installed = image => installed(image.Version) };
        firmware.Sources.Add(scheme, (uri, sink, cancel) => Download!(uri, sink, cancel));
        var connectivity = new ConnectivityObject(catalog.FindObject(Connectivity), NarrowBand, "127.0.0.1") { SignalStrength = -85 };
        return [connectivity.Instance, firmware.Instance, _statistics.Instance, Radio(catalog, awake ?? _active)];
    }

    public void Dispose()
    {
        _statistics?.Dispose();
        _storage.Dispose();
    }

    // PSM Timer and Active Timer, in seconds; no access point is active.
    private static ObjectInstance Radio(CatalogView catalog, TimeSpan active) => new(catalog.FindObject(Cellular), 0)
    {
        [4] = (long)_asleep.TotalSeconds,
        [5] = (long)active.TotalSeconds,
        [11] = Resource.Multiple(),
    };
}
