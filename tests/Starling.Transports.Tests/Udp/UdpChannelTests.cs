using System.Net;
using System.Net.Sockets;
using Starling.Coap;

namespace Starling.Transports.Tests;

/// <summary>What must hold on real loopback sockets on either path; the subclasses name the paths.</summary>
public abstract partial class UdpChannelTests(bool portable) : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(20));
    private readonly List<IAsyncDisposable> _disposables = [];

    private CancellationToken Limit => _limit.Token;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var item in _disposables.AsEnumerable().Reverse())
        {
            await item.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _limit.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Request_and_answer_cross_between_two_channels()
    {
        var (server, _) = await EchoAsync(Loopback());
        var (client, sink) = await StartAsync(new UdpSettings());
        var peer = await client.ConnectAsync(Target(server), Limit);
        Assert.NotEqual(SendOutcome.Dropped, client.Send(peer, [1, 2, 3]));
        var (from, bytes) = await sink.NextAsync(Limit);
        Assert.Equal([1, 2, 3], bytes);
        Assert.Same(peer, from);
        Assert.Equal($"udp:127.0.0.1:{server.LocalEndPoint.Port}", peer.Address.ToString());
    }

    [Fact]
    public async Task Burst_larger_than_a_batch_is_answered_whole()
    {
        const int Count = 500;
        var (server, _) = await EchoAsync(Loopback());
        using var client = Connected(server.LocalEndPoint);
        for (var i = 0; i < Count; i++)
        {
            client.Send(BitConverter.GetBytes(i));
        }
        var got = new HashSet<int>();
        var buffer = new byte[100];
        while (got.Count < Count)
        {
            Assert.Equal(4, await client.ReceiveAsync(buffer, Limit));
            got.Add(BitConverter.ToInt32(buffer));
        }
        Assert.Equal(Count, server.Counters.Received);
        Assert.Equal(Count * 4, server.Counters.ReceivedBytes);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task Wildcard_answers_from_the_address_that_received(string wildcard)
    {
        var (server, sink) = await EchoAsync(new UdpSettings { Bind = new IPEndPoint(IPAddress.Parse(wildcard), 0) });
        var peers = new HashSet<UdpPeer>();
        using var source = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        source.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        foreach (var address in new[] { "127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3" })
        {
            var to = new IPEndPoint(IPAddress.Parse(address), server.LocalEndPoint.Port);
            await source.SendToAsync(new byte[] { 7 }, to, Limit);
            var answer = await source.ReceiveFromAsync(new byte[10], new IPEndPoint(IPAddress.Any, 0), Limit);
            Assert.Equal(to, answer.RemoteEndPoint);
            peers.Add((await sink.NextAsync(Limit)).Peer);
        }
        Assert.Equal(2, peers.Count);
    }

    [Theory]
    [InlineData("::1", "::1")]
    [InlineData("::", "::1")]
    [InlineData("::", "127.0.0.1")]
    public async Task Both_families_are_answered(string bind, string to)
    {
        var (server, sink) = await EchoAsync(new UdpSettings { Bind = new IPEndPoint(IPAddress.Parse(bind), 0) });
        using var client = Connected(new IPEndPoint(IPAddress.Parse(to), server.LocalEndPoint.Port));
        client.Send([1]);
        Assert.Equal(1, await client.ReceiveAsync(new byte[10], Limit));
        var (peer, _) = await sink.NextAsync(Limit);
        Assert.Equal(client.LocalEndPoint, peer.EndPoint);
        Assert.True(peer.AddressMayBeForged);
    }

    [Fact]
    public async Task Answer_to_a_client_on_a_wildcard_comes_from_the_peer_it_connected_to()
    {
        var (server, _) = await EchoAsync(new UdpSettings { Bind = new IPEndPoint(IPAddress.IPv6Loopback, 0) });
        var (client, sink) = await StartAsync(new UdpSettings());
        var peer = await client.ConnectAsync(Target(server), Limit);
        Assert.Same(peer, await client.ConnectAsync(Target(server), Limit));
        client.Send(peer, [1]);
        Assert.Same(peer, (await sink.NextAsync(Limit)).Peer);
        Assert.False(peer.AddressMayBeForged);
        Assert.Equal(1, client.PeerCount);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("::", "127.0.0.1")]
    [InlineData("::", "::1")]
    public async Task Peer_of_a_store_is_spoken_to_first_and_is_the_one_that_answers(string bind, string local)
    {
        using var device = new Socket(IPAddress.Parse(local).AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        device.Bind(new IPEndPoint(IPAddress.Parse(local), 0));
        var server = Channel(new UdpSettings { Bind = new IPEndPoint(IPAddress.Parse(bind), 0) });
        Assert.True(server.TryRestore(new PeerAddress("udp", device.LocalEndPoint!.ToString()!), out var peer));
        peer.Hold();
        Assert.Equal(SendOutcome.Dropped, server.Send(peer, [1]));   // it has not been started
        var sink = new UdpSink();
        await server.StartAsync(sink, Limit);
        Assert.NotEqual(SendOutcome.Dropped, server.Send(peer, [1]));
        var asked = await device.ReceiveFromAsync(new byte[10], device.LocalEndPoint!, Limit);
        await device.SendToAsync(new byte[] { 2 }, asked.RemoteEndPoint, Limit);
        Assert.Same(peer, (await sink.NextAsync(Limit)).Peer);
        Assert.Equal((1, true), (server.PeerCount, peer.AddressMayBeForged));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task Peer_of_a_store_is_answered_from_the_address_at_which_it_spoke_first(string bind)
    {
        using var device = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        device.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var server = Channel(new UdpSettings { Bind = new IPEndPoint(IPAddress.Parse(bind), 0) });
        Assert.True(server.TryRestore(new PeerAddress("udp", device.LocalEndPoint!.ToString()!), out var peer));
        var sink = new UdpSink();
        await server.StartAsync(sink, Limit);
        var first = new IPEndPoint(IPAddress.Parse("127.0.0.2"), server.LocalEndPoint.Port);
        await device.SendToAsync(new byte[] { 1 }, first, Limit);
        Assert.Same(peer, (await sink.NextAsync(Limit)).Peer);
        server.Send(peer, [2]);
        Assert.Equal(first, (await device.ReceiveFromAsync(new byte[10], device.LocalEndPoint!, Limit)).RemoteEndPoint);
        // To another of our addresses it is another peer, as for everyone.
        await device.SendToAsync(new byte[] { 3 }, new IPEndPoint(IPAddress.Parse("127.0.0.3"), server.LocalEndPoint.Port), Limit);
        Assert.NotSame(peer, (await sink.NextAsync(Limit)).Peer);
        await device.SendToAsync(new byte[] { 4 }, first, Limit);
        Assert.Same(peer, (await sink.NextAsync(Limit)).Peer);
    }

    [Theory]
    [InlineData("0.0.0.0", "sim", "127.0.0.1:9")]
    [InlineData("0.0.0.0", "udp", "[::1]:9")]
    [InlineData("::1", "udp", "127.0.0.1:9")]
    [InlineData("0.0.0.0", "udp", "127.0.0.1")]
    [InlineData("0.0.0.0", "udp", "127.0.0.1:70000")]
    [InlineData("0.0.0.0", "udp", "here:9")]
    [InlineData("0.0.0.0", "udp", null)]
    [InlineData("0.0.0.0", null, null)]
    public void What_this_channel_does_not_reach_is_not_restored(string bind, string? transport, string? text)
    {
        var channel = Channel(new UdpSettings { Bind = new IPEndPoint(IPAddress.Parse(bind), 0) });
        Assert.False(channel.TryRestore(new PeerAddress(transport!, text!), out _));
        Assert.Equal(0, channel.PeerCount);
    }

    [Fact]
    public async Task Restored_peers_that_nobody_holds_make_room_for_others()
    {
        var channel = Channel(Loopback() with { MaxUnheldPeers = 3 });
        for (var port = 1; port <= 10; port++)
        {
            Assert.True(channel.TryRestore(new PeerAddress("udp", $"127.0.0.1:{port}"), out var peer));
            if (port == 1)
            {
                peer.Hold();
            }
        }
        Assert.Equal((4, 6), (channel.PeerCount, channel.Counters.Evicted));
        await channel.StartAsync(new UdpSink(), Limit);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Port_in_use_is_an_error_that_says_so(int threads)
    {
        var (first, _) = await EchoAsync(Loopback() with { ReceiveThreads = threads });
        var second = Channel(Loopback() with { Bind = first.LocalEndPoint, ReceiveThreads = threads });
        var error = await Assert.ThrowsAsync<IOException>(() => second.StartAsync(new UdpSink(), Limit));
        Assert.StartsWith($"UDP port {first.LocalEndPoint.Port} on 127.0.0.1 is in use", error.Message, StringComparison.Ordinal);
        // What failed can be tried again, and the first one still has all the traffic.
        await first.DisposeAsync();
        await second.StartAsync(new UdpSink(), Limit);
    }

    [Fact]
    public async Task Foreign_address_is_an_error_that_says_so()
    {
        var channel = Channel(new UdpSettings { Bind = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0) });
        var error = await Assert.ThrowsAsync<IOException>(() => channel.StartAsync(new UdpSink(), Limit));
        Assert.StartsWith("192.0.2.1 is not an address of this machine", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Oversized_datagram_is_counted_and_the_largest_one_arrives()
    {
        var (server, sink) = await EchoAsync(Loopback() with { MaxDatagram = 1000 });
        using var client = Connected(server.LocalEndPoint);
        client.Send(new byte[1001]);
        client.Send(new byte[60_000]);
        client.Send(new byte[1000]);
        client.Send(Array.Empty<byte>());
        Assert.Equal(1000, (await sink.NextAsync(Limit)).Bytes.Length);
        Assert.Empty((await sink.NextAsync(Limit)).Bytes);
        Assert.Equal(2, server.Counters.Oversized);
    }

    [Fact]
    public async Task Receiving_goes_on_when_the_sink_throws()
    {
        var (server, sink) = await StartAsync(Loopback());
        sink.OnReceived = (_, bytes) =>
        {
            if (bytes[0] == 0)
            {
                throw new InvalidOperationException("a test");
            }
        };
        using var client = Connected(server.LocalEndPoint);
        client.Send([0]);
        client.Send([1]);
        Assert.Equal([1], (await sink.NextAsync(Limit)).Bytes);
        Assert.Equal(1, server.Counters.SinkFailures);
    }

    [Fact]
    public async Task Port_where_nobody_listens_does_not_end_receiving()
    {
        var (server, _) = await EchoAsync(Loopback());
        var (client, sink) = await StartAsync(Loopback());
        var (gone, _) = await StartAsync(Loopback());
        var nobody = await client.ConnectAsync(Target(gone), Limit);
        await gone.DisposeAsync();
        for (var i = 0; i < 50; i++)
        {
            client.Send(nobody, [9]);
        }
        client.Send(await client.ConnectAsync(Target(server), Limit), [1]);
        Assert.Equal([1], (await sink.NextAsync(Limit)).Bytes);
    }

    [Fact]
    public async Task Counters_tell_what_was_sent_and_refused()
    {
        var (client, _) = await StartAsync(Loopback());
        var peer = await client.ConnectAsync(new PeerTarget(new Uri("coap://127.0.0.1:9")), Limit);
        Assert.Equal(SendOutcome.Sent, client.Send(peer, new byte[10]));
        Assert.Equal(SendOutcome.Dropped, client.Send(peer, new byte[70_000]));
        Assert.Equal((1, 10, 1), (client.Counters.Sent, client.Counters.SentBytes, client.Counters.SendErrors));
    }

    [Fact]
    public async Task Received_datagram_allocates_nothing()
    {
        const int Warm = 3000, Measured = 6000;
        long before = 0, after = 0, seen = 0;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (server, sink) = await StartAsync(Loopback(), keeps: false);
        sink.OnReceived = (peer, bytes) =>
        {
            server.Send(peer, bytes);
            seen++;
            before = seen == Warm ? GC.GetAllocatedBytesForCurrentThread() : before;
            if (seen == Warm + Measured)
            {
                after = GC.GetAllocatedBytesForCurrentThread();
                done.SetResult();
            }
        };
        using var client = Connected(server.LocalEndPoint);
        var buffer = new byte[64];
        for (var i = 0; i < Warm + Measured; i++)
        {
            client.Send(buffer);
            await client.ReceiveAsync(buffer, Limit);
        }
        await done.Task.WaitAsync(Limit);
        Assert.True(after - before < Measured, $"{after - before} bytes for {Measured} datagrams");
    }

    private static UdpSettings Loopback() => new() { Bind = new IPEndPoint(IPAddress.Loopback, 0) };

    private UdpChannel Channel(UdpSettings settings, UdpThreads? threads = null)
    {
        var channel = new UdpChannel(settings with { Portable = portable }, threads);
        _disposables.Add(channel);
        return channel;
    }

    private async Task<(UdpChannel Channel, UdpSink Sink)> StartAsync(UdpSettings settings, UdpThreads? threads = null, bool keeps = true)
    {
        var channel = Channel(settings, threads);
        var sink = new UdpSink { Keeps = keeps };
        await channel.StartAsync(sink, Limit);
        return (channel, sink);
    }

    private async Task<(UdpChannel Channel, UdpSink Sink)> EchoAsync(UdpSettings settings, UdpThreads? threads = null)
    {
        var (channel, sink) = await StartAsync(settings, threads);
        sink.OnReceived = (peer, bytes) => channel.Send(peer, bytes);
        return (channel, sink);
    }

    private static PeerTarget Target(UdpChannel channel) => new(new Uri($"coap://{channel.LocalEndPoint}"));

    private static Socket Connected(IPEndPoint to)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        socket.Connect(to);
        return socket;
    }
}

/// <summary>The batched path.</summary>
public sealed class BatchedUdpChannelTests() : UdpChannelTests(portable: false);

/// <summary>The path of every system.</summary>
public sealed class PortableUdpChannelTests() : UdpChannelTests(portable: true);
