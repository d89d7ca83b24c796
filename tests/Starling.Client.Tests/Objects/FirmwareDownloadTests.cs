using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>Object 5 fetches its image from a URI, block by block.</summary>
public sealed class FirmwareDownloadTests : IAsyncDisposable
{
    private const string Store = "10.0.0.7:5683";
    private readonly TestBench _bench = new();
    private readonly HandServer _store;
    private readonly SimulatedStorage _storage;
    private readonly FirmwareUpdateObject _firmware;
    private byte[] _image = SimulatedImage.Create(new("blinky", "2.0"), new byte[6000]);

    public FirmwareDownloadTests()
    {
        _store = new HandServer(_bench.Network, Store) { Answer = Serve };
        _storage = new SimulatedStorage(_bench.Time) { Capacity = 10_000 };
        _firmware = new FirmwareUpdateObject(ObjectCatalog.Standard.Find(5), _bench.Time, _storage);
        _bench.Objects.Add(_firmware.Instance);
    }

    private (FirmwareState, FirmwareResult) Status => (_firmware.State, _firmware.Result);

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _store.DisposeAsync();
        _storage.Dispose();
    }

    [Fact]
    public async Task Image_is_fetched_by_blocks_from_the_path_and_query_of_the_uri()
    {
        await StartAsync();
        await PullAsync($"coap://{Store}/fw/blinky%202.0?model=x%26y");
        Assert.Equal(FirmwareState.Downloading, _firmware.State);
        await EndAsync();
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Initial), Status);
        Assert.Equal("2.0", _firmware.Instance.Get(7).AsString());
        Assert.All(_store.Requests, r => Assert.Equal(["fw", "blinky 2.0"], r.Options.GetStrings(OptionNumber.UriPath)));
        Assert.All(_store.Requests, r => Assert.Equal(["model=x&y"], r.Options.GetStrings(OptionNumber.UriQuery)));
        Assert.Equal($"coap://{Store}/fw/blinky%202.0?model=x%26y", _firmware.Instance.Get(1).AsString());
    }

    [Fact]
    public async Task Image_that_fits_into_one_message_is_taken_too()
    {
        _image = SimulatedImage.Create(new("tiny", "1"), new byte[20]);
        await StartAsync();
        await PullAsync($"coap://{Store}/fw");
        await EndAsync();
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Initial), Status);
    }

    [Fact]
    public async Task Download_goes_on_where_it_was_after_a_loss()
    {
        await StartAsync();
        await PullAsync($"coap://{Store}/fw");
        await _bench.Network.UntilAsync(() => _storage.Length > 2000);
        var before = _storage.Length;
        _bench.Network.Lose = frame => frame.To == Store || frame.From == Store;
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(150));   // one exchange has been given up
        Assert.Equal(FirmwareState.Downloading, _firmware.State);
        _bench.Network.Lose = null;
        await EndAsync();
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Initial), Status);
        var offsets = _bench.Network.Frames.Count(f => f.To == Store);
        Assert.True(offsets < 40 && before > 2000, $"{offsets} requests, {before} bytes before the loss");
    }

    [Fact]
    public async Task Download_that_gets_no_answer_for_long_is_a_lost_connection()
    {
        _bench.Settings = _bench.Settings with { DownloadRetries = 2, DownloadRetryDelay = TimeSpan.FromSeconds(5) };
        await StartAsync();
        _bench.Network.Lose = frame => frame.To == Store;
        await PullAsync($"coap://{Store}/fw");
        await EndAsync();
        Assert.Equal((FirmwareState.Idle, FirmwareResult.ConnectionLost), Status);
        Assert.Equal(3 * 5, _bench.Network.Frames.Count(f => f.To == Store));   // three attempts, each sent five times
        Assert.Equal(0, _storage.Length);
    }

    [Fact]
    public async Task Server_that_is_busy_is_asked_again()
    {
        await StartAsync();
        var refusals = 2;
        _store.Answer = request => refusals-- > 0 ? CoapMessage.Response(CoapCode.ServiceUnavailable) : Serve(request);
        await PullAsync($"coap://{Store}/fw");
        await EndAsync();
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Initial), Status);
        Assert.True(_bench.Time.Elapsed > TimeSpan.FromSeconds(29));
    }

    [Theory]
    [InlineData("no uri", 7)]
    [InlineData("coap:nothing", 7)]
    [InlineData("http://10.0.0.7/fw", 9)]
    [InlineData("coap://10.0.0.7/lost", 7)]
    public async Task Uri_that_leads_nowhere_leaves_its_result(string uri, int result)
    {
        await StartAsync();
        _store.Answer = request => request.Options.UriPath == "/lost" ? CoapMessage.Response(CoapCode.NotFound) : Serve(request);
        await PullAsync(uri);
        await EndAsync();
        Assert.Equal((FirmwareState.Idle, (FirmwareResult)result), Status);
    }

    [Fact]
    public async Task Image_that_does_not_fit_or_is_damaged_leaves_its_result()
    {
        await StartAsync();
        _image = SimulatedImage.Create(new("huge", "1"), new byte[20_000]);
        await PullAsync($"coap://{Store}/fw");
        await EndAsync();
        Assert.Equal((FirmwareState.Idle, FirmwareResult.NoSpace), Status);
        Assert.Equal(1, _bench.Network.Frames.Count(f => f.To == Store));   // known from the first block
        _image = SimulatedImage.Create(new("broken", "1"), new byte[2000]);
        _image[^1] = 1;
        await PullAsync($"coap://{Store}/fw");
        await EndAsync();
        Assert.Equal((FirmwareState.Idle, FirmwareResult.IntegrityFailed), Status);
    }

    [Fact]
    public async Task Image_that_is_replaced_while_it_is_fetched_is_no_image()
    {
        await StartAsync();
        var script = _bench.Network.Lockstep("10.0.0.8:5683", TestBench.DeviceAddress);
        await PullAsync("coap://10.0.0.8/fw");
        await ServeAsync(script, "0/0/512", "ETag:01 Block2:0/1/512", _image[..512]);
        await ServeAsync(script, "1/0/512", "ETag:02 Block2:1/1/512", _image[512..1024]);
        await EndAsync();
        Assert.Equal((FirmwareState.Idle, FirmwareResult.IntegrityFailed), Status);
        Assert.Equal(0, script.Waiting);
    }

    [Fact]
    public async Task Server_may_send_smaller_blocks_and_none_that_were_not_asked_for()
    {
        await StartAsync();
        var script = _bench.Network.Lockstep("10.0.0.8:5683", TestBench.DeviceAddress);
        await PullAsync("coap://10.0.0.8/fw");
        await ServeAsync(script, "0/0/512", "Block2:0/1/64", _image[..64]);
        await ServeAsync(script, "1/0/64", "Block2:2/1/32", _image[64..96]);
        await ServeAsync(script, "3/0/32", "Block2:5/1/32", _image[160..192]);
        await EndAsync();
        Assert.Equal((FirmwareState.Idle, FirmwareResult.IntegrityFailed), Status);
    }

    [Fact]
    public async Task Cancel_ends_the_download()
    {
        await StartAsync();
        await PullAsync($"coap://{Store}/fw");
        await _bench.Network.UntilAsync(() => _storage.Length > 1000);
        Assert.Equal(CoapCode.Changed, (await ObjectAssert.ExecuteAsync(_firmware.Instance, 10)).Code);
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(30));
        var asked = _bench.Network.Frames.Count(f => f.To == Store);
        Assert.Equal((FirmwareState.Idle, FirmwareResult.Cancelled), Status);
        Assert.True(asked < 8, $"{asked} requests");
        Assert.Equal(0, _storage.Length);
        await PullAsync($"coap://{Store}/fw");
        await EndAsync();
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Initial), Status);
    }

    private static async Task ServeAsync(Lockstep script, string block, string options, byte[] payload)
    {
        var name = block.Replace('/', 'x');   // a name that has been taken must come again
        await script.ExpectAsync($"CON [$m{name}] GET /fw T=$t{name} Block2:{block}");
        script.Send($"ACK [$m{name}] 2.05 T=$t{name} {options} x'{Convert.ToHexString(payload)}'");
    }

    private CoapMessage Serve(CoapMessage request) => new() { Code = CoapCode.Content, Payload = _image };

    private async Task StartAsync()
    {
        await _bench.RegisterAsync();
        _firmware.Sources.Add("coap", _bench.Client.DownloadAsync);
    }

    private async Task PullAsync(string uri)
    {
        var path = new Lwm2mPath(5, 0, 1);
        Assert.Equal(CoapCode.Changed, (await _bench.Server.AskAsync(new Lwm2mRequest.Write(path, [new(path, uri)]))).Code);
    }

    private Task EndAsync() => _bench.Network.UntilAsync(() => _firmware.State != FirmwareState.Downloading, TimeSpan.FromHours(1));
}
