using Starling.Coap;

namespace Starling.Secured.Tests;

/// <summary>A client that wants more than one session with one address: what goes between two ports is one.</summary>
public sealed class OneAddressTests
{
    [Fact]
    public async Task Session_that_is_held_is_not_ended_by_other_credentials()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        rig.Above.OnReceived = (peer, bytes) => rig.Server.Send(peer, bytes);
        var first = await rig.ConnectAsync(client);
        first.Hold();

        var refused = await Assert.ThrowsAsync<NotSupportedException>(() => rig.ConnectAsync(client, SessionRig.Target("dev-2")));

        Assert.Contains(SessionRig.Address, refused.Message, StringComparison.Ordinal);
        Assert.Same(first, await rig.ConnectAsync(client));
        client.Send(first, "still there"u8);
        await rig.Network.UntilAsync(() => above.Received.Count == 1);
        Assert.Equal(new PeerIdentity.PreSharedKey("dev-1"), rig.Above.Received[0].Peer.Identity);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Other_credentials_come_when_it_is_closed_or_held_no_more(bool isClosed)
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, above) = await rig.ClientAsync("10.0.1.1:4000");
        rig.Above.OnReceived = (peer, bytes) => rig.Server.Send(peer, bytes);
        var first = await rig.ConnectAsync(client);
        first.Hold();
        if (isClosed)
        {
            client.Close(first);
        }
        else
        {
            first.Release();
        }

        client.Send(await rig.ConnectAsync(client, SessionRig.Target("dev-2")), "another"u8);

        await rig.Network.UntilAsync(() => above.Received.Count == 1);
        Assert.Equal(new PeerIdentity.PreSharedKey("dev-2"), rig.Above.Received[0].Peer.Identity);
        Assert.Equal(1, client.SessionCount);
    }

    [Fact]
    public async Task Whoever_connects_with_other_credentials_meanwhile_is_refused()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");

        var connecting = client.ConnectAsync(SessionRig.Target(), CancellationToken.None).AsTask();
        await Assert.ThrowsAsync<NotSupportedException>(() => rig.ConnectAsync(client, SessionRig.Target("dev-2")));

        Assert.Equal(new PeerIdentity.PreSharedKey("dev-1"), (await rig.Network.UntilAsync(connecting)).Identity);
        Assert.Equal(1, rig.Server.SessionCount);
    }

    [Fact]
    public async Task Whoever_connects_with_the_same_meanwhile_gets_the_same_session()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");

        var connecting = client.ConnectAsync(SessionRig.Target(), CancellationToken.None).AsTask();

        Assert.Same(await rig.ConnectAsync(client), await rig.Network.UntilAsync(connecting));
        Assert.Single(rig.Reports);
    }

    [Fact]
    public async Task Whoever_waits_for_a_handshake_that_is_given_up_makes_one()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        using var cancel = new CancellationTokenSource();

        var first = client.ConnectAsync(SessionRig.Target(), cancel.Token).AsTask();
        var second = client.ConnectAsync(SessionRig.Target(), CancellationToken.None).AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Network.UntilAsync(first));
        Assert.Equal(new PeerIdentity.PreSharedKey("dev-1"), (await rig.Network.UntilAsync(second)).Identity);
        Assert.Equal(1, client.SessionCount);
    }

    [Fact]
    public async Task Handshake_that_has_failed_leaves_the_address_free()
    {
        await using var rig = await new SessionRig().StartAsync();
        var (client, _, _) = await rig.ClientAsync("10.0.1.1:4000");
        await Assert.ThrowsAsync<HandshakeFailedException>(() => rig.ConnectAsync(client, SessionRig.Target("nobody")));

        Assert.Equal(new PeerIdentity.PreSharedKey("dev-2"), (await rig.ConnectAsync(client, SessionRig.Target("dev-2"))).Identity);
    }
}
