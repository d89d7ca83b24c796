using System.Text;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>Object 5 fetches its image over CoAPS, with the credentials of the server at that host.</summary>
public sealed class SecuredDownloadTests : IAsyncDisposable
{
    private const string Store = "10.0.0.1:7777";   // the host of the bench's server
    private static readonly byte[] _image = SimulatedImage.Create(new("blinky", "2.0"), new byte[6000]);
    private readonly TestBench _bench = new();
    private readonly HandServer _store;
    private readonly SimulatedStorage _storage;
    private readonly FirmwareUpdateObject _firmware;
    private GateChannel _gate = null!;

    public SecuredDownloadTests()
    {
        _store = new HandServer(_bench.Network, Store) { Answer = _ => new CoapMessage { Code = CoapCode.Content, Payload = _image } };
        _storage = new SimulatedStorage(_bench.Time);
        _firmware = new FirmwareUpdateObject(ObjectCatalog.Standard.Find(5), _bench.Time, _storage);
        _bench.Objects.Add(_firmware.Instance);
        _bench.Account = _bench.Account with { Uri = new Uri($"coaps://{TestBench.ServerAddress}"), Credentials = Key("first") };
        _bench.Front = channel => _gate = new GateChannel(channel) { Proves = new PeerIdentity.PreSharedKey("server") };
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _store.DisposeAsync();
        _storage.Dispose();
    }

    [Theory]
    [InlineData("coaps://10.0.0.1:7777/fw", "first")]
    [InlineData("coaps://10.0.0.9/fw", "second")]
    [InlineData("coaps://PACKAGES.example:1/fw", "third")]
    [InlineData("coap://10.0.0.1:7777/fw", null)]
    public async Task Credentials_are_those_of_the_server_at_that_host(string uri, string? identity)
    {
        _bench.Settings = _bench.Settings with { DownloadRetries = 0 };
        _bench.Start(Account(2, "coaps://10.0.0.9:5684", "second"), Account(3, "coaps://packages.example", "third"));
        _gate.Refuse = () => new HandshakeFailedException("no");
        await Assert.ThrowsAsync<HandshakeFailedException>(() => _bench.Client.DownloadAsync(new Uri(uri), new NoSink(), default));
        var target = _gate.Targets[^1];
        Assert.Equal(new Uri(uri), target.Uri);
        Assert.Equal(identity, target.Credentials is OwnCredentials.PreSharedKey key ? Encoding.UTF8.GetString(key.Identity.Span) : null);
    }

    [Theory]
    [InlineData("coaps://10.0.0.99/fw")]
    [InlineData("coaps://10.0.0.9/fw")]   // its account has no security
    public async Task Host_without_credentials_is_not_even_asked(string uri)
    {
        _bench.Start(Account(2, "coap://10.0.0.9", null));
        var before = _gate.Targets.Count;
        var failed = await Assert.ThrowsAsync<PackageException>(() => _bench.Client.DownloadAsync(new Uri(uri), new NoSink(), default));
        Assert.Equal(PackageProblem.InvalidUri, failed.Problem);
        Assert.Equal(before, _gate.Targets.Count);
    }

    [Fact]
    public async Task Image_is_fetched_and_goes_on_in_a_new_session_where_the_server_has_lost_the_old_one()
    {
        await PullAsync();
        await _bench.Network.UntilAsync(() => _storage.Length > 2000);
        var before = _storage.Length;
        _bench.Network.Lose = frame => frame.To == Store;
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(100));   // one exchange has been given up
        _bench.Network.Lose = null;
        await EndAsync();
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Initial), (_firmware.State, _firmware.Result));
        Assert.True(before < _image.Length);
        var sessions = _gate.Peers.Where(p => p.Address.Text == Store).ToArray();
        Assert.Equal(2, sessions.Length);
        Assert.NotSame(sessions[0], sessions[1]);
    }

    [Fact]
    public async Task Session_that_is_refused_is_tried_again_and_then_a_lost_connection()
    {
        _bench.Settings = _bench.Settings with { DownloadRetries = 2, DownloadRetryDelay = TimeSpan.FromSeconds(5) };
        await _bench.RegisterAsync();
        _gate.Refuse = () => new HandshakeFailedException("no");
        await PullAsync();
        await EndAsync();
        Assert.Equal((FirmwareState.Idle, FirmwareResult.ConnectionLost), (_firmware.State, _firmware.Result));
        Assert.Equal(3, _gate.Targets.Count(t => t.Uri.Port == 7777));
    }

    private static OwnCredentials.PreSharedKey Key(string identity) => new OwnCredentials.PreSharedKey(Encoding.UTF8.GetBytes(identity), new byte[16]);

    private static ServerAccount Account(int id, string uri, string? identity) =>
        new() { Uri = new Uri(uri), ShortServerId = id, Lifetime = 300, Credentials = identity is null ? null : Key(identity) };

    private async Task PullAsync()
    {
        if (_bench.Client is null)
        {
            await _bench.RegisterAsync();
        }
        _firmware.Sources.Add("coaps", _bench.Client!.DownloadAsync);
        Assert.Equal([1], _firmware.Instance.Find(8)!.ReadInstances()!.Values.Select(v => (int)v.AsInteger()));   // CoAPS
        var path = new Lwm2mPath(5, 0, 1);
        Assert.Equal(CoapCode.Changed, (await _bench.Server.AskAsync(new Lwm2mRequest.Write(path, [new(path, $"coaps://{Store}/fw")]))).Code);
    }

    private Task EndAsync() => _bench.Network.UntilAsync(() => _firmware.State != FirmwareState.Downloading, TimeSpan.FromHours(1));

    private sealed class NoSink : IBodySink
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancel) => ValueTask.CompletedTask;
        public void Abort() { }
    }
}
