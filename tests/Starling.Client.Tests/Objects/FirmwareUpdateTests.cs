using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>Object 5 with a simulated image, as servers drive it on the wire.</summary>
public sealed class FirmwareUpdateTests : IAsyncDisposable
{
    private static readonly PackageIdentity _identity = new("blinky", "2.0");
    private readonly TestBench _bench = new();
    private readonly SimulatedStorage _storage;
    private readonly FirmwareUpdateObject _firmware;
    private readonly List<long> _states = [];

    public FirmwareUpdateTests()
    {
        _storage = new SimulatedStorage(_bench.Time) { Capacity = 10_000 };
        _firmware = new FirmwareUpdateObject(ObjectCatalog.Standard.Find(5), _bench.Time, _storage);
        _bench.Objects.Add(_firmware.Instance);
    }

    private (FirmwareState, FirmwareResult) Status => (_firmware.State, _firmware.Result);

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _storage.Dispose();
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public void Object_begins_whole_in_every_version(string version)
    {
        Assert.True(ObjectVersion.TryParse(version, out var parsed));
        var firmware = new FirmwareUpdateObject(ObjectCatalog.Standard.Find(5, parsed), _bench.Time, _storage, FirmwareResult.Success);
        ObjectAssert.Whole(firmware.Instance);
        Assert.Equal((0, 1), (firmware.Instance.Get(3).AsInteger(), firmware.Instance.Get(5).AsInteger()));
        Assert.Equal(1, firmware.Instance.Get(9).AsInteger());   // only written
        Assert.Empty(ObjectAssert.Numbers(firmware.Instance, 8));
        firmware.Sources.Add("coap", (_, _, _) => Task.CompletedTask);
        firmware.Sources.Add("coaps+tcp", (_, _, _) => Task.CompletedTask);
        Assert.Equal([0, 5], ObjectAssert.Numbers(firmware.Instance, 8));
        Assert.Equal(2, firmware.Instance.Get(9).AsInteger());
    }

    [Fact]
    public async Task Image_in_blocks_goes_through_all_states()
    {
        await StartAsync();
        var versions = new List<string>();
        _firmware.Installed = image => versions.Add($"{image.Version} {_firmware.State}");
        var image = Image(5000);
        var push = _bench.Server.Ask(Put(image));
        await _bench.Network.UntilAsync(() => _storage.Length > 0);
        Assert.Equal((FirmwareState.Downloading, FirmwareResult.Initial), Status);
        Assert.True(_storage.Length < 2000);   // the first block has come, and no more is known
        Assert.Equal(CoapCode.Changed, (await _bench.Network.UntilAsync(push)).Code);
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Initial), Status);
        Assert.Equal(("blinky", "2.0"), (_firmware.Instance.Get(6).AsString(), _firmware.Instance.Get(7).AsString()));
        Assert.Equal(CoapCode.Changed, await ExecuteAsync(2));
        Assert.Equal((FirmwareState.Updating, FirmwareResult.Initial), Status);
        var before = _bench.Time.GetUtcNow();
        await _bench.Network.UntilAsync(() => _firmware.State == FirmwareState.Idle);
        Assert.Equal((FirmwareState.Idle, FirmwareResult.Success), Status);
        Assert.Equal(["2.0 Updating"], versions);
        Assert.Equal([1, 2, 3, 0], _states);
        Assert.True(_firmware.Instance.Get(12).AsTime() > before);
    }

    [Fact]
    public async Task Small_image_and_one_in_another_format_come_in_one_piece()
    {
        await StartAsync();
        Assert.Equal(CoapCode.Changed, (await _bench.Server.AskAsync(Put(Image(10)))).Code);
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Initial), Status);
        Assert.Equal(CoapCode.Changed, (await _bench.Server.AskAsync(Put([0]))).Code);
        Assert.Equal((FirmwareState.Idle, FirmwareResult.Initial), Status);
        Assert.Equal((ValueKind.None, 0), (_firmware.Instance.Get(6).Kind, _storage.Length));
        byte[] image = Image(3000);
        byte[] tlv = [0xD0, 0x00, (byte)(image.Length >> 8), (byte)image.Length, .. image];
        Assert.Equal(CoapCode.Changed, (await _bench.Server.AskAsync(Put(tlv, ContentFormat.Tlv))).Code);
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Initial), Status);
    }

    [Fact]
    public async Task Image_is_not_held_in_memory_beyond_the_limit_of_bodies()
    {
        _bench.Settings = _bench.Settings with { Coap = new() { Blockwise = new() { MaxBody = 1000 } } };
        await StartAsync();
        Assert.Equal(CoapCode.Changed, (await _bench.Server.AskAsync(Put(Image(9000)))).Code);
        Assert.Equal(FirmwareState.Downloaded, _firmware.State);
    }

    [Theory]
    [InlineData("NoSpace", 2, "4.13")]
    [InlineData("OutOfMemory", 3, "4.13")]
    [InlineData("UnsupportedType", 6, "4.00")]
    public async Task Taking_that_fails_on_the_way_is_told_at_once(string problem, int result, string code)
    {
        await StartAsync();
        _storage.TakingProblem = Enum.Parse<PackageProblem>(problem);
        Assert.Equal(code, (await _bench.Server.AskAsync(Put(Image(5000)))).Code.ToString());
        Assert.Equal((FirmwareState.Idle, (FirmwareResult)result), Status);
        Assert.Equal(0, _storage.Length);
        Assert.Equal([1, 0], _states);
    }

    [Fact]
    public async Task Image_that_does_not_fit_or_is_none_or_damaged_leaves_its_result()
    {
        await StartAsync();
        Assert.Equal(CoapCode.RequestEntityTooLarge, (await _bench.Server.AskAsync(Put(Image(20_000)))).Code);
        Assert.Equal((FirmwareState.Idle, FirmwareResult.NoSpace), Status);
        Assert.Equal(CoapCode.BadRequest, (await _bench.Server.AskAsync(Put(new byte[3000]))).Code);
        Assert.Equal((FirmwareState.Idle, FirmwareResult.UnsupportedType), Status);
        var damaged = Image(3000);
        damaged[2000] ^= 1;
        Assert.Equal(CoapCode.Changed, (await _bench.Server.AskAsync(Put(damaged))).Code);
        Assert.Equal((FirmwareState.Idle, FirmwareResult.IntegrityFailed), Status);
        Assert.Equal(CoapCode.Changed, (await _bench.Server.AskAsync(Put(Image(3000)[..^700]))).Code);
        Assert.Equal((FirmwareState.Idle, FirmwareResult.IntegrityFailed), Status);
    }

    [Fact]
    public async Task Push_that_stops_is_a_lost_connection_and_can_begin_anew()
    {
        await StartAsync();
        _ = _bench.Server.Ask(Put(Image(5000)));
        await _bench.Network.UntilAsync(() => _storage.Length > 0);
        _bench.Network.Lose = frame => frame.From == TestBench.ServerAddress;
        await _bench.Network.UntilAsync(() => _firmware.State == FirmwareState.Idle, TimeSpan.FromSeconds(400));
        Assert.Equal(FirmwareResult.ConnectionLost, _firmware.Result);
        _bench.Network.Lose = null;
        await _bench.UntilAsync(RegistrationState.Registered);
        Assert.Equal(CoapCode.Changed, (await _bench.Server.AskAsync(Put(Image(5000)))).Code);
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Initial), Status);
    }

    [Fact]
    public async Task Update_without_an_image_is_refused_and_changes_nothing()
    {
        await StartAsync();
        Assert.Equal(CoapCode.MethodNotAllowed, await ExecuteAsync(2));
        Assert.Equal(CoapCode.MethodNotAllowed, await ExecuteAsync(10));
        Assert.Empty(_states);
    }

    [Fact]
    public async Task What_is_there_must_be_taken_back_before_another_comes()
    {
        await DownloadedAsync();
        Assert.Equal(CoapCode.MethodNotAllowed, (await _bench.Server.AskAsync(Put(Image(10)))).Code);
        Assert.Equal(CoapCode.MethodNotAllowed, (await _bench.Server.AskAsync(Put(Image(5000)))).Code);
        Assert.Equal(CoapCode.MethodNotAllowed, await WriteAsync(1, "coap://10.0.0.1/fw"));
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Initial), Status);
        Assert.Equal(CoapCode.Changed, await WriteAsync(1, ""));
        Assert.Equal((FirmwareState.Idle, FirmwareResult.Initial), Status);
        Assert.Equal("", _firmware.Instance.Get(1).AsString());
    }

    [Fact]
    public async Task Cancel_gives_up_what_is_there_and_not_what_is_being_installed()
    {
        await DownloadedAsync();
        Assert.Equal(CoapCode.Changed, await ExecuteAsync(10));
        Assert.Equal((FirmwareState.Idle, FirmwareResult.Cancelled), Status);
        Assert.Equal(0, _storage.Length);
        var push = _bench.Server.Ask(Put(Image(5000)));
        await _bench.Network.UntilAsync(() => _storage.Length > 0);
        Assert.Equal(CoapCode.Changed, (await ObjectAssert.ExecuteAsync(_firmware.Instance, 10)).Code);
        Assert.Equal(CoapCode.BadRequest, (await _bench.Network.UntilAsync(push)).Code);
        Assert.Equal((FirmwareState.Idle, FirmwareResult.Cancelled), Status);
        await _bench.Server.AskAsync(Put(Image(10)));
        await ExecuteAsync(2);
        Assert.Equal(CoapCode.MethodNotAllowed, await ExecuteAsync(10));
        Assert.Equal(CoapCode.MethodNotAllowed, (await _bench.Server.AskAsync(Put([0]))).Code);
        Assert.Equal(CoapCode.MethodNotAllowed, await WriteAsync(1, ""));
        Assert.Equal(FirmwareState.Updating, _firmware.State);
    }

    [Theory]
    [InlineData("InstallFailed", FirmwareState.Downloaded, FirmwareResult.UpdateFailed)]
    [InlineData("OutOfMemory", FirmwareState.Downloaded, FirmwareResult.OutOfMemory)]
    [InlineData("Dependency", FirmwareState.Downloaded, FirmwareResult.UpdateFailed)]
    [InlineData("Integrity", FirmwareState.Idle, FirmwareResult.IntegrityFailed)]
    public async Task Installing_that_fails_keeps_an_image_that_can_be_tried_again(string problem, FirmwareState state, FirmwareResult result)
    {
        await DownloadedAsync();
        _storage.InstallProblem = Enum.Parse<PackageProblem>(problem);
        await ExecuteAsync(2);
        await _bench.Network.UntilAsync(() => _firmware.State != FirmwareState.Updating);
        Assert.Equal((state, result), Status);
        Assert.Equal(state == FirmwareState.Idle, _storage.Length == 0);
        if (state == FirmwareState.Downloaded)
        {
            _storage.InstallProblem = null;
            await ExecuteAsync(2);
            await _bench.Network.UntilAsync(() => _firmware.State == FirmwareState.Idle);
            Assert.Equal(FirmwareResult.Success, _firmware.Result);
        }
    }

    [Fact]
    public async Task Automatic_upgrade_needs_no_update()
    {
        await StartAsync();
        Assert.Equal(CoapCode.Changed, await WriteAsync(14, true));
        await _bench.Server.AskAsync(Put(Image(10)));
        await _bench.Network.UntilAsync(() => _firmware.State == FirmwareState.Idle);
        Assert.Equal(FirmwareResult.Success, _firmware.Result);
        Assert.Equal([1, 2, 3, 0], _states);
    }

    [Fact]
    public async Task Update_that_is_put_off_waits_for_the_device()
    {
        await DownloadedAsync();
        var severities = new List<int>();
        _firmware.Accept = severity =>
        {
            severities.Add(severity);
            return false;
        };
        await WriteAsync(11, 2);
        Assert.Equal(CoapCode.Changed, await ExecuteAsync(2));
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Deferred), Status);
        await _bench.Network.RunAsync(TimeSpan.FromDays(2));
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Deferred), Status);
        Assert.True(_firmware.Install());
        Assert.False(_firmware.Install());
        await _bench.Network.UntilAsync(() => _firmware.State == FirmwareState.Idle);
        Assert.Equal(FirmwareResult.Success, _firmware.Result);
        Assert.Equal([2], severities);
    }

    [Fact]
    public async Task Put_off_ends_after_its_longest_time()
    {
        await DownloadedAsync();
        _firmware.Accept = _ => false;
        await WriteAsync(13, Lwm2mValue.Unsigned(600));
        await ExecuteAsync(2);
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(400));
        await ExecuteAsync(2);   // asked again, and put off again: the time goes on
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(199));
        Assert.Equal((FirmwareState.Downloaded, FirmwareResult.Deferred), Status);
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((FirmwareState.Idle, FirmwareResult.Success), Status);
    }

    [Fact]
    public async Task Nothing_is_put_off_where_that_is_not_allowed()
    {
        await DownloadedAsync();
        _firmware.Accept = _ => false;
        await WriteAsync(13, Lwm2mValue.Unsigned(0));
        await ExecuteAsync(2);
        Assert.Equal(FirmwareState.Updating, _firmware.State);
    }

    [Fact]
    public async Task Server_that_is_not_registered_with_cannot_write_an_image()
    {
        await StartAsync();
        await _bench.StopAsync();
        Assert.Null(((ICoapHandler)_bench.Client).OpenBody(_bench.ServerAsPeer, Put(Image(1000))));
        Assert.Equal(FirmwareState.Idle, _firmware.State);
    }

    [Fact]
    public async Task Server_without_the_right_to_write_cannot_begin_an_image()
    {
        await using var second = new HandServer(_bench.Network, "10.0.0.9:5683");
        _bench.Objects.Add(new ObjectInstance(TestObjects.AccessControl, 0) { [0] = 5, [1] = 0, [2] = Resource.Multiple([KeyValuePair.Create(1, (Lwm2mValue)15), KeyValuePair.Create(2, (Lwm2mValue)1)]), [3] = 1 });
        _bench.Start(new ServerAccount { Uri = new Uri("coap://10.0.0.9"), ShortServerId = 2 });
        await _bench.Network.UntilAsync(_bench.Client.WhenRegisteredAsync(default));
        Assert.Equal(CoapCode.Unauthorized, (await second.AskAsync(Put(Image(1000)))).Code);
        Assert.Equal((FirmwareState.Idle, FirmwareResult.Initial), Status);
        Assert.Equal(CoapCode.Changed, (await _bench.Server.AskAsync(Put(Image(1000)))).Code);
        Assert.Equal(FirmwareState.Downloaded, _firmware.State);
    }

    private static byte[] Image(int content) => SimulatedImage.Create(_identity, new byte[content]);

    private static CoapMessage Put(byte[] body, ContentFormat? format = null)
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, "/5/0/0");
        options.Add(OptionNumber.ContentFormat, (format ?? ContentFormat.OctetStream).Value);
        return new CoapMessage { Code = CoapCode.Put, Options = options.Build(), Payload = body };
    }

    private async Task StartAsync()
    {
        await _bench.RegisterAsync();
        var told = _bench.Client.Objects.ValueChanged;
        _bench.Client.Objects.ValueChanged = path =>
        {
            if (path == new Lwm2mPath(5, 0, 3))
            {
                _states.Add((long)_firmware.State);
            }
            told?.Invoke(path);
        };
    }

    private async Task DownloadedAsync()
    {
        await StartAsync();
        await _bench.Server.AskAsync(Put(Image(10)));
        Assert.Equal(FirmwareState.Downloaded, _firmware.State);
    }

    private async Task<CoapCode> ExecuteAsync(int resource) => (await _bench.Server.AskAsync(new Lwm2mRequest.Execute(new(5, 0, resource)))).Code;

    private async Task<CoapCode> WriteAsync(int resource, Lwm2mValue value)
    {
        var path = new Lwm2mPath(5, 0, resource);
        return (await _bench.Server.AskAsync(new Lwm2mRequest.Write(path, [new(path, value)]))).Code;
    }
}
