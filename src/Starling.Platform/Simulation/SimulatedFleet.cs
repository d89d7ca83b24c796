using System.Collections.Concurrent;
using System.Net;
using Starling.Client;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Transports;

namespace Starling.Platform;

/// <summary>
/// Simulated devices in one process: each a real client with a port of its own, all on a few shared threads. One pulse a second lets all of them
/// measure. A device that is rebooted de-registers, is away for a while and registers again from another port.
/// </summary>
internal sealed class SimulatedFleet : IAsyncDisposable
{
    private static readonly TimeSpan _pulse = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _beforeReboot = TimeSpan.FromMilliseconds(200);   // the answer to Reboot goes out first
    private static readonly TimeSpan _away = TimeSpan.FromSeconds(3);
    private readonly FleetSettings _settings;
    private readonly TimeProvider _time;
    private readonly UdpSettings _udp;
    private readonly UdpThreads _threads;
    private readonly ConcurrentBag<SimulatedDevice> _devices = [];
    private int _registered;

    public SimulatedFleet(FleetSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        // The smallest buffers: a device has one exchange at a time.
        _udp = new UdpSettings { Bind = Local(settings.Server), ReceiveBuffer = 64 << 10, SendBuffer = 64 << 10 };
        _threads = new UdpThreads(_udp);
    }

    /// <summary>How many devices are registered now.</summary>
    public int Registered => Volatile.Read(ref _registered);

    /// <summary>Raised when a device's registration comes to another state, on any thread.</summary>
    public event Action<string, RegistrationStatus>? Changed;

    /// <summary>Raised when a device in queue mode falls asleep (false) or wakes, on any thread.</summary>
    public event Action<string, bool>? AwakeChanged;

    /// <summary>Runs all devices until it is cancelled; then they de-register.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var running = new List<Task> { PulseAsync(cancel) };
        for (var number = 0; number < _settings.Count; number++)
        {
            running.Add(RunDeviceAsync(number, cancel));
        }
        await Task.WhenAll(running);
    }

    public ValueTask DisposeAsync() => _threads.DisposeAsync();

    private async Task RunDeviceAsync(int number, CancellationToken cancel)
    {
        var device = new SimulatedDevice(_settings.NameOf(number), _settings.Mixed ? SimulatedDevice.KindOf(number) : DeviceKind.All, number, _time);
        _devices.Add(device);
        while (!cancel.IsCancellationRequested)
        {
            using var reboot = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel, reboot.Token);
            using var modem = new Modem(Socket(), _time);
            await using (var client = Make(_settings.NameOf(number), device, modem, () => reboot.CancelAfter(_beforeReboot)))
            {
                var stop = end.Token;
                device.Send = paths => client.SendAsync(paths, stop);
                await client.RunAsync(stop);
                device.Send = null;
            }
            await Task.Delay(_away, _time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Lwm2mClient Make(string endpoint, SimulatedDevice device, Modem modem, Action reboot)
    {
        var catalog = new CatalogView(_settings.Catalog, enabler: _settings.Version);
        IReadOnlyList<ObjectInstance> objects = [.. device.Start(catalog, reboot), .. ModemOf(modem, device, catalog)];
        var extra = _settings.Extra.Where(d => objects.All(o => o.Definition.Id != d.Id)).Select(d => ObjectInstance.Simulated(d, 0));
        var settings = new ClientSettings
        {
            Endpoint = endpoint,
            Servers =
            [
                new ServerAccount
                {
                    Uri = _settings.Server,
                    Credentials = _settings.Credentials?.Invoke(endpoint),
                    Lifetime = _settings.Lifetime,
                    DefaultMinimumPeriod = 0,
                },
            ],
            Version = _settings.Version,
            Catalog = _settings.Catalog,
            QueueMode = _settings.AwakeTime is not null,
        };
        settings = _settings.AwakeTime is { } awake ? settings with { AwakeTime = awake } : settings;
        var channel = new MessageLayer(modem.Channel, settings.Coap, _time);
        var client = new Lwm2mClient(settings, [.. objects, .. extra], [channel], _time);
        modem.Download = client.DownloadAsync;
        SimulatedDevice.Open(client.Objects, catalog);
        var isRegistered = 0;   // this device's part of the count
        client.RegistrationChanged += status =>
        {
            var now = status.IsRegistered ? 1 : 0;
            Interlocked.Add(ref _registered, now - Interlocked.Exchange(ref isRegistered, now));
            Changed?.Invoke(endpoint, status);
        };
        client.AwakeChanged += isAwake => AwakeChanged?.Invoke(endpoint, isAwake);
        return client;
    }

    private IDatagramChannel Socket()
    {
        var socket = new UdpChannel(_udp, _threads);
        return _settings.Credentials is null ? socket : new DtlsChannel(socket, _settings.Dtls, _time);
    }

    // Only where there is one device: in a fleet its objects would take more room than all the rest.
    private IEnumerable<ObjectInstance> ModemOf(Modem modem, SimulatedDevice device, CatalogView catalog) =>
        _settings.Mixed ? [] : modem.Start(catalog, device.Installed, _settings.Server.Scheme, _settings.AwakeTime);

    private async Task PulseAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(_pulse, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                foreach (var device in _devices)
                {
                    device.Measure();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The devices stop.
        }
    }

    // A device on this machine talks to a server on this machine through loopback, and nobody else can talk to it.
    private static IPEndPoint Local(Uri server)
    {
        var isLoopback = IPAddress.TryParse(server.DnsSafeHost, out var address) && IPAddress.IsLoopback(address);
        return new IPEndPoint(isLoopback ? address! : IPAddress.IPv6Any, 0);
    }
}
