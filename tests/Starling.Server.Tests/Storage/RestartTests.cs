using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Server.Tests;

/// <summary>Devices that were registered before a restart and have not said a word since.</summary>
public sealed class RestartTests
{
    private const string Home = "10.0.1.1:5683";
    private static readonly Lwm2mPath _level = new(3, 0, 9);
    private readonly MemoryDeviceStore _store = new();
    private readonly MemoryOperationStore _operations = new();
    private readonly ManualTime _time = new();
    private readonly SimNetwork _network;

    public RestartTests() => _network = new SimNetwork(_time);

    [Fact]
    public async Task Device_is_read_before_it_has_spoken()
    {
        await using var device = await KeptAsync("dev-1", Home);
        await using var rig = await StartAsync();
        var session = rig.Server.Find(new DeviceKey("dev-1"))!;
        Assert.Equal(Home, session.Registration.Address.Text);
        Assert.True(session.Presence.IsAwake);
        var read = await _network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(_level), default).AsTask());
        Assert.Equal(50, Assert.Single(read.Records).Value.AsInteger());
        var peer = session.Peer;
        await _network.UntilAsync(device.UpdateAsync());
        Assert.Same(peer, session.Peer);
    }

    [Fact]
    public async Task Send_before_the_first_Update_is_taken()
    {
        await using var device = await KeptAsync("dev-1", Home);
        await using var rig = await StartAsync();
        Assert.Equal(CoapCode.Changed, (await _network.UntilAsync(device.SendAsync(Send()))).Code);
        Assert.Equal(1, rig.Server.Counters.Sends);
        device.Move("10.0.1.9:1");
        Assert.Equal(CoapCode.NotFound, (await _network.UntilAsync(device.SendAsync(Send()))).Code);
    }

    [Fact]
    public async Task What_waits_for_a_device_that_listens_goes_out_at_once_and_for_one_that_sleeps_later()
    {
        await using var awake = await KeptAsync("dev-1", Home);
        await using var sleeper = await KeptAsync("dev-2", "10.0.1.2:5683", "&Q");
        var ids = new List<string>();
        await using (var before = await StartAsync())
        {
            await _network.RunAsync(TimeSpan.FromSeconds(100));
            _network.Lose = frame => frame.From == ServerRig.Address;
            foreach (var name in new[] { "dev-1", "dev-2" })
            {
                var session = before.Server.Find(new DeviceKey(name))!;
                ids.Add((await session.QueueAsync(new Lwm2mRequest.Read(_level))).Id);
            }
            await _network.RunAsync(TimeSpan.FromSeconds(1));
        }
        _network.Lose = null;
        await using var rig = await StartAsync();
        var ended = await QueueTests.EndedAsync(rig, ids[0]);
        Assert.Equal((OperationState.Answered, 50), (ended.State, Assert.Single(ended.Answer!.Records).Value.AsInteger()));
        Assert.Equal(OperationState.Waiting, rig.Server.Operations.Find(ids[1])!.State);
        Assert.Empty(sleeper.Requests);
        await _network.UntilAsync(sleeper.UpdateAsync());
        Assert.Equal(OperationState.Answered, (await QueueTests.EndedAsync(rig, ids[1])).State);
    }

    [Fact]
    public async Task Address_that_does_not_answer_gets_no_more_than_an_unproven_one_may()
    {
        await using (await KeptAsync("dev-1", Home))
        {
            _network.Lose = frame => frame.To == Home;
        }
        await using var rig = await StartAsync();
        var session = rig.Server.Find(new DeviceKey("dev-1"))!;
        var sent = _network.Frames.Count;
        for (var i = 0; i < 3; i++)
        {
            var reading = session.SendAsync(new Lwm2mRequest.Read(new Lwm2mPath(3303, 0, 5700)), default).AsTask();
            await Assert.ThrowsAnyAsync<CoapException>(() => _network.UntilAsync(reading));
        }
        var bytes = _network.Frames.Skip(sent).Where(f => f.To == Home).Sum(f => f.Bytes.Length);
        Assert.InRange(bytes, 1, 136);   // RFC 9175 §2.4
        Assert.True(session.Peer!.AddressMayBeForged);
    }

    [Fact]
    public async Task Of_two_devices_at_one_address_the_one_that_was_heard_last_is_the_one_that_sends()
    {
        await using var rig = await StartAsync();
        await rig.RegisterAsync("ep=a&lt=9000&lwm2m=1.1", from: Home);
        _time.Advance(TimeSpan.FromSeconds(1));
        await rig.RegisterAsync("ep=b&lt=9000&lwm2m=1.1", from: Home);
        await rig.DisposeAsync();
        await using var next = await StartAsync();
        Assert.Equal("b", next.Server.FindPeer(next.Host.PeerAt(Home))!.Key.Endpoint);
        _time.Advance(TimeSpan.FromSeconds(1));
        var a = next.Server.Find(new DeviceKey("a"))!.Registration.Id;
        await next.AskAsync(Requests.Post($"rd/{a}"), from: Home);
        await next.DisposeAsync();
        await using var last = await StartAsync();
        Assert.Equal("a", last.Server.FindPeer(last.Host.PeerAt(Home))!.Key.Endpoint);
    }

    [Fact]
    public async Task Device_at_an_address_that_no_channel_reaches_is_spoken_to_once_it_was_heard()
    {
        await using var device = await KeptAsync("dev-1", Home);
        await foreach (var state in _store.LoadAllAsync(default))
        {
            var elsewhere = state with { Version = state.Version + 1, Registration = state.Registration with { Address = new PeerAddress("pigeon", "home") } };
            await _store.SaveAsync(elsewhere, state.Version, default);
        }
        await using var rig = await StartAsync();
        var session = rig.Server.Find(new DeviceKey("dev-1"))!;
        Assert.False(session.Presence.IsAwake);
        var early = session.SendAsync(new Lwm2mRequest.Read(_level), default).AsTask();
        await Assert.ThrowsAsync<PeerLostException>(() => _network.UntilAsync(early));
        await _network.UntilAsync(device.UpdateAsync());
        Assert.Equal(CoapCode.Content, (await _network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(_level), default).AsTask())).Code);
    }

    [Fact]
    public async Task Limit_that_is_lower_than_what_is_kept_ends_no_registration()
    {
        var settings = new ServerSettings { MaxDevices = 1 };
        string a, b;
        await using (var before = await StartAsync())
        {
            a = (await before.RegisterAsync("ep=a&lt=9000&lwm2m=1.1", from: "10.0.9.1:1")).Location();
            b = (await before.RegisterAsync("ep=b&lt=9000&lwm2m=1.1", from: "10.0.9.2:1")).Location();
        }
        await using var rig = await StartAsync(settings);
        Assert.Equal(2, rig.Server.Count);
        Assert.Equal(CoapCode.Changed, (await rig.AskAsync(Requests.Post(a))).Code);
        Assert.Equal(CoapCode.Changed, (await rig.AskAsync(Requests.Post(b))).Code);
        Assert.Equal(CoapCode.Created, (await rig.RegisterAsync("ep=b&lt=9000&lwm2m=1.1")).Code);
        Assert.Equal(CoapCode.ServiceUnavailable, (await rig.RegisterAsync("ep=c&lt=9000&lwm2m=1.1")).Code);
        await rig.AskAsync(Requests.Delete(a));
        Assert.Equal(CoapCode.ServiceUnavailable, (await rig.RegisterAsync("ep=a&lt=9000&lwm2m=1.1")).Code);
        await rig.Server.RemoveAsync(new DeviceKey("b"), default);
        Assert.Equal(CoapCode.Created, (await rig.RegisterAsync("ep=a&lt=9000&lwm2m=1.1")).Code);
    }

    [Fact]
    public async Task Device_whose_kept_state_is_of_another_server_registers_anew()
    {
        await using (var before = await StartAsync())
        {
            await before.RegisterAsync("ep=a&lt=9000&lwm2m=1.1");
        }
        await foreach (var state in _store.LoadAllAsync(default))
        {
            await _store.SaveAsync(state with { Version = state.Version + 1, Registration = state.Registration with { Id = "not one of ours" } }, state.Version, default);
        }
        await using var rig = await StartAsync();
        Assert.Equal(0, rig.Server.Count);
        Assert.Equal(CoapCode.Created, (await rig.RegisterAsync("ep=a&lt=9000&lwm2m=1.1")).Code);
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public async Task Time_of_day_that_was_set_back_meanwhile_lengthens_no_registration()
    {
        await using (var before = await StartAsync())
        {
            await before.RegisterAsync("ep=a&lt=300&lwm2m=1.1");
        }
        await foreach (var state in _store.LoadAllAsync(default))
        {
            await _store.RenewAsync(state.Key, _time.GetUtcNow().AddYears(1), null, state.Version, default);
        }
        await using var rig = await StartAsync();
        var session = rig.Server.Find(new DeviceKey("a"))!;
        Assert.True(session.Registration.ExpiresAt <= _time.GetUtcNow().AddSeconds(300));
        await _network.RunAsync(TimeSpan.FromSeconds(310));
        Assert.Equal((0, 1), (rig.Server.Count, rig.Server.Counters.Expirations));
    }

    // A device that a server has known which is gone now.
    private async Task<TestDevice> KeptAsync(string name, string address, string query = "")
    {
        await using var rig = await StartAsync();
        var device = await TestDevice.StartAsync(_network, name, address);
        device.Values["/3/0/9"] = "50";
        await _network.UntilAsync(device.RegisterAsync(86_400, query: query));
        return device;
    }

    private Task<ServerRig> StartAsync(ServerSettings? settings = null) =>
        ServerRig.StartAsync(settings, _store, time: _time, network: _network, operations: _operations);

    private static CoapMessage Send()
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, "dp");
        options.Add(OptionNumber.ContentFormat, ContentFormat.SenmlJson.Value);
        return new CoapMessage { Code = CoapCode.Post, Options = options.Build(), Payload = """[{"n":"/3/0/9","v":51}]"""u8.ToArray() };
    }
}
