using System.Net;
using System.Net.Sockets;
using Starling.Coap;

namespace Starling.Transports.Tests;

/// <summary>Threads, stopping, and peers that come and go.</summary>
public abstract partial class UdpChannelTests
{
    [Fact]
    public async Task Many_threads_send_through_one_channel()
    {
        const int Threads = 8, Each = 400;
        var (server, sink) = await StartAsync(Loopback());
        var (client, _) = await StartAsync(Loopback());
        var peer = await client.ConnectAsync(Target(server), Limit);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                Assert.Equal(SendOutcome.Sent, client.Send(peer, BitConverter.GetBytes((thread * Each) + i)));
            }
        })));
        var got = new HashSet<int>();
        while (got.Count < Threads * Each)
        {
            got.Add(BitConverter.ToInt32((await sink.NextAsync(Limit)).Bytes));
        }
        Assert.Equal(Threads * Each, client.Counters.Sent);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::")]
    public async Task Several_receiving_threads_share_one_port_and_one_table(string bind)
    {
        var (server, _) = await EchoAsync(new UdpSettings { Bind = new IPEndPoint(IPAddress.Parse(bind), 0), ReceiveThreads = 3 });
        var to = new IPEndPoint(IPAddress.Loopback, server.LocalEndPoint.Port);
        var clients = Enumerable.Range(0, 40).Select(_ => Connected(to)).ToList();
        foreach (var client in clients)
        {
            client.Send([1]);
            client.Send([2]);
        }
        foreach (var client in clients)
        {
            await client.ReceiveAsync(new byte[10], Limit);
            await client.ReceiveAsync(new byte[10], Limit);
            client.Dispose();
        }
        Assert.Equal(40, server.PeerCount);
    }

    [Fact]
    public async Task Channels_that_share_threads_keep_their_own_ports_and_peers()
    {
        // Off Linux each has a thread.
        var count = portable ? 50 : 1000;
        await using var threads = new UdpThreads(Loopback() with { Portable = portable });
        var (server, serverSink) = await EchoAsync(Loopback());
        var clients = new List<(UdpChannel Channel, UdpSink Sink)>();
        for (var i = 0; i < count; i++)
        {
            clients.Add(await StartAsync(Loopback(), threads));
        }
        var ports = new HashSet<int>();
        for (var i = 0; i < clients.Count; i++)
        {
            var peer = await clients[i].Channel.ConnectAsync(Target(server), Limit);
            clients[i].Channel.Send(peer, BitConverter.GetBytes(i));
            Assert.Equal(BitConverter.GetBytes(i), (await clients[i].Sink.NextAsync(Limit)).Bytes);
            ports.Add((await serverSink.NextAsync(Limit)).Peer.EndPoint.Port);
        }
        Assert.Equal(count, ports.Count);
        foreach (var (channel, _) in clients)
        {
            await channel.DisposeAsync();
        }
    }

    [Fact]
    public async Task Stopped_under_load_it_delivers_nothing_more()
    {
        var (server, sink) = await StartAsync(Loopback(), keeps: false);
        var stopped = false;
        var late = 0;
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.OnReceived = (peer, bytes) =>
        {
            server.Send(peer, bytes);
            running.TrySetResult();
            late += Volatile.Read(ref stopped) ? 1 : 0;
        };
        using var end = new CancellationTokenSource();
        var load = Enumerable.Range(0, 2).Select(_ => Task.Run(() => Blast(server.LocalEndPoint, end.Token))).ToArray();
        await running.Task.WaitAsync(Limit);
        await server.DisposeAsync().AsTask().WaitAsync(Limit);
        Volatile.Write(ref stopped, true);
        await end.CancelAsync();
        await Task.WhenAll(load).WaitAsync(Limit);
        Assert.Equal(0, late);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Stopped_from_its_own_sink_it_ends()
    {
        var (server, sink) = await StartAsync(Loopback());
        Task? stopping = null;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.OnReceived = (_, _) =>
        {
            stopping = server.DisposeAsync().AsTask();
            begun.SetResult();
        };
        using var client = Connected(server.LocalEndPoint);
        client.Send([1]);
        await begun.Task.WaitAsync(Limit);
        await stopping!.WaitAsync(Limit);
    }

    [Fact]
    public async Task Sends_after_the_end_are_dropped()
    {
        var (client, _) = await StartAsync(Loopback());
        var peer = await client.ConnectAsync(new PeerTarget(new Uri("coap://127.0.0.1:9")), Limit);
        await client.DisposeAsync();
        Assert.Equal(SendOutcome.Dropped, client.Send(peer, [1]));
        Assert.Equal(1, client.Counters.SendsDropped);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.StartAsync(new UdpSink(), Limit));
    }

    [Fact]
    public async Task Oldest_unheld_peer_makes_room_and_a_held_one_stays()
    {
        var (server, sink) = await StartAsync(Loopback() with { MaxUnheldPeers = 4 });
        var clients = Enumerable.Range(0, 10).Select(_ => Connected(server.LocalEndPoint)).ToList();
        var peers = new List<UdpPeer>();
        foreach (var client in clients)
        {
            client.Send([1]);
            peers.Add((await sink.NextAsync(Limit)).Peer);
            if (peers.Count == 1)
            {
                peers[0].Hold();
            }
        }
        // Ten came, one is held, four stay: the second to the sixth went, in that order.
        foreach (var expected in peers[1..6])
        {
            Assert.Equal((expected, PeerLoss.Evicted), await sink.NextLossAsync(Limit));
            Assert.Equal(SendOutcome.Dropped, server.Send(expected, [1]));
        }
        Assert.False(sink.HasLoss);
        Assert.Equal((5, 5), (server.PeerCount, server.Counters.Evicted));
        clients[0].Send([1]);
        Assert.Same(peers[0], (await sink.NextAsync(Limit)).Peer);
        clients[1].Send([1]);
        Assert.NotSame(peers[1], (await sink.NextAsync(Limit)).Peer);
        clients.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task Closed_peer_is_reported_and_a_stranger_afterwards()
    {
        var (server, sink) = await StartAsync(Loopback());
        using var client = Connected(server.LocalEndPoint);
        client.Send([1]);
        var (peer, _) = await sink.NextAsync(Limit);
        peer.Hold();
        server.Close(peer);
        server.Close(peer);
        Assert.Equal((peer, PeerLoss.Closed), await sink.NextLossAsync(Limit));
        Assert.False(sink.HasLoss);
        Assert.Equal(SendOutcome.Dropped, server.Send(peer, [1]));
        client.Send([1]);
        Assert.NotSame(peer, (await sink.NextAsync(Limit)).Peer);
    }

    [Fact]
    public async Task Peer_of_another_channel_is_refused()
    {
        var (first, _) = await StartAsync(Loopback());
        var (second, _) = await StartAsync(Loopback());
        var peer = await first.ConnectAsync(Target(second), Limit);
        Assert.Equal(SendOutcome.Dropped, second.Send(peer, [1]));
        second.Close(peer);
        Assert.Equal(1, first.PeerCount);
    }

    [Theory]
    [InlineData("coaps://127.0.0.1", typeof(NotSupportedException))]
    [InlineData("coap://[::1]", typeof(IOException))]
    [InlineData("coap://no-such-host.invalid", typeof(IOException))]
    public async Task Target_that_cannot_be_reached_is_told(string uri, Type error)
    {
        var (client, _) = await StartAsync(Loopback());
        var thrown = await Record.ExceptionAsync(async () => await client.ConnectAsync(new PeerTarget(new Uri(uri)), Limit));
        Assert.IsType(error, thrown);
    }

    [Fact]
    public async Task Default_port_of_a_target_is_5683_and_names_are_looked_up()
    {
        var (client, _) = await StartAsync(Loopback());
        var peer = await client.ConnectAsync(new PeerTarget(new Uri("coap://localhost")), Limit);
        Assert.Equal("127.0.0.1:5683", peer.Address.Text);
    }

    [Fact]
    public async Task Before_the_start_nothing_is_there()
    {
        var channel = Channel(Loopback());
        Assert.Throws<InvalidOperationException>(() => channel.LocalEndPoint);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await channel.ConnectAsync(new PeerTarget(new Uri("coap://127.0.0.1")), Limit));
        await channel.StartAsync(new UdpSink(), Limit);
        await Assert.ThrowsAsync<InvalidOperationException>(() => channel.StartAsync(new UdpSink(), Limit));
    }

    private static void Blast(IPEndPoint to, CancellationToken end)
    {
        using var socket = Connected(to);
        while (!end.IsCancellationRequested)
        {
            try
            {
                socket.Send(new byte[64]);
            }
            catch (SocketException)
            {
                // Nobody listens any more: that is what this is about.
            }
        }
    }
}
