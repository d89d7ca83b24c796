using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>
/// The real message layer and endpoint at 10.0.0.2:5683 on a simulated network, and raw scripted peers that talk to it.
/// Timeouts are without their random part unless a test asks for it.
/// </summary>
internal sealed class Scene : IAsyncDisposable
{
    public const string Home = "10.0.0.2:5683";
    private int _peers;

    public Scene(CoapSettings? settings = null, int seed = 1, SimConditions? conditions = null, TestHandler? handler = null, ICoapHandler? other = null)
    {
        Network = new SimNetwork(new ManualTime(), seed, conditions);
        Handler = handler ?? new TestHandler();
        Settings = settings ?? Plain;
        Channel = Network.Host(Home);
        Channel.AddressesMayBeForged = false;
        Trace = new ProtocolTrace(Network.Time);
        Layer = new MessageLayer(Channel, Settings, Network.Time, Trace, Telemetry, chance: (ulong)seed);
        Endpoint = new CoapEndpoint([Layer], other ?? Handler, Settings, Network.Time, Telemetry);
        Endpoint.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>ACK_RANDOM_FACTOR 1: retransmissions after exactly 2, 4, 8 and 16 s.</summary>
    public static CoapSettings Plain { get; } = new() { Transmission = Transmission.Default with { AckRandomFactor = 1 } };

    public SimNetwork Network { get; }
    public CoapSettings Settings { get; }
    public SimChannel Channel { get; }
    public ProtocolTrace Trace { get; }
    public CoapTelemetry Telemetry { get; } = new();
    public MessageLayer Layer { get; }
    public CoapEndpoint Endpoint { get; }
    public TestHandler Handler { get; }

    /// <summary>A scripted peer at an address of its own.</summary>
    public Lockstep Script() => Network.Lockstep(Script(++_peers), Home);

    /// <summary>The peer object of the n-th script, from 1, connected.</summary>
    public Peer PeerOf(int script = 1)
    {
        var connected = Endpoint.ConnectAsync(new PeerTarget(new Uri($"coap://{Script(script)}")), CancellationToken.None);
        return connected.IsCompletedSuccessfully ? connected.Result : throw new InvalidOperationException("Connecting took time.");
    }

    /// <summary>Begins a request and lets its first datagram out.</summary>
    public Task<CoapMessage> Request(Peer peer, CoapMessage request, CancellationToken cancel = default) =>
        Endpoint.RequestAsync(peer, request, cancel).AsTask();

    public static CoapMessage Get(string path) => Message(CoapCode.Get, path);

    public static CoapMessage Message(CoapCode code, string path, byte[]? payload = null, CoapToken token = default, uint? observe = null)
    {
        var builder = new CoapOptionsBuilder();
        if (observe is { } value)
        {
            builder.Add(OptionNumber.Observe, value);
        }
        builder.AddPath(OptionNumber.UriPath, path);
        return new CoapMessage { Code = code, Token = token, Options = builder.Build(), Payload = payload ?? [] };
    }

    public static CoapMessage Content(string text) => CoapMessage.Error(CoapCode.Content, text);

    public static byte[] Bytes(int length, int seed = 0)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public ValueTask DisposeAsync() => Endpoint.DisposeAsync();

    private static string Script(int number) => $"10.0.0.1:{40000 + number}";

    /// <summary>Nothing is held any more: no bytes of transfers, no peer.</summary>
    public async Task AssertFreeAsync()
    {
        await Network.RunAsync(TimeSpan.FromSeconds(0.1));
        Assert.Equal(0, Endpoint.TransferBytes);
        Assert.All(Channel.Peers, p => Assert.False(p.IsHeld));
    }
}
