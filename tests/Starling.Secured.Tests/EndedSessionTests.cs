using System.Text;
using Starling.Coap;
using Starling.Dtls;
using Starling.Testing;
using Starling.Transports;

namespace Starling.Secured.Tests;

/// <summary>What ends a session, or keeps one from coming about, at the moment when nobody looks.</summary>
public sealed class EndedSessionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Credential_that_ends_while_its_handshake_runs_ends_the_session(bool isOwn)
    {
        await using var rig = await new SessionRig().StartAsync();
        var delivery = new TaskCompletionSource();
        rig.Credentials.Delivery = delivery.Task;
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        var connecting = client.ConnectAsync(SessionRig.Target(), CancellationToken.None).AsTask();
        await rig.Network.UntilAsync(() => rig.Credentials.Asked.Count == 1);

        rig.Credentials.Forget(isOwn ? "dev-1" : "dev-2");   // the answer is made and on its way
        Assert.Equal(0, rig.Server.CloseAll(static _ => true));
        delivery.SetResult();
        await rig.Network.UntilAsync(() => rig.Credentials.Asked.Count == 2);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));
        await connecting;

        Assert.Equal(isOwn ? 0 : 1, rig.Server.SessionCount);
        Assert.Equal(isOwn ? [PeerLoss.Closed] : [], rig.Above.Lost.Select(l => l.Loss));
    }

    [Fact]
    public async Task Credential_is_asked_about_once_while_none_ends()
    {
        await using var rig = await new SessionRig().StartAsync();
        rig.Server.CloseAll(static _ => true);
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        await rig.ConnectAsync(client);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));

        Assert.Single(rig.Credentials.Asked);
        Assert.Equal(1, rig.Server.SessionCount);
    }

    [Fact]
    public async Task Handshake_that_finds_the_table_full_is_reported()
    {
        await using var rig = await new SessionRig(configure: s => s with { MaxSessions = 1 }).StartAsync();
        rig.Above.OnReceived = static (peer, _) => peer.Hold();
        var (first, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        first.Send(await rig.ConnectAsync(first), "hold me"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 1);

        var (second, _, above) = await rig.ClientAsync("10.0.1.2:4000");
        await rig.ConnectAsync(second, SessionRig.Target("dev-2"));
        await rig.Network.UntilAsync(() => above.Lost.Count == 1);

        var report = rig.Reports[^1];
        Assert.Equal((false, "dev-2", null), (report.IsEstablished, report.Claimed, report.Identity));
        Assert.Contains("Too many sessions", report.Problem, StringComparison.Ordinal);
        Assert.Equal((1, 0, 1), (rig.Server.SessionCount, rig.Server.HandshakeCount, (int)rig.Server.Counters.Failed));
        Assert.Empty(rig.Above.Lost);   // nobody above ever knew it
    }

    [Theory]
    [InlineData(null)]
    [InlineData((byte)0)]
    public async Task Device_that_comes_again_takes_its_own_place_in_a_full_table(byte? connectionId)
    {
        await using var rig = await new SessionRig(configure: s => s with { MaxSessions = 1 }).StartAsync();
        rig.Above.OnReceived = static (peer, _) => peer.Hold();
        var (client, host, _) = await rig.ClientAsync("10.0.1.1:4000", connectionId);
        client.Send(await rig.ConnectAsync(client), "hold me"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 1);
        await client.DisposeAsync();   // without a word, as when a device loses its power

        var (again, _, _) = await rig.ClientAsync(host.Host, connectionId);
        again.Send(await rig.ConnectAsync(again), "me again"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 2);

        Assert.Equal(PeerLoss.Replaced, Assert.Single(rig.Above.Lost).Loss);
        Assert.Equal(1, rig.Server.SessionCount);
    }

    [Fact]
    public async Task Device_whose_clock_begins_with_it_comes_again_at_the_same_second()
    {
        await using var rig = await new SessionRig().StartAsync();
        for (var i = 1; i <= 3; i++)
        {
            var settings = new DtlsSettings { Suites = DtlsSettings.ClientSuites, Random = new SecondsFirst() };
            await using var client = new DtlsChannel(rig.Network.Host("10.0.1.1:4000"), new DtlsChannelSettings { Dtls = settings }, rig.Time);
            await client.StartAsync(new Recorder(), CancellationToken.None);
            client.Send(await rig.ConnectAsync(client), "here again"u8);
            var count = i;
            await rig.Network.UntilAsync(() => rig.Above.Received.Count == count);
        }
        Assert.Equal((1, 2), (rig.Server.SessionCount, rig.Above.Lost.Count));
    }

    // As RFC 5246 §7.4.1.2 has it: a client's random begins with its clock, which small devices start at 0.
    private sealed class SecondsFirst : System.Security.Cryptography.RandomNumberGenerator
    {
        public override void GetBytes(byte[] data) => GetBytes(data.AsSpan());

        public override void GetBytes(Span<byte> data)
        {
            Fill(data);
            if (data.Length == 32)
            {
                (data[0], data[1], data[2], data[3]) = (0, 0, 0, 7);
            }
        }
    }

    [Fact]
    public async Task Handshake_that_nobody_goes_on_with_makes_room_after_a_while()
    {
        await using var rig = await new SessionRig(configure: s => s with { MaxHandshakes = 1 }).StartAsync();
        rig.Network.Lose = f => f.From == "10.0.1.1:4000" && rig.Server.HandshakeCount == 1;   // it has its cookie, and says no more
        var (first, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        var (second, _, _) = await rig.ClientAsync("10.0.1.2:4000");
        var one = first.ConnectAsync(SessionRig.Target(), CancellationToken.None).AsTask();
        await rig.Network.UntilAsync(() => rig.Server.HandshakeCount == 1);
        var begun = rig.Time.GetUtcNow();
        await rig.ConnectAsync(second, SessionRig.Target("dev-2"));

        Assert.InRange((rig.Time.GetUtcNow() - begun).TotalSeconds, 2.9, 9);
        Assert.True(rig.Server.Counters.HandshakesRefused > 0);
        Assert.Equal(1, rig.Server.Counters.HandshakesEvicted);
        Assert.Contains(rig.Reports, r => !r.IsEstablished && r.Address.Text == "10.0.1.1:4000");
        var failed = await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.Network.UntilAsync(one));
        Assert.Equal(((byte)90, false), (failed.Alert ?? 0, failed.AlertIsOurs));   // user_canceled: it is told, and may try again
    }

    [Fact]
    public async Task Session_without_record_numbers_ends()
    {
        await using var rig = await new SessionRig(store: new KeptSessions()).StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        var server = await rig.ConnectAsync(client);
        client.Send(server, "one"u8);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(6));
        rig.Store!.Change(static kept => kept with { Reserved = (1UL << 48) - 2 });   // two numbers are left
        await rig.KillAsync();
        Assert.True(rig.Server.TryRestore(new PeerAddress("dtls+sim", "10.0.1.1:4000"), out var peer));

        Assert.Equal([SendOutcome.Sent, SendOutcome.Sent, SendOutcome.Dropped, SendOutcome.Dropped], Enumerable.Range(0, 4).Select(_ => rig.Server.Send(peer, "word"u8)));
        await rig.Network.UntilAsync(() => rig.Above.Lost.Count == 1);

        Assert.Equal((0, PeerLoss.Closed), (rig.Server.SessionCount, rig.Above.Lost[0].Loss));
        await rig.Network.UntilAsync(() => above.Received.Count == 2);
    }

    [Fact]
    public async Task Session_that_has_ended_is_forgotten_when_the_store_lets_it()
    {
        await using var rig = await new SessionRig(store: new KeptSessions()).StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        var server = await rig.ConnectAsync(client);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(1, rig.Store!.Count);
        rig.Store.FailingDeletes = 1;

        client.Close(server);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(6));
        Assert.Equal((1, 0), (rig.Store.Count, rig.Store.FailingDeletes));
        await rig.Network.RunAsync(TimeSpan.FromSeconds(6));

        Assert.Equal(0, rig.Store.Count);
    }

    [Fact]
    public async Task Who_writes_the_address_of_another_does_not_take_his_place()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (honest, place, _) = await rig.ClientAsync("10.0.1.1:4000", connectionId: null);
        var (thief, _, _) = await rig.ClientAsync("10.0.1.2:4000");
        var server = await rig.ConnectAsync(honest);
        var servers = await rig.ConnectAsync(thief, SessionRig.Target("dev-2"));
        rig.Network.Lose = static f => f.From == "10.0.1.2:4000";
        thief.Send(servers, "i am there"u8);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));
        var record = rig.Network.Frames.Last(f => f.From == "10.0.1.2:4000").Bytes.ToArray();

        place.Send(place.PeerAt(SessionRig.Address), record);
        await rig.Network.UntilAsync(() => rig.Above.Moved.Count == 1);
        honest.Send(server, "i still am"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 2);

        Assert.Equal(new PeerIdentity.PreSharedKey("dev-1"), rig.Above.Received[1].Peer.Identity);
        Assert.Equal("i still am", Encoding.UTF8.GetString(rig.Above.Received[1].Bytes));
    }

    [Theory]
    [InlineData("dev\u001b[2J")]
    [InlineData("dev\u202e1")]
    [InlineData("dev\n1")]
    public async Task Report_has_nothing_that_a_terminal_obeys(string identity)
    {
        await using var rig = await new SessionRig().StartAsync();
        rig.Credentials.Others = claim => new PeerVerdict.Refused(PeerRefusal.Unknown, $"nobody knows {Encoding.UTF8.GetString(((PeerClaim.PreSharedKey)claim).Identity.Span)}");
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");

        await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.ConnectAsync(client, SessionRig.Target(identity)));

        var report = Assert.Single(rig.Reports);
        Assert.StartsWith("nobody knows dev?", report.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Problem + report.Claimed, c => c is '\u001b' or '\u202e' or '\n');
    }

    [Fact]
    public async Task Session_of_other_settings_is_not_taken_up()
    {
        await using var rig = await new SessionRig(store: new KeptSessions()).StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        await rig.ConnectAsync(client);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(1, rig.Store!.Count);

        rig.Settings = rig.Settings with { Dtls = rig.Settings.Dtls with { Suites = [CipherSuite.PskAes128Gcm] } };
        await rig.KillAsync();

        Assert.Equal((0, 0), (rig.Server.SessionCount, rig.Store.Count));
    }
}
