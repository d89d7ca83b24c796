using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>Two real endpoints on one simulated network. All chance comes from the seed.</summary>
internal sealed class Pair : IAsyncDisposable
{
    public Pair(int seed, SimConditions conditions, CoapSettings? settings = null, bool inline = true)
    {
        Network = new SimNetwork(new ManualTime(), seed, conditions);
        Settings = settings ?? new CoapSettings();
        Client = Make("10.0.0.1:5683", new TestHandler { RunsInline = inline }, (ulong)seed, out var clientHandler);
        Server = Make("10.0.0.2:5683", new TestHandler { RunsInline = inline }, (ulong)seed + 1, out var serverHandler);
        (ClientHandler, ServerHandler) = (clientHandler, serverHandler);
        ToServer = Client.ConnectAsync(new PeerTarget(new Uri("coap://10.0.0.2:5683")), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        ToClient = Server.ConnectAsync(new PeerTarget(new Uri("coap://10.0.0.1:5683")), CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    public SimNetwork Network { get; }
    public CoapSettings Settings { get; }
    public CoapEndpoint Client { get; }
    public CoapEndpoint Server { get; }
    public TestHandler ClientHandler { get; }
    public TestHandler ServerHandler { get; }
    public Peer ToServer { get; }
    public Peer ToClient { get; }

    /// <summary>What a request ended with: a response, or why there is none.</summary>
    public static async Task<(CoapMessage? Response, CoapException? Failure)> Outcome(ValueTask<CoapMessage> request)
    {
        try
        {
            return (await request.ConfigureAwait(false), null);
        }
        catch (CoapException failure)
        {
            return (null, failure);
        }
    }

    /// <summary>After all transfers' and exchanges' time nothing may be left.</summary>
    public async Task AssertNothingIsLeftAsync()
    {
        await Network.RunAsync(TimeSpan.FromSeconds(400));
        foreach (var (endpoint, peer) in new[] { (Client, ToServer), (Server, ToClient) })
        {
            Assert.True(endpoint.TransferBytes == 0, $"seed {Network.Seed}: {endpoint.TransferBytes} bytes are held");
            Assert.True(endpoint.PendingCount == 0, $"seed {Network.Seed}: {endpoint.PendingCount} requests are open");
            Assert.False(peer.IsHeld, $"seed {Network.Seed}: {peer} is held");
        }
        Assert.True(Network.Time.TimerCount == 0, $"seed {Network.Seed}: {Network.Time.TimerCount} timers wait");
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }

    private CoapEndpoint Make(string address, TestHandler handler, ulong chance, out TestHandler made)
    {
        made = handler;
        var channel = Network.Host(address);
        channel.AddressesMayBeForged = false;
        var layer = new MessageLayer(channel, Settings, Network.Time, chance: chance);
        var endpoint = new CoapEndpoint([layer], handler, Settings, Network.Time);
        endpoint.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        return endpoint;
    }
}
