using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Starling.Hosting;
using Starling.Server;
using Starling.Transports;

namespace Starling.Platform.Tests;

/// <summary>Credentials and real devices: the whole way from a key that is added to a session that is closed.</summary>
public sealed class SecuredDeviceTests : IAsyncLifetime
{
    private const string Key = "00112233445566778899aabbccddeeff";
    private readonly CancellationTokenSource _leave = new();
    private readonly List<Task> _devices = [];
    private readonly List<LineWriter> _said = [];
    private EmptyPlatform _platform = null!;

    public async Task InitializeAsync()
    {
        var loopback = new IPEndPoint(IPAddress.Loopback, 0);
        _platform = await EmptyPlatform.StartAsync(new PlatformSettings { Coap = loopback, Coaps = loopback, Http = loopback });
    }

    public async Task DisposeAsync()
    {
        await _leave.CancelAsync();
        await Task.WhenAll(_devices);
        _said.ForEach(s => s.Dispose());
        await _platform.DisposeAsync();
        _leave.Dispose();
    }

    [Fact]
    public async Task Device_with_its_key_registers_shows_how_it_is_secured_and_is_sent_away_with_its_credential()
    {
        await StarlingAsync("credentials", "add", "--endpoint", "meter-1", "--psk-identity", "key-1", "--psk-key", Key);
        await Start("meter-1", "key-1", Key).WaitForAsync("registered at");
        var device = JsonNode.Parse(await StarlingAsync("devices", "--json"))!["items"]![0]!;
        Assert.Equal(("psk", "key-1"), (device["security"]!["mode"]!.GetValue<string>(), device["security"]!["identity"]!.GetValue<string>()));
        Assert.Contains("session", await StarlingAsync("handshakes", "meter-1"), StringComparison.Ordinal);
        Assert.Contains("Starling", await StarlingAsync("read", "meter-1", "/3/0/0"), StringComparison.Ordinal);
        var channel = _platform.Services.GetRequiredService<ServerService>().Dtls!;
        Assert.Equal(1, channel.SessionCount);
        await StarlingAsync("credentials", "remove", "meter-1");
        Assert.Equal(0, channel.SessionCount);
    }

    [Fact]
    public async Task Device_with_a_wrong_key_is_found_among_the_handshakes_of_its_name()
    {
        await StarlingAsync("credentials", "add", "--endpoint", "meter-2", "--psk-key", Key);
        var ended = Ended();
        Start("meter-2", "meter-2", "ff" + Key[2..]);
        Assert.False((await ended).IsEstablished);
        var told = await StarlingAsync("handshakes", "meter-2", "--failed");
        Assert.Contains("failed", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, told, StringComparison.OrdinalIgnoreCase);
        ended = Ended();
        Start("stranger", "nobody", Key);
        Assert.Equal("nobody", (await ended).Claimed);
        Assert.Matches("stranger nobody .* failed at .*", await StarlingAsync("handshakes", "--strangers"));
    }

    [Fact]
    public async Task Device_does_not_register_under_another_name()
    {
        await StarlingAsync("credentials", "add", "--endpoint", "meter-3", "--psk-key", Key);
        Assert.Contains("4.00", await Start("meter-4", "meter-3", Key).WaitForAsync("4.00"), StringComparison.Ordinal);
        Assert.Contains("answered 4.00", await StarlingAsync("credentials", "explain", "meter-4", "--psk-identity", "meter-3"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_keys_work_after_a_rotation()
    {
        await StarlingAsync("credentials", "add", "--endpoint", "meter-5", "--psk-key", Key);
        await StarlingAsync("credentials", "rotate", "meter-5", "--psk-key", "aa" + Key[2..]);
        await Start("meter-5", "meter-5", Key).WaitForAsync("registered at");
        await Start("meter-5", "meter-5.2", "aa" + Key[2..]).WaitForAsync("registered at");
        Assert.Equal("meter-5.2", ((Coap.PeerIdentity.PreSharedKey)_platform.Services.GetRequiredService<Lwm2mServer>().Find(new DeviceKey("meter-5"))!.Identity).Identity);
    }

    [Fact]
    public async Task Device_fetches_its_firmware_over_coaps_with_its_own_key()
    {
        var asked = new TaskCompletionSource<Coap.PeerIdentity>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var store = await StoreAsync(new Images(asked));
        await StarlingAsync("credentials", "add", "--endpoint", "meter-6", "--psk-key", Key);
        await Start("meter-6", "meter-6", Key).WaitForAsync("registered at");
        Assert.Contains("1", await StarlingAsync("read", "meter-6", "/5/0/8"), StringComparison.Ordinal);   // CoAPS
        await StarlingAsync("write", "meter-6", "/5/0/1", $"coaps://{store.Services.GetRequiredService<ServerService>().DtlsAddress}/fw");
        Assert.Equal(new Coap.PeerIdentity.PreSharedKey("meter-6"), await asked.Task.WaitAsync(RunningPlatform.Patience));
        await store.StopAsync();
    }

    // Another server on this machine, which knows the same device.
    private static async Task<IHost> StoreAsync(Coap.ICoapHandler files)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<Coap.IPeerCredentials>(new OneKey("meter-6", Convert.FromHexString(Key)));
        builder.Services.AddStarlingServer(server =>
        {
            server.Udp = null;
            server.Dtls = new DtlsHostSettings { Udp = new UdpSettings { Bind = new IPEndPoint(IPAddress.Loopback, 0) } };
            server.OtherPaths = _ => files;
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private LineWriter Start(string endpoint, string identity, string key)
    {
        var said = new LineWriter();
        _said.Add(said);
        var address = _platform.Services.GetRequiredService<ServerService>().DtlsAddress!;
        _devices.Add(CommandLine.RunAsync(
            ["device", "--server", $"coaps://{address}", "--endpoint", endpoint, "--psk-identity", identity, "--psk-key", key], said, TextWriter.Null, _leave.Token));
        return said;
    }

    private async Task<HandshakeReport> Ended()
    {
        var service = _platform.Services.GetRequiredService<ServerService>();
        var first = new TaskCompletionSource<HandshakeReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Take(HandshakeReport report) => first.TrySetResult(report);
        service.HandshakeEnded += Take;   // behind the log, which has it by then
        try
        {
            return await first.Task.WaitAsync(RunningPlatform.Patience);
        }
        finally
        {
            service.HandshakeEnded -= Take;
        }
    }

    private async Task<string> StarlingAsync(params string[] arguments)
    {
        var (exit, output, error) = await CommandRun.RunAsync([.. arguments, "--url", _platform.Url.ToString()]);
        Assert.True(exit == ExitCode.Done, $"{string.Join(' ', arguments)}: {error}");
        return output;
    }

    /// <summary>An image for each path, and who was the first to ask.</summary>
    private sealed class Images(TaskCompletionSource<Coap.PeerIdentity> asked) : Coap.ICoapHandler
    {
        private static readonly byte[] _image = Client.SimulatedImage.Create(new("meter", "2.0"), new byte[3000]);

        public bool RunsInline => true;

        public ValueTask<Coap.CoapMessage?> HandleAsync(Coap.Peer peer, Coap.CoapMessage request, CancellationToken cancel)
        {
            asked.TrySetResult(peer.Identity);
            return ValueTask.FromResult<Coap.CoapMessage?>(new Coap.CoapMessage { Code = Coap.CoapCode.Content, Payload = _image });
        }
    }

    private sealed class OneKey(string identity, byte[] key) : Coap.IPeerCredentials
    {
        public ValueTask<Coap.PeerVerdict> JudgeAsync(Coap.PeerClaim claim, CancellationToken cancel) =>
            ValueTask.FromResult<Coap.PeerVerdict>(new Coap.PeerVerdict.Accepted(new Coap.PeerIdentity.PreSharedKey(identity), key));
    }
}
