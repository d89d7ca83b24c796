using System.Buffers.Binary;
using System.Text;
using Starling.Coap;
using Starling.Testing;
using Starling.Transports;

namespace Starling.Secured.Tests;

/// <summary>A server that dies and comes back: sessions go on without a handshake, and no record number is ever used twice with one key.</summary>
public sealed class RestartTests
{
    private const byte WithConnectionId = 25, ApplicationData = 23;

    [Theory]
    [InlineData(null)]
    [InlineData((byte)0)]
    public async Task Session_goes_on_after_a_kill_without_a_handshake(byte? connectionId)
    {
        await using var rig = await new SessionRig(store: new KeptSessions()).StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000", connectionId);
        var server = await ConversationAsync(rig, client, above, 3);

        await rig.KillAsync();
        rig.Above.OnReceived = (peer, bytes) => rig.Server.Send(peer, bytes);
        client.Send(server, "after"u8);
        await rig.Network.UntilAsync(() => above.Received.Count == 4);

        Assert.Equal("after", Encoding.UTF8.GetString(above.Received[^1].Bytes));
        Assert.Equal(new PeerIdentity.PreSharedKey("dev-1"), rig.Above.Received[0].Peer.Identity);
        Assert.Single(rig.Reports);   // the one handshake of the first process
        Assert.Equal((1, 1), (rig.Server.SessionCount, (int)rig.Server.Counters.Restored));
    }

    [Fact]
    public async Task Device_at_a_kept_address_is_spoken_to_before_it_speaks()
    {
        await using var rig = await new SessionRig(store: new KeptSessions()).StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        await ConversationAsync(rig, client, above, 1);
        var address = rig.Above.Received[0].Peer.Address;

        await rig.KillAsync();

        Assert.True(rig.Server.TryRestore(address, out var peer));
        Assert.Equal(SendOutcome.Sent, rig.Server.Send(peer, "are you there?"u8));
        await rig.Network.UntilAsync(() => above.Received.Count == 2);
        Assert.False(rig.Server.TryRestore(new PeerAddress("dtls+sim", "10.0.1.2:4000"), out _));
    }

    [Fact]
    public async Task No_record_number_is_used_twice_however_often_the_process_dies()
    {
        await using var rig = await new SessionRig(store: new KeptSessions()).StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        var server = await ConversationAsync(rig, client, above, 2);
        for (var i = 0; i < 5; i++)
        {
            await rig.KillAsync();
            rig.Above.OnReceived = (peer, bytes) => rig.Server.Send(peer, bytes);
            client.Send(server, "again"u8);
            await rig.Network.RunAsync(TimeSpan.FromSeconds(i * 3));   // some die before anything is written again
        }

        var numbers = rig.Network.Frames.Where(f => f.From == SessionRig.Address && f.Bytes.Span[0] is WithConnectionId or ApplicationData)
            .Select(f => BinaryPrimitives.ReadUInt64BigEndian(f.Bytes.Span[3..])).ToList();   // epoch and number: with the key, the nonce
        Assert.True(numbers.Count >= 7, $"{numbers.Count} records");
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.Equal(numbers.Order(), numbers);
    }

    [Fact]
    public async Task Record_of_before_is_refused_after_an_orderly_restart()
    {
        var store = new KeptSessions();
        await using var rig = await new SessionRig(store: store).StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        await ConversationAsync(rig, client, above, 3);
        var recorded = rig.Network.Frames.Where(f => f.From == "10.0.1.1:4000").Select(f => f.Bytes.ToArray()).ToList();

        await rig.StopAsync();
        var thief = rig.Network.Host("10.6.6.6:1");
        recorded.ForEach(bytes => thief.Send(thief.PeerAt(SessionRig.Address), bytes));
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));

        Assert.Empty(rig.Above.Received);
        Assert.Empty(rig.Above.Moved);
        Assert.True(rig.Server.Counters.Discarded >= 3);
    }

    [Fact]
    public async Task Record_of_before_a_kill_is_refused_once_the_device_has_spoken()
    {
        await using var rig = await new SessionRig(store: new KeptSessions()).StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        var server = await ConversationAsync(rig, client, above, 3);
        var written = rig.Network.Frames.Count;
        for (var i = 4; i <= 6; i++)
        {
            client.Send(server, "not written yet"u8);
            var count = i;
            await rig.Network.UntilAsync(() => above.Received.Count == count);
        }
        var recorded = rig.Network.Frames.Skip(written).Where(f => f.From == "10.0.1.1:4000").Select(f => f.Bytes.ToArray()).ToList();
        Assert.Equal(3, recorded.Count);

        await rig.KillAsync();
        client.Send(server, "here again"u8);
        await rig.Network.UntilAsync(() => rig.Above.Received.Count == 1);
        var thief = rig.Network.Host("10.6.6.6:1");
        recorded.ForEach(bytes => thief.Send(thief.PeerAt(SessionRig.Address), bytes));
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));

        Assert.Single(rig.Above.Received);
        Assert.Empty(rig.Above.Moved);
        Assert.Equal(3, rig.Server.Counters.Discarded);
    }

    [Fact]
    public async Task Session_that_has_ended_is_not_taken_up()
    {
        await using var rig = await new SessionRig(store: new KeptSessions()).StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        var server = await ConversationAsync(rig, client, above, 1);
        Assert.Equal(1, rig.Store!.Count);
        client.Close(server);
        await rig.Network.RunAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, rig.Store.Count);

        await rig.KillAsync();

        Assert.Equal(0, rig.Server.SessionCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Store_that_fails_ends_nothing(bool asItSays)
    {
        await using var rig = await new SessionRig(store: new KeptSessions()).StartAsync();
        rig.Store!.Failure = asItSays ? new IOException("full") : new InvalidOperationException("broken");
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        await ConversationAsync(rig, client, above, 3);
        Assert.Equal(0, rig.Store.Count);
        rig.Store.Failure = null;
        await rig.Network.RunAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(1, rig.Store.Count);
    }

    // Some words there and back, and time to write the session down.
    private static async Task<Peer> ConversationAsync(SessionRig rig, DtlsChannel client, Recorder above, int words)
    {
        rig.Above.OnReceived = (peer, bytes) => rig.Server.Send(peer, bytes);
        var server = await rig.ConnectAsync(client);
        for (var i = 1; i <= words; i++)
        {
            client.Send(server, "word"u8);
            var count = i;
            await rig.Network.UntilAsync(() => above.Received.Count == count);
        }
        await rig.Network.RunAsync(TimeSpan.FromSeconds(6));
        return server;
    }
}
