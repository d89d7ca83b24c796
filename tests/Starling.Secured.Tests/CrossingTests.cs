using System.Text;
using Starling.Coap;
using Starling.Testing;
using Starling.Transports;

namespace Starling.Secured.Tests;

/// <summary>Sessions that get into each other's way: at one address, or on two threads at once.</summary>
public sealed class CrossingTests
{
    [Fact]
    public async Task Two_moves_at_once_hold_the_last_address_and_no_other()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        var server = await rig.ConnectAsync(client);
        client.Send(server, "one"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 1);
        var device = rig.Above.Received[0].Peer;
        var (second, third) = (await RecordAsync(rig, client, server), await RecordAsync(rig, client, server));

        // While the table is looked through, neither move gets into it: the session has moved twice before the table hears of the first time.
        Thread[] threads = [new(() => rig.Below.Deliver("10.0.1.1:4001", second)), new(() => rig.Below.Deliver("10.0.1.1:4002", third))];
        rig.Server.CloseAll(_ =>
        {
            threads[0].Start();
            Assert.True(SpinWait.SpinUntil(() => device.Address.Text == "10.0.1.1:4001", TimeSpan.FromSeconds(30)));
            threads[1].Start();
            Assert.True(SpinWait.SpinUntil(() => device.Address.Text == "10.0.1.1:4002", TimeSpan.FromSeconds(30)));
            return false;
        });
        Array.ForEach(threads, t => t.Join());

        Assert.Equal([false, false, true], Held(rig));
        rig.Server.Close(device);
        Assert.Equal([false, false, false], Held(rig));
    }

    [Fact]
    public async Task Session_that_ends_while_it_moves_holds_nothing()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        var server = await rig.ConnectAsync(client);
        client.Send(server, "one"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 1);
        var device = rig.Above.Received[0].Peer;
        var record = await RecordAsync(rig, client, server);

        var moving = new Thread(() => rig.Below.Deliver("10.0.1.1:4001", record));
        rig.Server.CloseAll(_ =>
        {
            moving.Start();
            return SpinWait.SpinUntil(() => device.Address.Text == "10.0.1.1:4001", TimeSpan.FromSeconds(30));
        });
        moving.Join();

        Assert.Equal(0, rig.Server.SessionCount);
        Assert.Equal([false, false, false], Held(rig));
    }

    [Fact]
    public async Task Session_that_moves_on_while_its_address_is_being_proven_has_to_prove_the_next_one()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, host, _) = await rig.ClientAsync("10.0.1.1:4000");
        var server = await rig.ConnectAsync(client);
        rig.Network.Move(host, "10.0.1.1:4001");
        client.Send(server, "one"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 1);
        var device = rig.Above.Received[0].Peer;
        rig.Network.Lose = f => f.From == "10.0.1.1:4001";
        await rig.Network.RunAsync(TimeSpan.FromMilliseconds(100));
        var response = rig.Network.Frames.Last(f => f.From == "10.0.1.1:4001").Bytes;
        var next = await RecordAsync(rig, client, server);
        var (other, _, _) = await rig.ClientAsync("10.0.2.1:4000");
        var others = await rig.ConnectAsync(other, SessionRig.Target("dev-2"));
        var moving = await RecordAsync(rig, other, others);

        // The timers of moves are kept busy by another session that moves, so that the address is proven, and its timer not yet cancelled, when the session moves.
        var looks = 0;
        var keeper = new Thread(() => rig.Below.Deliver("10.0.2.1:4001", moving));
        rig.Clock.Holds = () => Thread.CurrentThread == keeper && ++looks == 3;   // when the record came, when it is due, and in the wheel
        Thread[] threads = [keeper, new(() => rig.Below.Deliver("10.0.1.1:4001", response)), new(() => rig.Below.Deliver("10.0.1.1:4002", next))];
        foreach (var thread in threads)
        {
            thread.Start();
            Assert.True(SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(30)));
        }
        rig.Clock.Release();
        Array.ForEach(threads, t => t.Join());
        Assert.Equal("10.0.1.1:4002", device.Address.Text);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("10.0.1.1:4001", device.Address.Text);   // nobody is at the last one
    }

    [Fact]
    public async Task Address_that_another_device_has_now_does_not_end_the_session_of_a_connection_id()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (sleepy, place, _) = await rig.ClientAsync("10.0.1.1:4000");
        var server = await rig.ConnectAsync(sleepy);
        sleepy.Send(server, "good night"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 1);

        rig.Network.Move(place, "10.0.1.1:4001");   // the network has given its address to another one
        var (other, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        var others = await rig.ConnectAsync(other, SessionRig.Target("dev-2"));
        other.Send(others, "hello"u8);
        sleepy.Send(server, "good morning"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 3);

        Assert.Empty(rig.Above.Lost);
        Assert.Equal(["dev-1", "dev-1", "dev-2"], rig.Above.Received.Select(r => ((PeerIdentity.PreSharedKey)r.Peer.Identity).Identity).Order());
        Assert.Equal(2, rig.Server.SessionCount);
    }

    [Fact]
    public async Task Who_writes_the_address_of_another_does_not_end_his_handshake()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (thief, _, _) = await rig.ClientAsync("10.0.1.2:4000");
        var servers = await rig.ConnectAsync(thief, SessionRig.Target("dev-2"));
        var record = await RecordAsync(rig, thief, servers);
        var (honest, _, _) = await rig.ClientAsync("10.0.1.1:4000", connectionId: null);
        rig.Network.Lose = f => f.From == "10.0.1.1:4000" && rig.Server.HandshakeCount == 1;   // its key exchange is lost the first time
        var connecting = honest.ConnectAsync(SessionRig.Target(), CancellationToken.None).AsTask();
        await rig.Network.UntilAsync(() => rig.Server.HandshakeCount == 1);

        rig.Below.Deliver("10.0.1.1:4000", record);
        await rig.Network.RunAsync(TimeSpan.FromMilliseconds(500));
        rig.Network.Lose = null;
        var server = await rig.Network.UntilAsync(connecting);
        honest.Send(server, "here i am"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Any(r => Encoding.UTF8.GetString(r.Bytes) == "here i am"));

        Assert.Equal(new PeerIdentity.PreSharedKey("dev-1"), rig.Above.Received[^1].Peer.Identity);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_without_connection_id_keeps_its_address_over_a_restart(bool isLast)
    {
        await using var rig = await new SessionRig(store: new KeptSessions()).StartAsync();
        var (honest, _, _) = await rig.ClientAsync("10.0.1.1:4000", connectionId: null);
        var (thief, _, _) = await rig.ClientAsync("10.0.1.2:4000");
        Peer? server = null, servers = null;
        for (var i = 0; i < 2; i++)
        {
            if ((i == 1) == isLast)
            {
                server = await rig.ConnectAsync(honest);
            }
            else
            {
                servers = await rig.ConnectAsync(thief, SessionRig.Target("dev-2"));
            }
            await rig.Network.RunAsync(TimeSpan.FromSeconds(6));   // written one after the other
        }
        rig.Below.Deliver("10.0.1.1:4000", await RecordAsync(rig, thief, servers!));
        await rig.Network.RunAsync(TimeSpan.FromSeconds(6));

        await rig.KillAsync();
        honest.Send(server!, "i still am"u8);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));

        Assert.Equal("i still am", Encoding.UTF8.GetString(Assert.Single(rig.Above.Received).Bytes));
        Assert.Equal(new PeerIdentity.PreSharedKey("dev-1"), rig.Above.Received[0].Peer.Identity);
    }

    [Fact]
    public async Task Session_with_other_credentials_takes_the_place_of_the_one_before_at_the_client()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        rig.Above.OnReceived = (peer, bytes) => rig.Server.Send(peer, bytes);
        var before = await rig.ConnectAsync(client);

        var server = await rig.ConnectAsync(client, SessionRig.Target("dev-2"));
        client.Send(server, "as another one"u8);
        await rig.Network.UntilAsync(() => above.Received.Count == 1);

        Assert.Equal("as another one", Encoding.UTF8.GetString(above.Received[0].Bytes));
        Assert.Equal((before, PeerLoss.Replaced), Assert.Single(above.Lost));
        Assert.Equal(1, client.SessionCount);
    }

    [Fact]
    public async Task Client_that_is_refused_with_other_credentials_keeps_its_session()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        rig.Above.OnReceived = (peer, bytes) => rig.Server.Send(peer, bytes);
        var server = await rig.ConnectAsync(client);

        await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.ConnectAsync(client, SessionRig.Target("dev-2", [0])));
        client.Send(server, "still here"u8);
        await rig.Network.UntilAsync(() => above.Received.Count == 1);

        Assert.Empty(above.Lost);
    }

    private static bool[] Held(SessionRig rig) => [rig.Below.IsHeld("10.0.1.1:4000"), rig.Below.IsHeld("10.0.1.1:4001"), rig.Below.IsHeld("10.0.1.1:4002")];

    // What a client sends next, lost on its way.
    private static async Task<ReadOnlyMemory<byte>> RecordAsync(SessionRig rig, DtlsChannel client, Peer server)
    {
        rig.Network.Lose = static _ => true;
        client.Send(server, "word"u8);
        await rig.Network.RunAsync(TimeSpan.FromMilliseconds(1));
        rig.Network.Lose = null;
        return rig.Network.Frames[^1].Bytes;
    }
}
