using System.Text;
using Starling.Coap;
using Starling.Testing;
using Starling.Transports;

namespace Starling.Secured.Tests;

/// <summary>Sessions over a simulated network: how they begin, move, are replaced and end.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task Handshake_gives_both_sides_a_peer_that_has_proven_who_it_is()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");

        var server = await rig.ConnectAsync(client);
        client.Send(server, "hello"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 1);

        var (device, bytes) = rig.Above.Received[0];
        Assert.Equal("hello", Encoding.UTF8.GetString(bytes));
        Assert.Equal(new PeerIdentity.PreSharedKey("dev-1"), device.Identity);
        Assert.Equal(new PeerIdentity.PreSharedKey("dev-1"), server.Identity);
        Assert.Equal("dtls+sim:10.0.1.1:4000", device.Address.ToString());
        Assert.False(device.AddressMayBeForged);
        Assert.Equal(1, rig.Server.SessionCount);
        Assert.Equal(0, rig.Server.HandshakeCount);
    }

    [Fact]
    public async Task Nothing_that_is_said_can_be_read_on_the_network()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        rig.Above.OnReceived = (peer, bytes) => rig.Server.Send(peer, "an answer to it"u8);

        var server = await rig.ConnectAsync(client);
        client.Send(server, "a secret thing"u8);
        await rig.Network.UntilAsync(() => above.Received.Count == 1);

        Assert.Equal("an answer to it", Encoding.UTF8.GetString(above.Received[0].Bytes));
        Assert.Same(server, above.Received[0].Peer);
        Assert.DoesNotContain(rig.Network.Frames, f => f.Bytes.Span.IndexOf("secret"u8) >= 0 || f.Bytes.Span.IndexOf("answer"u8) >= 0);
    }

    [Theory]
    [InlineData("dev-1", 9)]
    [InlineData("nobody", 1)]
    public async Task Wrong_key_and_unknown_identity_look_the_same_to_the_device(string identity, byte first)
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        byte[] key = [first, .. SessionRig.Key.AsSpan(1)];

        var failed = await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.ConnectAsync(client, SessionRig.Target(identity, key)));

        Assert.Equal((byte)51, failed.Alert);   // decrypt_error
        Assert.False(failed.AlertIsOurs);
        Assert.Equal(2, failed.Message.Split("decrypt_error").Length);   // in words, and once
        var report = Assert.Single(rig.Reports);
        Assert.False(report.IsEstablished);
        Assert.Equal(identity, report.Claimed);
        Assert.Equal((byte)51, report.Alert);
        Assert.Equal(identity == "nobody", report.Problem!.Contains("nobody knows it", StringComparison.Ordinal));
        Assert.Equal((0, 0), (rig.Server.SessionCount, rig.Server.HandshakeCount));
    }

    [Fact]
    public async Task First_hello_leaves_nothing_behind()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        rig.Network.Lose = frame => frame.From == SessionRig.Address;

        var failed = await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.ConnectAsync(client));

        Assert.Null(failed.Alert);
        Assert.Equal((0, 0), (rig.Server.SessionCount, rig.Server.HandshakeCount));
        Assert.True(rig.Server.Counters.Answered > 1);
        Assert.Empty(rig.Reports);
        Assert.True(SentTo(rig, "10.0.1.1:4000") <= 3 * SentFrom(rig, "10.0.1.1:4000"));
    }

    [Fact]
    public async Task Session_with_a_connection_id_goes_on_from_another_address()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, host, above) = await rig.ClientAsync("10.0.1.1:4000");
        rig.Above.OnReceived = (peer, bytes) => rig.Server.Send(peer, bytes);
        var server = await rig.ConnectAsync(client);
        client.Send(server, "one"u8);
        await rig.Network.UntilAsync(() => above.Received.Count == 1);

        rig.Network.Move(host, "10.0.1.1:4001");
        client.Send(server, "two"u8);
        await rig.Network.UntilAsync(() => above.Received.Count == 2);

        var device = rig.Above.Received[0].Peer;
        Assert.Same(device, rig.Above.Received[1].Peer);
        Assert.Equal((device, new PeerAddress("dtls+sim", "10.0.1.1:4000")), Assert.Single(rig.Above.Moved));
        Assert.Equal("dtls+sim:10.0.1.1:4001", device.Address.ToString());
        Assert.Equal(1, rig.Server.Counters.Moved);
    }

    [Fact]
    public async Task Record_that_was_copied_to_another_address_moves_nothing()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        var server = await rig.ConnectAsync(client);
        client.Send(server, "one"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 1);

        var copied = rig.Network.Frames[^1].Bytes.ToArray();
        var thief = rig.Network.Host("10.6.6.6:1");
        thief.Send(thief.PeerAt(SessionRig.Address), copied);
        copied[^1] ^= 1;
        thief.Send(thief.PeerAt(SessionRig.Address), copied);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));

        Assert.Empty(rig.Above.Moved);
        Assert.Single(rig.Above.Received);
        Assert.Equal(2, rig.Server.Counters.Discarded);
    }

    [Fact]
    public async Task New_session_of_the_same_address_takes_the_place_of_the_old_one_when_it_is_proven()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, host, _) = await rig.ClientAsync("10.0.1.1:4000", connectionId: null);
        var server = await rig.ConnectAsync(client);
        client.Send(server, "one"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 1);
        await client.DisposeAsync();   // without a word, as when a device loses its power

        var (again, _, _) = await rig.ClientAsync(host.Host, connectionId: null);
        var anew = await rig.ConnectAsync(again);
        again.Send(anew, "two"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 2);

        Assert.NotSame(rig.Above.Received[0].Peer, rig.Above.Received[1].Peer);
        Assert.Equal((rig.Above.Received[0].Peer, PeerLoss.Replaced), Assert.Single(rig.Above.Lost));
        Assert.Equal(1, rig.Server.SessionCount);
    }

    [Fact]
    public async Task Handshake_from_an_address_that_fails_leaves_the_session_there_alone()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, host, above) = await rig.ClientAsync("10.0.1.1:4000", connectionId: null);
        rig.Above.OnReceived = (peer, bytes) => rig.Server.Send(peer, bytes);
        var server = await rig.ConnectAsync(client);

        rig.Network.Move(host, "10.0.1.9:9");
        var (thief, thiefHost, _) = await rig.ClientAsync("10.0.1.1:4000", connectionId: null);
        await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.ConnectAsync(thief, SessionRig.Target("dev-1", [0])));
        await thief.DisposeAsync();
        rig.Network.Move(host, "10.0.1.1:4000");
        client.Send(server, "still there"u8);
        await rig.Network.UntilAsync(() => above.Received.Count == 1);

        Assert.Equal("still there", Encoding.UTF8.GetString(above.Received[0].Bytes));
        Assert.Empty(rig.Above.Lost);
    }

    [Fact]
    public async Task Closed_session_is_gone_on_both_sides()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        var server = await rig.ConnectAsync(client);

        client.Close(server);
        await rig.Network.UntilAsync(() => rig.Server.SessionCount == 0);

        Assert.Equal((server, PeerLoss.Closed), Assert.Single(above.Lost));
        Assert.Equal(PeerLoss.Closed, Assert.Single(rig.Above.Lost).Loss);
        Assert.Equal(SendOutcome.Dropped, client.Send(server, "too late"u8));
    }

    [Fact]
    public async Task Second_connect_gives_the_session_that_stands()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        var first = await rig.ConnectAsync(client);
        Assert.Same(first, await rig.ConnectAsync(client));
        client.Close(first);
        Assert.NotSame(first, await rig.ConnectAsync(client));
    }

    [Fact]
    public async Task Session_that_ended_is_taken_up_again_and_judged_again()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        client.Close(await rig.ConnectAsync(client));
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));

        var again = await rig.ConnectAsync(client);
        client.Send(again, "once more"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 1);

        Assert.Equal([false, true], rig.Reports.Select(r => r.IsResumed));
        Assert.Equal(2, rig.Credentials.Asked.Count);
        Assert.Equal(new PeerIdentity.PreSharedKey("dev-1"), rig.Above.Received[0].Peer.Identity);
        Assert.Equal(new PeerIdentity.PreSharedKey("dev-1"), again.Identity);
    }

    [Fact]
    public async Task Session_of_a_credential_that_is_gone_is_not_taken_up_again()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        client.Close(await rig.ConnectAsync(client));
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));
        rig.Credentials.Forget("dev-1");

        await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.ConnectAsync(client));

        Assert.Equal(0, rig.Server.SessionCount);
    }

    [Fact]
    public async Task Full_table_forgets_the_session_that_was_silent_longest_and_nobody_holds()
    {
        await using var rig = await new SessionRig(configure: s => s with { MaxSessions = 3 }).StartAsync();
        rig.Above.OnReceived = (peer, bytes) => { if (bytes[0] == 'h') { peer.Hold(); } };
        var clients = new List<(DtlsChannel Channel, Peer Server)>();
        for (var i = 1; i <= 3; i++)
        {
            var (client, _, _) = await rig.ClientAsync($"10.0.1.{i}:4000");
            clients.Add((client, await rig.ConnectAsync(client)));
            await rig.Network.RunAsync(TimeSpan.FromSeconds(1));
        }
        clients[0].Channel.Send(clients[0].Server, "held"u8);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));
        clients[1].Channel.Send(clients[1].Server, "not"u8);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));

        var (fourth, _, _) = await rig.ClientAsync("10.0.1.4:4000");
        await rig.ConnectAsync(fourth);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));

        var (lost, loss) = Assert.Single(rig.Above.Lost);
        Assert.Equal(("dtls+sim:10.0.1.3:4000", PeerLoss.Evicted), (lost.Address.ToString(), loss));
        Assert.Equal((3, 1), (rig.Server.SessionCount, (int)rig.Server.Counters.Evicted));
    }

    [Fact]
    public async Task Hello_beyond_the_limit_of_open_handshakes_is_dropped_and_counted()
    {
        await using var rig = await new SessionRig(configure: s => s with { MaxHandshakes = 1 }).StartAsync();
        var gate = new TaskCompletionSource();
        rig.Credentials.Gate = gate.Task;
        var (first, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        var (second, _, _) = await rig.ClientAsync("10.0.1.2:4000");
        var one = first.ConnectAsync(SessionRig.Target(), CancellationToken.None).AsTask();
        await rig.Network.UntilAsync(() => rig.Credentials.Asked.Count == 1);
        var two = second.ConnectAsync(SessionRig.Target("dev-2"), CancellationToken.None).AsTask();
        await rig.Network.UntilAsync(() => rig.Server.Counters.HandshakesRefused > 0);

        gate.SetResult();
        await rig.Network.UntilAsync(one);
        await rig.Network.UntilAsync(two);   // its hello is sent again, and there is room now

        Assert.Equal(2, rig.Server.SessionCount);
    }

    [Fact]
    public async Task Credentials_that_nobody_answers_for_end_the_handshake_in_time()
    {
        await using var rig = await new SessionRig(configure: s => s with { QueryTimeout = TimeSpan.FromSeconds(2) }).StartAsync();
        rig.Credentials.Gate = new TaskCompletionSource().Task;
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");

        var failed = await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.ConnectAsync(client));

        Assert.Equal((byte)80, failed.Alert);   // internal_error
        Assert.Contains("in time", Assert.Single(rig.Reports).Problem, StringComparison.Ordinal);
        Assert.Equal(0, rig.Server.HandshakeCount);
    }

    [Fact]
    public async Task Credentials_that_throw_end_the_handshake()
    {
        await using var rig = await new SessionRig().StartAsync();
        rig.Credentials.Failure = new IOException("broken");
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");

        var failed = await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.ConnectAsync(client));

        Assert.Equal((byte)80, failed.Alert);
        Assert.Equal(0, rig.Server.HandshakeCount);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public async Task Handshake_on_a_rough_network_ends_in_a_session_or_a_clean_failure(int seed)
    {
        await using var rig = await new SessionRig(seed, SimConditions.Rough).StartAsync();
        var established = 0;
        for (var i = 1; i <= 10; i++)
        {
            var (client, _, _) = await rig.ClientAsync($"10.0.1.{i}:4000");
            try
            {
                await rig.ConnectAsync(client);
                established++;
            }
            catch (HandshakeFailedException)
            {
                // Too much was lost.
            }
        }
        await rig.Network.RunAsync(TimeSpan.FromMinutes(3));
        Assert.True(established >= 8, $"{established} of 10, seed {seed}");
        Assert.Equal(0, rig.Server.HandshakeCount);
        Assert.True(rig.Server.SessionCount >= established);
    }

    [Fact]
    public async Task Cancelled_connect_leaves_nothing_behind()
    {
        await using var rig = await new SessionRig().StartAsync();
        rig.Credentials.Gate = new TaskCompletionSource().Task;
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        using var stop = new CancellationTokenSource();
        var connecting = client.ConnectAsync(SessionRig.Target(), stop.Token).AsTask();
        await rig.Network.UntilAsync(() => rig.Credentials.Asked.Count == 1);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Network.UntilAsync(connecting));
        await rig.Network.UntilAsync(() => rig.Server.HandshakeCount == 0);
        Assert.Equal((0, 0), (client.SessionCount, client.HandshakeCount));
    }

    [Fact]
    public async Task Credential_that_counts_no_more_ends_its_sessions()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (first, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        var (second, _, _) = await rig.ClientAsync("10.0.1.2:4000");
        await rig.ConnectAsync(first);
        await rig.ConnectAsync(second, SessionRig.Target("dev-2"));

        Assert.Equal(1, rig.Server.CloseAll(identity => identity is PeerIdentity.PreSharedKey { Identity: "dev-1" }));
        await rig.Network.UntilAsync(() => above.Lost.Count == 1);

        Assert.Equal(1, rig.Server.SessionCount);
    }

    private static int SentFrom(SessionRig rig, string address) => rig.Network.Frames.Where(f => f.From == address).Sum(f => f.Bytes.Length);

    private static int SentTo(SessionRig rig, string address) => rig.Network.Frames.Where(f => f.To == address).Sum(f => f.Bytes.Length);
}
