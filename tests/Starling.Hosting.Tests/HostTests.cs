using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Starling.Client;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;
using Starling.Transports;

namespace Starling.Hosting.Tests;

public sealed class HostTests
{
    private static readonly Lwm2mPath _value = new(MeterObjects.Meter, 0, 1);

    private static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    [Fact]
    public async Task Client_of_one_host_registers_with_the_server_of_another_and_leaves_with_its_host()
    {
        using var serverHost = ServerHost();
        var server = serverHost.Services.GetRequiredService<Lwm2mServer>();
        var events = server.Events(Patience).GetAsyncEnumerator();
        await serverHost.StartAsync(Patience);
        using var clientHost = ClientHost(UriOf(serverHost), "meter");
        await clientHost.StartAsync(Patience);
        Assert.IsType<DeviceEvent.Registered>(await NextAsync(events));
        var device = server.Find(new DeviceKey("meter"))!;
        var answer = await device.SendAsync(new Lwm2mRequest.Read(_value), Patience);
        Assert.Equal(CoapCode.Content, answer.Code);
        Assert.Equal(Lwm2mValue.Integer(1), answer.Records.Find(_value));
        await clientHost.StopAsync(Patience);
        DeviceEvent last;
        do
        {
            last = await NextAsync(events);
        }
        while (last is not DeviceEvent.Deregistered);
        Assert.Equal(0, server.Count);
        await serverHost.StopAsync(Patience);
    }

    [Fact]
    public async Task Observation_is_a_stream_that_ends_on_the_device_when_reading_ends()
    {
        using var serverHost = ServerHost();
        var server = serverHost.Services.GetRequiredService<Lwm2mServer>();
        await serverHost.StartAsync(Patience);
        using var clientHost = ClientHost(UriOf(serverHost), "meter");
        await clientHost.StartAsync(Patience);
        var client = clientHost.Services.GetRequiredService<Lwm2mClient>();
        await client.WhenRegisteredAsync(Patience);
        var device = server.Find(new DeviceKey("meter"))!;
        var seen = new List<long>();
        await foreach (var notified in server.ObserveAsync(device, _value, cancel: Patience))
        {
            seen.Add(notified.Records.Find(_value)!.Value.AsInteger());
            if (seen.Count == 3)
            {
                break;
            }
            client.Objects.Find(MeterObjects.Meter, 0)!.Set(1, seen.Count + 1);
        }
        Assert.Equal([1, 2, 3], seen);
        Assert.Empty(device.Observations);
        Assert.Equal(0, client.ObservationCount);
        await clientHost.StopAsync(Patience);
        await serverHost.StopAsync(Patience);
    }

    [Fact]
    public async Task Stream_ends_with_the_last_word_of_the_device()
    {
        using var serverHost = ServerHost();
        var server = serverHost.Services.GetRequiredService<Lwm2mServer>();
        await serverHost.StartAsync(Patience);
        using var clientHost = ClientHost(UriOf(serverHost), "meter");
        await clientHost.StartAsync(Patience);
        var client = clientHost.Services.GetRequiredService<Lwm2mClient>();
        await client.WhenRegisteredAsync(Patience);
        var seen = new List<CoapCode>();
        await foreach (var notified in server.ObserveAsync(server.Find(new DeviceKey("meter"))!, _value, cancel: Patience))
        {
            seen.Add(notified.Code);
            if (client.Objects.Find(MeterObjects.Meter, 0) is { } meter)
            {
                client.Objects.Remove(meter);
            }
        }
        Assert.Equal([CoapCode.Content, CoapCode.NotFound], seen);
        await clientHost.StopAsync(Patience);
        await serverHost.StopAsync(Patience);
    }

    [Fact]
    public async Task Observation_that_the_device_refuses_is_an_exception_with_its_code()
    {
        using var serverHost = ServerHost();
        var server = serverHost.Services.GetRequiredService<Lwm2mServer>();
        await serverHost.StartAsync(Patience);
        using var clientHost = ClientHost(UriOf(serverHost), "meter");
        await clientHost.StartAsync(Patience);
        await clientHost.Services.GetRequiredService<Lwm2mClient>().WhenRegisteredAsync(Patience);
        var stream = server.ObserveAsync(server.Find(new DeviceKey("meter"))!, new Lwm2mPath(MeterObjects.Meter, 0, 7), cancel: Patience);
        var refused = await Assert.ThrowsAsync<Lwm2mException>(async () => await stream.GetAsyncEnumerator(Patience).MoveNextAsync());
        Assert.Equal(CoapCode.NotFound, refused.Code);
        await clientHost.StopAsync(Patience);
        await serverHost.StopAsync(Patience);
    }

    [Fact]
    public async Task Port_in_use_keeps_the_host_from_starting()
    {
        using var first = ServerHost();
        await first.StartAsync(Patience);
        var taken = first.Services.GetRequiredService<ServerService>().UdpAddress!;
        using var second = ServerHost(taken);
        var failure = await Assert.ThrowsAsync<IOException>(() => second.StartAsync(Patience));
        Assert.Contains("in use", failure.Message, StringComparison.Ordinal);
        await first.StopAsync(Patience);
    }

    [Fact]
    public async Task Channel_of_the_applications_own_is_started_and_disposed()
    {
        var channel = new RecordingChannel();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStarlingServer(o =>
        {
            o.Udp = null;
            o.Channels.Add(_ => channel);
        });
        using (var host = builder.Build())
        {
            await host.StartAsync(Patience);
            Assert.True(channel.IsStarted);
            Assert.Null(host.Services.GetRequiredService<ServerService>().UdpAddress);
            await host.StopAsync(Patience);
        }
        Assert.True(channel.IsDisposed);
    }

    [Fact]
    public void Client_without_settings_is_refused_with_words()
    {
        var services = new ServiceCollection();
        services.AddStarlingClient(_ => { });
        using var container = services.BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(container.GetRequiredService<Lwm2mClient>);
        Assert.Contains("Client", failure.Message, StringComparison.Ordinal);
    }

    private static IHost ServerHost(IPEndPoint? bind = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStarlingServer(o =>
        {
            o.Udp = new UdpSettings { Bind = bind ?? new IPEndPoint(IPAddress.Loopback, 0) };
            o.Catalog = MeterObjects.Catalog;
        });
        return builder.Build();
    }

    private static IHost ClientHost(Uri server, string endpoint)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStarlingClient(o =>
        {
            o.Client = new ClientSettings { Endpoint = endpoint, Servers = [new ServerAccount { Uri = server }], Catalog = MeterObjects.Catalog };
            o.Udp = new UdpSettings { Bind = new IPEndPoint(IPAddress.Loopback, 0) };
            o.Objects.Add(MeterObjects.Create(1));
        });
        return builder.Build();
    }

    private static Uri UriOf(IHost host) => new($"coap://{host.Services.GetRequiredService<ServerService>().UdpAddress}");

    private static async Task<DeviceEvent> NextAsync(IAsyncEnumerator<DeviceEvent> events)
    {
        Assert.True(await events.MoveNextAsync());
        return events.Current;
    }
}
