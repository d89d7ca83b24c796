using Starling.Client;
using Starling.Coap;
using Starling.Hosting;
using Starling.Lwm2m;
using Starling.Platform;
using Starling.Testing;
using Starling.Transports;

namespace Starling.Conformance.Tests;

/// <summary>The client under test: a real one that can be restarted, as a device is by Reboot.</summary>
internal sealed class ClientBench(SimNetwork network, Func<CoapMessage, CoapMessage?>? lie = null) : IAsyncDisposable
{
    public const string Endpoint = "urn:dev:ops:0000-conformance-1";
    private const string Address = "10.0.0.2", OtherAddress = "10.0.8.2";
    private static readonly TimeSpan _beforeReboot = TimeSpan.FromMilliseconds(200), _away = TimeSpan.FromSeconds(2);
    private CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private Task _reboot = Task.CompletedTask;

    public ManualTime Time => network.Time;

    /// <summary>How it is set up; another one counts from its next start on.</summary>
    public required Configuration Configuration { get; set; }

    public CatalogView Catalog { get; private set; } = null!;

    public Lwm2mClient Client { get; private set; } = null!;

    /// <summary>Counts what goes through the client's last channel.</summary>
    public TrafficMeter Traffic { get; private set; } = null!;

    /// <summary>Which bearers the device is to take, the best first, by the numbers of the object 13; it keeps that when it starts again.</summary>
    public IReadOnlyDictionary<int, Lwm2mValue> Bearers { get; set; } = new Dictionary<int, Lwm2mValue> { [0] = 4 };

    /// <summary>Where the device keeps packages; null where it takes none.</summary>
    public SimulatedStorage? Storage { get; set; }

    /// <summary>How often the device was started.</summary>
    public int Starts { get; private set; }

    public ObjectInstance this[int objectId, int instanceId = 0] => Client.Objects.Find(objectId, instanceId)!;

    /// <summary>The definition in the version that the client tells.</summary>
    public ObjectDefinition Definition(int objectId) => Catalog.FindObject(objectId)!;

    /// <summary>Makes the client and lets it run.</summary>
    public void Start(string address = Address)
    {
        Starts++;
        _stop = new CancellationTokenSource();
        var settings = new ClientSettings { Endpoint = Endpoint, Servers = Configuration.Accounts, Version = Configuration.Version, QueueMode = Configuration.QueueMode };
        Catalog = new CatalogView(ObjectCatalog.Standard, enabler: Configuration.Version);
        IDatagramChannel[] channels = [.. Channels(address)];
        channels[^1] = Traffic = new TrafficMeter(channels[^1]);
        Client = new Lwm2mClient(settings, Configuration.Objects(this), [.. channels.Select(channel => new MessageLayer(channel, settings.Coap, Time, chance: (ulong)Starts))], Time);
        Configuration.Open(this);
        _run = Client.RunAsync(_stop.Token);
    }

    /// <summary>The device begins to reach the network in another way: from another address, where it registers anew.</summary>
    public void Switch() => Reboot(OtherAddress);

    /// <summary>Begins a reboot: the answer to what has caused it goes out first.</summary>
    public void Reboot(string address = Address) => _reboot = RebootAsync(address);

    public async ValueTask DisposeAsync()
    {
        await _reboot;
        await StopAsync();
        Storage?.Dispose();
    }

    // As hosting makes them: a port for what comes without security, as packages do, and one for each session.
    private IEnumerable<IDatagramChannel> Channels(string address)
    {
        yield return Honest(Host($"{address}:5683"));
        for (var i = 0; Configuration.IsSecured && i < Configuration.Accounts.Count; i++)
        {
            yield return Honest(Secure(Host($"{address}:{DtlsChannelSettings.CoapsPort + i}")));
        }
    }

    private IDatagramChannel Honest(IDatagramChannel channel) => lie is null ? channel : new LyingChannel(channel, lie);

    private SimChannel Host(string address)
    {
        var host = network.Host(address);
        host.AddressesMayBeForged = false;   // a client dials its server
        host.IsPlain = true;
        return host;
    }

    private DtlsChannel Secure(SimChannel host)
    {
        var usual = new ClientHostSettings().Dtls!;
        return new DtlsChannel(host, usual with { Dtls = usual.Dtls with { Random = new SeededChance(Starts) } }, Time);
    }

    private async Task RebootAsync(string address)
    {
        await Task.Delay(_beforeReboot, Time);
        await StopAsync();
        await Task.Delay(_away, Time);
        Start(address);
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Client.DisposeAsync();
        _stop.Dispose();
    }
}
