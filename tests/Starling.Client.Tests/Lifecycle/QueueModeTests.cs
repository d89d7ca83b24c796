using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>A device in queue mode: it says so, sleeps, and hears nothing while it sleeps.</summary>
public sealed class QueueModeTests : IAsyncDisposable
{
    private readonly TestBench _bench = new();
    private readonly List<string> _changes = [];

    public QueueModeTests()
    {
        _bench.Settings = _bench.Settings with { QueueMode = true };
        _bench.Account = _bench.Account with { Lifetime = 3600 };
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("1.0", "b=UQ")]
    [InlineData("1.1", "b=U&Q")]
    [InlineData("1.2", "b=U&Q")]
    public async Task Register_tells_queue_mode(string version, string query)
    {
        Assert.True(Lwm2mVersion.TryParse(version, out var parsed));
        _bench.Settings = _bench.Settings with { Version = parsed };
        await StartAsync();
        Assert.Contains(query, _bench.Server.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_of_1_0_keeps_queue_mode_with_a_new_binding()
    {
        _bench.Settings = _bench.Settings with { Version = Lwm2mVersion.V10 };
        await StartAsync();
        _bench[1].Set(7, "US");
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("POST /rd/r1?b=UQS", _bench.Server.LastLine);
    }

    [Fact]
    public async Task Device_sleeps_after_its_time_and_wakes_with_what_it_sends()
    {
        await StartAsync();
        Assert.Equal(["0 True"], _changes);
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(92));
        Assert.True(_bench.Client.IsAwake);
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(2));
        Assert.False(_bench.Client.IsAwake);
        Assert.Equal(["0 True", "93 False"], _changes);
        _bench.Client.Update();
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.True(_bench.Client.IsAwake);
        Assert.Equal("POST /rd/r1", _bench.Server.LastLine);
    }

    [Fact]
    public async Task Requests_keep_it_awake_and_are_not_heard_while_it_sleeps()
    {
        await StartAsync();
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(CoapCode.Content, (await ReadAsync()).Code);
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(CoapCode.Content, (await ReadAsync()).Code);
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(94));
        Assert.False(_bench.Client.IsAwake);
        var before = _bench.Network.Frames.Count(f => f.From == TestBench.DeviceAddress);
        await Assert.ThrowsAsync<CoapTimeoutException>(ReadAsync);
        Assert.Equal(before, _bench.Network.Frames.Count(f => f.From == TestBench.DeviceAddress));   // not even an acknowledgement
        _bench.Client.Update();
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(CoapCode.Content, (await ReadAsync()).Code);
    }

    [Fact]
    public async Task Notification_wakes_it()
    {
        await StartAsync();
        await _bench.Server.ObserveAsync("/3/0/9", ContentFormat.Text);
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(200));
        Assert.False(_bench.Client.IsAwake);
        _bench[3].Set(9, 40);
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.True(_bench.Client.IsAwake);
        Assert.Equal("40", _bench.Server.Notifications.Last().Value);
        Assert.Equal(CoapCode.Content, (await ReadAsync()).Code);
    }

    [Fact]
    public async Task Without_queue_mode_it_never_sleeps()
    {
        _bench.Settings = _bench.Settings with { QueueMode = false };
        await StartAsync();
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(600));
        Assert.True(_bench.Client.IsAwake);
        Assert.Empty(_changes);
        Assert.Equal(CoapCode.Content, (await ReadAsync()).Code);
    }

    [Fact]
    public async Task Nothing_is_left_on_the_clock()
    {
        await StartAsync();
        await _bench.DisposeAsync();
        await _bench.Network.RunAsync(TimeSpan.FromDays(1));
        Assert.Equal(0, _bench.Time.TimerCount);
    }

    private async Task StartAsync()
    {
        _bench.Start();
        _bench.Client.AwakeChanged += isAwake => _changes.Add($"{(int)_bench.Time.Elapsed.TotalSeconds} {isAwake}");
        _changes.AddRange(_bench.Client.IsAwake && _bench.Settings.QueueMode ? ["0 True"] : []);   // it may have begun already
        await _bench.Network.UntilAsync(_bench.Client.WhenRegisteredAsync(default));
    }

    private Task<Lwm2mResponse> ReadAsync() => _bench.Server.AskAsync(new Lwm2mRequest.Read(new(3, 0, 9)));
}
