using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Starling.Client;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;
using Starling.Transports;

namespace Starling.Hosting.Tests;

/// <summary>A client host and a server host that speak DTLS over real loopback sockets.</summary>
public sealed class SecuredHostTests
{
    private static readonly Lwm2mPath _value = new(MeterObjects.Meter, 0, 1);
    private static readonly byte[] _key = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

    private static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    [Fact]
    public async Task Client_registers_and_is_read_over_a_secured_session()
    {
        using var serverHost = await ServerHostAsync();
        var service = serverHost.Services.GetRequiredService<ServerService>();
        var reports = new ConcurrentQueue<HandshakeReport>();
        service.HandshakeEnded += reports.Enqueue;
        using var clientHost = ClientHost(service, "meter", _key);
        await clientHost.StartAsync(Patience);
        await clientHost.Services.GetRequiredService<Lwm2mClient>().WhenRegisteredAsync(Patience);

        var device = serverHost.Services.GetRequiredService<Lwm2mServer>().Find(new DeviceKey("meter"))!;
        var answer = await device.SendAsync(new Lwm2mRequest.Read(_value), Patience);

        Assert.Equal(Lwm2mValue.Integer(1), answer.Records.Find(_value));
        Assert.Equal("meter", Assert.IsType<PeerIdentity.PreSharedKey>(device.Identity).Identity);
        Assert.StartsWith("dtls+udp:127.0.0.1:", device.Peer!.Address.ToString(), StringComparison.Ordinal);
        var report = Assert.Single(reports);
        Assert.True(report is { IsEstablished: true, Version: "DTLS 1.2", CipherSuite: "TLS_PSK_WITH_AES_128_CCM_8", HasExtendedMasterSecret: true, HasConnectionId: true });
        await clientHost.StopAsync(Patience);
        await serverHost.StopAsync(Patience);
    }

    [Fact]
    public async Task Accounts_of_servers_at_one_address_have_a_session_each()
    {
        using var serverHost = await ServerHostAsync();
        var service = serverHost.Services.GetRequiredService<ServerService>();
        await serverHost.Services.GetRequiredService<DeviceCredentials>().AddAsync([new Credential.PreSharedKey("n", "meter again", _key) { Endpoint = "meter" }], Patience);
        using var clientHost = ClientHost(service, "meter", _key, Account(service, "meter again", _key) with { ShortServerId = 2 });
        await clientHost.StartAsync(Patience);
        await clientHost.Services.GetRequiredService<Lwm2mClient>().WhenRegisteredAsync(Patience);

        Assert.Equal(2, service.Dtls!.SessionCount);
        await clientHost.StopAsync(Patience);
        await serverHost.StopAsync(Patience);
    }

    [Fact]
    public async Task Client_with_a_wrong_key_is_told_why_it_is_not_registered()
    {
        using var serverHost = await ServerHostAsync();
        using var clientHost = ClientHost(serverHost.Services.GetRequiredService<ServerService>(), "meter", [9]);
        var client = clientHost.Services.GetRequiredService<Lwm2mClient>();
        var problem = new TaskCompletionSource<string>();
        client.RegistrationChanged += status =>
        {
            if (status.Problem is { } why)
            {
                problem.TrySetResult(why);
            }
        };
        await clientHost.StartAsync(Patience);

        Assert.Contains("decrypt_error", await problem.Task.WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Equal(0, serverHost.Services.GetRequiredService<Lwm2mServer>().Count);
        await clientHost.StopAsync(Patience);
        await serverHost.StopAsync(Patience);
    }

    [Fact]
    public async Task Credential_that_is_deleted_ends_the_session()
    {
        using var serverHost = await ServerHostAsync();
        var service = serverHost.Services.GetRequiredService<ServerService>();
        using var clientHost = ClientHost(service, "meter", _key);
        await clientHost.StartAsync(Patience);
        await clientHost.Services.GetRequiredService<Lwm2mClient>().WhenRegisteredAsync(Patience);
        var credentials = serverHost.Services.GetRequiredService<DeviceCredentials>();
        var failed = new TaskCompletionSource<HandshakeReport>();
        service.HandshakeEnded += report => failed.TrySetResult(report);

        await credentials.RemoveAsync("m", Patience);

        Assert.False((await failed.Task.WaitAsync(Patience)).IsEstablished);   // the client has come back at once, and is nobody now
        Assert.Equal(0, service.Dtls!.SessionCount);
        await clientHost.StopAsync(Patience);
        await serverHost.StopAsync(Patience);
    }

    [Fact]
    public async Task Package_is_fetched_by_the_device_that_its_session_names_also_when_that_ends_on_the_way()
    {
        var files = new Files([.. Enumerable.Range(0, 5000).Select(i => (byte)i)]);
        using var serverHost = await ServerHostAsync(files);
        var service = serverHost.Services.GetRequiredService<ServerService>();
        using var clientHost = ClientHost(service, "meter", _key);
        await clientHost.StartAsync(Patience);
        var client = clientHost.Services.GetRequiredService<Lwm2mClient>();
        await client.WhenRegisteredAsync(Patience);
        var closed = 0;
        var taken = new Bytes { Middle = () => closed = service.Dtls!.CloseAll(static _ => true) };

        await client.DownloadAsync(new Uri($"coaps://{service.DtlsAddress}/fw"), taken, Patience);

        Assert.Equal(files.Content, taken.Content);
        Assert.Equal(1, closed);
        Assert.Equal(["meter"], files.Askers.Distinct());
        await clientHost.StopAsync(Patience);
        await serverHost.StopAsync(Patience);
    }

    [Fact]
    public async Task Dtls_without_anybody_who_knows_credentials_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStarlingServer(o =>
        {
            o.Udp = null;
            o.Dtls = new DtlsHostSettings { Udp = new UdpSettings { Bind = new IPEndPoint(IPAddress.Loopback, 0) } };
        });
        using var host = builder.Build();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Patience));
        Assert.Contains("DeviceCredentials", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<IHost> ServerHostAsync(ICoapHandler? others = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(new DeviceCredentials());
        builder.Services.AddStarlingServer(o =>
        {
            o.Catalog = MeterObjects.Catalog;
            o.OtherPaths = others is null ? null : _ => others;
            o.Udp = null;
            o.Dtls = new DtlsHostSettings { Udp = new UdpSettings { Bind = new IPEndPoint(IPAddress.Loopback, 0) } };
        });
        var host = builder.Build();
        await host.StartAsync(Patience);
        var meter = new Credential.PreSharedKey("m", "meter", _key) { Endpoint = "meter" };
        Assert.Null(await host.Services.GetRequiredService<DeviceCredentials>().AddAsync([meter], Patience));
        return host;
    }

    private static ServerAccount Account(ServerService server, string identity, byte[] key) => new()
    {
        Uri = new Uri($"coaps://{server.DtlsAddress}"),
        Credentials = new OwnCredentials.PreSharedKey(Encoding.UTF8.GetBytes(identity), key),
    };

    private static IHost ClientHost(ServerService server, string endpoint, byte[] key, params ServerAccount[] others)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStarlingClient(o =>
        {
            o.Client = new ClientSettings { Endpoint = endpoint, Servers = [Account(server, endpoint, key), .. others], Catalog = MeterObjects.Catalog, DownloadRetryDelay = TimeSpan.FromMilliseconds(1) };
            o.Udp = new UdpSettings { Bind = new IPEndPoint(IPAddress.Loopback, 0) };
            o.Objects.Add(MeterObjects.Create(1));
        });
        return builder.Build();
    }

    /// <summary>A server's file, and who asks for it.</summary>
    private sealed class Files(byte[] content) : ICoapHandler
    {
        public byte[] Content => content;
        public ConcurrentQueue<string> Askers { get; } = new();

        public bool RunsInline => true;

        public ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel)
        {
            Askers.Enqueue(((PeerIdentity.PreSharedKey)peer.Identity).Identity);
            return ValueTask.FromResult<CoapMessage?>(new CoapMessage { Code = CoapCode.Content, Payload = content });
        }
    }

    private sealed class Bytes : IBodySink
    {
        public List<byte> Content { get; } = [];
        public required Action Middle { get; init; }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancel)
        {
            var before = Content.Count;
            Content.AddRange(block.Span);
            if (before < 2000 && Content.Count >= 2000)
            {
                Middle();
            }
            return ValueTask.CompletedTask;
        }

        public void Abort() { }
    }
}
