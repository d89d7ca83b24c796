using System.Text;

namespace Starling.Coap.Tests;

/// <summary>Many requests at a time on several threads and the real clock: pooled exchanges, cancellation and lost peers get in each other's way.</summary>
public sealed class StressTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(2);

    private static readonly CoapSettings _settings = new()
    {
        Transmission = Transmission.Default with { AckTimeout = TimeSpan.FromMilliseconds(60), Nstart = 2 },
        Reliability = new() { QueuedPerPeer = 1000, AcknowledgeAfter = TimeSpan.FromMilliseconds(20) },
        Requests = new() { HandlingPerPeer = 1000 },
    };

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 37)]
    [InlineData(false, 37)]
    public async Task Every_request_gets_its_own_response(bool inline, int losesEvery)
    {
        var (client, server, peers) = Make(inline, losesEvery, out var handler);
        handler.Handle = async (_, request, _) =>
        {
            if (!inline)
            {
                await Task.Yield();
            }
            return Scene.Content(Encoding.ASCII.GetString(request.Payload.Span));
        };
        var requests = peers.SelectMany((peer, p) => Enumerable.Range(0, 60).Select(i => Ask(client, peer, $"{p}-{i}", CancellationToken.None)));
        var responses = await Task.WhenAll(requests).WaitAsync(_limit);
        Assert.All(responses, r => Assert.Equal(r.Id, r.Response));
        await AssertFreeAsync(client, server, peers);
    }

    [Fact]
    public async Task Cancelled_requests_disturb_no_others()
    {
        var (client, server, peers) = Make(inline: true, losesEvery: 53, out _);
        var requests = peers.SelectMany((peer, p) => Enumerable.Range(0, 60).Select(async i =>
        {
            using var cancel = new CancellationTokenSource();
            var request = Ask(client, peer, $"{p}-{i}", cancel.Token);
            if (i % 3 == 0)
            {
                await Task.Yield();
                await cancel.CancelAsync();
            }
            return (i % 3 == 0, await request);
        }));
        var responses = await Task.WhenAll(requests).WaitAsync(_limit);
        Assert.All(responses, r => Assert.True(r.Item2.Response == r.Item2.Id || (r.Item1 && r.Item2.Response is null)));
        await AssertFreeAsync(client, server, peers);
    }

    [Fact]
    public async Task Closed_peers_end_their_requests_and_no_others()
    {
        var (client, server, peers) = Make(inline: true, losesEvery: 53, out _);
        var requests = peers.SelectMany((peer, p) => Enumerable.Range(0, 60).Select(async i =>
        {
            var request = Ask(client, peer, $"{p}-{i}", CancellationToken.None);
            if (p % 2 == 0 && i == 30)
            {
                await Task.Yield();
                client.Close(peer);
            }
            return (p % 2 == 0, await request);
        }));
        var responses = await Task.WhenAll(requests).WaitAsync(_limit);
        Assert.All(responses, r => Assert.True(r.Item2.Response == r.Item2.Id || (r.Item1 && r.Item2.Response is null)));
        await AssertFreeAsync(client, server, peers);
    }

    [Fact]
    public async Task Stopping_in_the_middle_ends_everything()
    {
        for (var round = 0; round < 10; round++)
        {
            var (client, server, peers) = Make(inline: false, losesEvery: 7, out _);
            var requests = peers.SelectMany((peer, p) => Enumerable.Range(0, 30).Select(i => Ask(client, peer, $"{p}-{i}", CancellationToken.None))).ToArray();
            await Task.WhenAny(requests);
            await client.DisposeAsync();
            await server.DisposeAsync();
            var responses = await Task.WhenAll(requests).WaitAsync(_limit);
            Assert.All(responses, r => Assert.True(r.Response is null || r.Response == r.Id));
            Assert.Equal(0, client.PendingCount);
            Assert.All(peers, p => Assert.False(p.IsHeld));
        }
    }

    [Fact]
    public async Task Bodies_by_blocks_are_kept_apart()
    {
        // One at a time: else a peer's other bodies push a block whose acknowledgement was lost out of the duplicates before its copy comes.
        var (client, server, peers) = Make(inline: false, losesEvery: 101, out var handler, nstart: 1);
        handler.Answer(request => new CoapMessage { Code = CoapCode.Content, Payload = request.Payload });
        var requests = peers.SelectMany((peer, p) => Enumerable.Range(0, 4).Select(async i =>
        {
            var body = Scene.Bytes(3000, (p * 100) + i);
            var response = await client.RequestAsync(peer, Scene.Message(CoapCode.Post, $"/{i}", body), CancellationToken.None);
            Assert.Equal(body, response.Payload.ToArray());
        }));
        await Task.WhenAll(requests).WaitAsync(_limit);
        await AssertFreeAsync(client, server, peers);
    }

    private static async Task<(string Id, string? Response)> Ask(CoapEndpoint client, Peer peer, string id, CancellationToken cancel)
    {
        try
        {
            var response = await client.RequestAsync(peer, Scene.Message(CoapCode.Post, "/x", Encoding.ASCII.GetBytes(id)), cancel);
            return (id, Encoding.ASCII.GetString(response.Payload.Span));
        }
        catch (Exception failure) when (failure is CoapException or OperationCanceledException or ObjectDisposedException)
        {
            return (id, null);
        }
    }

    private static (CoapEndpoint Client, CoapEndpoint Server, IReadOnlyList<Peer> Peers) Make(
        bool inline, int losesEvery, out TestHandler handler, int nstart = 2)
    {
        var settings = _settings with { Transmission = _settings.Transmission with { Nstart = nstart } };
        handler = new TestHandler { RunsInline = inline };
        handler.Answer(request => Scene.Content(Encoding.ASCII.GetString(request.Payload.Span)));
        var (one, two) = Wire.Pair(16, losesEvery);
        var client = Start(one, new TestHandler(), settings);
        var server = Start(two, handler, settings);
        for (var i = 0; i < one.Peers.Count; i++)
        {
            Assert.True(client.ConnectAsync(new PeerTarget(new Uri($"coap://x:{i}")), CancellationToken.None).IsCompletedSuccessfully);
        }
        return (client, server, one.Peers);
    }

    private static CoapEndpoint Start(Wire wire, ICoapHandler handler, CoapSettings settings)
    {
        var endpoint = new CoapEndpoint([new MessageLayer(wire, settings, TimeProvider.System)], handler, settings, TimeProvider.System);
        endpoint.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        return endpoint;
    }

    private static async Task AssertFreeAsync(CoapEndpoint client, CoapEndpoint server, IReadOnlyList<Peer> peers)
    {
        Assert.Equal(0, client.PendingCount);
        await server.DisposeAsync();
        await client.DisposeAsync();
        Assert.Equal(0, client.TransferBytes);
        Assert.Equal(0, server.TransferBytes);
        Assert.All(peers, p => Assert.False(p.IsHeld));
    }
}
