using BenchmarkDotNet.Attributes;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Benchmarks;

/// <summary>The server's own part of what devices send, above CoAP.</summary>
public class ServerBenchmarks
{
    private const int Devices = 10_000;
    private static readonly CoapToken _token = new(0x0123456789abcdef, 8);
    private readonly CoapMessage[] _registers = new CoapMessage[Devices];
    private readonly CoapMessage[] _updates = new CoapMessage[Devices];
    private readonly CoapMessage[] _notifications = new CoapMessage[256];
    private readonly SomePeer _peer = new();
    private Lwm2mServer _server = null!;
    private IAsyncEnumerator<DeviceEvent> _events = null!;
    private int _next;
    private byte _note;

    /// <summary>Whether somebody reads the events.</summary>
    [Params(false, true)]
    public bool Subscriber { get; set; }

    /// <summary>Registers every device; the first is observed.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        var registration = new Registration("AAAAAAAAAAAAAAAA", "observed", Lwm2mVersion.V11, 0, LinkList.None) { Address = _peer.Address };
        _server = new Lwm2mServer(new ServerSettings(), ObjectCatalog.Standard, TimeProvider.System);
        _server.Registrar.Restore(new DeviceState(new DeviceKey("observed"), registration, [new StoredObservation(_token, [new Lwm2mPath(3303, 0, 5700)], null)], 1));
        for (var i = 0; i < Devices; i++)
        {
            _registers[i] = Post("rd", $"ep=urn:dev:{i:D8}&lt=300&lwm2m=1.1&b=U", "</1/0>,</3/0>,</3303/0>");
            await RegisterAsync(i);
        }
        for (var i = 0; i < _notifications.Length; i++)
        {
            var options = new CoapOptionsBuilder();
            options.Add(OptionNumber.Observe, (uint)i << 16);
            options.Add(OptionNumber.ContentFormat, ContentFormat.Text.Value);
            _notifications[i] = new CoapMessage { Code = CoapCode.Content, Token = _token, Options = options.Build(), Payload = "21.5"u8.ToArray() };
        }
        if (Subscriber)
        {
            _events = _server.Events(CancellationToken.None).GetAsyncEnumerator();
        }
    }

    /// <summary>Stops.</summary>
    [GlobalCleanup]
    public ValueTask CleanupAsync() => _server.DisposeAsync();

    /// <summary>An Update that says nothing but that the device is there.</summary>
    [Benchmark]
    public async ValueTask<int> UpdateAsync()
    {
        var answer = await _server.HandleAsync(_peer, _updates[Next()], CancellationToken.None);
        await ReadEventAsync();
        return answer!.Code.Value;
    }

    /// <summary>A Register of a device that is registered already.</summary>
    [Benchmark]
    public async ValueTask<int> RegisterAgainAsync()
    {
        var code = await RegisterAsync(Next());
        await ReadEventAsync();
        return code;
    }

    /// <summary>A notification: its owner is found, its value read where somebody wants it.</summary>
    [Benchmark]
    public async ValueTask<bool> NotifyAsync()
    {
        var (_, match) = await _server.FindObservationAsync(_peer, _token, CancellationToken.None);
        await _server.NotifyAsync(_peer, match!, _notifications[_note = (byte)(_note + 1)], CancellationToken.None);
        await ReadEventAsync();
        return match is not null;
    }

    private int Next() => _next = _next + 1 == Devices ? 0 : _next + 1;

    private async ValueTask<int> RegisterAsync(int i)
    {
        var answer = await _server.HandleAsync(_peer, _registers[i], CancellationToken.None);
        _updates[i] = Post(string.Join('/', answer!.Options.GetStrings(OptionNumber.LocationPath)), "", "");
        return answer.Code.Value;
    }

    private ValueTask<bool> ReadEventAsync() => Subscriber ? _events.MoveNextAsync() : default;

    private static CoapMessage Post(string path, string query, string links)
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, path);
        if (links != "")
        {
            options.Add(OptionNumber.ContentFormat, ContentFormat.LinkFormat.Value);
        }
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            options.Add(OptionNumber.UriQuery, parameter);
        }
        return new CoapMessage { Code = CoapCode.Post, Options = options.Build(), Payload = System.Text.Encoding.UTF8.GetBytes(links) };
    }

    private sealed class SomePeer : Peer
    {
        public override PeerAddress Address => new("bench", "device");

        public override bool AddressMayBeForged => true;
    }
}
