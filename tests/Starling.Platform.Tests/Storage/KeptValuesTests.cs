using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Starling.Hosting;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform.Tests;

public sealed class KeptValuesTests : IAsyncDisposable
{
    private static readonly DeviceKey _device = new("by-hand");
    private static readonly Lwm2mPath _level = new(3, 0, 9);
    private static readonly Lwm2mPath _maker = new(3, 0, 0);
    private static readonly DateTimeOffset _noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private SqliteDatabase _database = null!;
    private WebApplication? _app;

    private LastValues Values => _app!.Services.GetRequiredService<LastValues>();
    private SqliteValueStore Store => _app!.Services.GetRequiredService<SqliteValueStore>();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Values_are_there_after_a_restart_with_their_times_and_sources()
    {
        await StartAsync();
        await HandRegistration.RegisterAsync(DemoDevices.UriOf(_app!.Services.GetRequiredService<ServerService>().UdpAddress!), _device.Endpoint);
        Values.Take(_device, [new(_level, 55L, _noon), new(_maker, "Acme", _noon)], ValueSource.Read);
        Values.Take(_device, [new(_level, 56L, _noon.AddMinutes(1))], ValueSource.Reported);
        await StopAsync();
        await StartAsync();
        await UntilAsync(() => Values.Below(_device, Lwm2mPath.Root).Count == 2);
        Assert.Equal(new LastValue("56", ValueKind.Integer, _noon.AddMinutes(1), ValueSource.Reported), Values.Find(_device, _level));
        Assert.Equal(new LastValue("Acme", ValueKind.String, _noon, ValueSource.Read), Values.Find(_device, _maker));
    }

    [Fact]
    public async Task Values_are_written_while_the_server_runs_and_forgotten_with_the_device()
    {
        await StartAsync();
        await HandRegistration.RegisterAsync(DemoDevices.UriOf(_app!.Services.GetRequiredService<ServerService>().UdpAddress!), _device.Endpoint);
        Values.Take(_device, [new(_level, 55L), new(_maker, "Acme")], ValueSource.Read);
        await UntilKeptAsync(2);
        Values.Forget(_device, _level);
        await UntilKeptAsync(1);
        await _app.Services.GetRequiredService<Lwm2mServer>().RemoveAsync(_device, default);
        await UntilKeptAsync(0);
    }

    [Fact]
    public async Task Values_of_a_device_that_is_gone_are_cleared_away()
    {
        await StartAsync();
        await Store.SaveAsync([new KeptValue(_device, _level, new LastValue("1", ValueKind.Integer, _noon, ValueSource.Read))]);
        await StopAsync();
        await StartAsync();
        await UntilKeptAsync(0);
        Assert.Null(Values.Find(_device, _level));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Send_is_answered_when_its_values_are_kept_if_that_is_wanted(bool waits, int kept)
    {
        await StartAsync(new StorageSettings { ValuesEvery = TimeSpan.FromDays(1), SendWaitsForCommit = waits });
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Connect(_app!.Services.GetRequiredService<ServerService>().UdpAddress!);
        await HandRegistration.RegisterAsync(socket, _device.Endpoint);
        // CON POST /dp, application/senml+json
        await socket.SendAsync((byte[])[0x40, 0x02, 0x77, 0x01, 0xb2, (byte)'d', (byte)'p', 0x11, 110, 0xff, .. """[{"n":"/3/0/9","v":55}]"""u8]);
        var answer = await socket.ReceiveAsync(RunningPlatform.Patience);
        Assert.Equal(0x44, answer.Buffer[1]);
        Assert.Equal(kept, await CountKeptAsync());
    }

    [Fact]
    public async Task Send_that_cannot_be_kept_is_refused()
    {
        await StartAsync(new StorageSettings { SendWaitsForCommit = true });
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Connect(_app!.Services.GetRequiredService<ServerService>().UdpAddress!);
        await HandRegistration.RegisterAsync(socket, _device.Endpoint);
        await _database.DisposeAsync();
        await socket.SendAsync((byte[])[0x40, 0x02, 0x77, 0x01, 0xb2, (byte)'d', (byte)'p', 0x11, 110, 0xff, .. """[{"n":"/3/0/9","v":55}]"""u8]);
        var answer = await socket.ReceiveAsync(RunningPlatform.Patience);
        Assert.Equal(0xa3, answer.Buffer[1]);
        var counters = _app.Services.GetRequiredService<Lwm2mServer>().Counters;
        Assert.Equal((0, 1), (counters.Sends, counters.RefusedSends));
    }

    private async Task StartAsync(StorageSettings? settings = null)
    {
        var loopback = new IPEndPoint(IPAddress.Loopback, 0);
        _database = SqliteDatabase.Open(_folder.Path);
        _app = PlatformHost.Create(
            new PlatformSettings { Coap = loopback, Http = loopback, Storage = settings ?? new StorageSettings { ValuesEvery = TimeSpan.FromMilliseconds(10) } }, _database);
        await _app.StartAsync();
    }

    private async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            await _database.DisposeAsync();
            _app = null;
        }
    }

    private Task UntilKeptAsync(int count) => UntilAsync(async () => await CountKeptAsync() == count);

    private async Task<int> CountKeptAsync()
    {
        var kept = 0;
        await foreach (var _ in Store.LoadAllAsync(default))
        {
            kept++;
        }
        return kept;
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var patience = RunningPlatform.Patience;
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(patience);
        }
    }
}
