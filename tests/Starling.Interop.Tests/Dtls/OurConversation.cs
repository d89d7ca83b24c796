using Starling.Dtls;

namespace Starling.Interop.Tests;

/// <summary>What every peer is tested for: sessions of ours, in both roles, that come out as both sides were set up.</summary>
internal static class OurConversation
{
    /// <summary>We are the server.</summary>
    public static async Task ServeAsync(SecurePeer client, SecureCase what, RelayConditions? conditions = null)
    {
        await using var conversation = await Conversation.StartAsync(new OurPeer(), client, what, conditions);
        await conversation.ExchangeAsync("one");
        Check(await ((OurSession)conversation.Server).EstablishedAsync(), what, isClient: false);
        await conversation.EndAsync();
    }

    /// <summary>We are the client; some servers do not say that they heard us go.</summary>
    public static async Task AskAsync(SecurePeer server, SecureCase what, RelayConditions? conditions = null)
    {
        await using var conversation = await Conversation.StartAsync(server, new OurPeer(), what, conditions);
        await conversation.ExchangeAsync("one");
        Check(await ((OurSession)conversation.Client).EstablishedAsync(), what, isClient: true);
        await conversation.EndAsync();
    }

    /// <summary>The client's address changes in the middle of a session: what we send finds it.</summary>
    public static async Task FollowAsync(SecurePeer client, SecureCase what)
    {
        await using var conversation = await Conversation.StartAsync(new OurPeer(), client, what);
        await conversation.ExchangeAsync("here");
        conversation.Relay.Move();
        await conversation.ExchangeAsync("there");
        Assert.Equal(1, ((OurSession)conversation.Server).Moves);
        await conversation.EndAsync();
    }

    /// <summary>Our address changes in the middle of a session.</summary>
    public static async Task MoveAsync(TunnelPeer server, SecureCase what)
    {
        await using var conversation = await Conversation.StartAsync(server, new OurPeer(), what);
        await conversation.ExchangeAsync("here");
        conversation.Relay.Move();
        await conversation.ExchangeAsync("there");
        await ((TunnelSession)conversation.Server).WaitMovedAsync();
        await conversation.EndAsync();
    }

    /// <summary>A client's second session takes up its first one.</summary>
    public static async Task ResumeAsync(TunnelPeer client, SecureCase what)
    {
        await using var conversation = await Conversation.StartAsync(new OurPeer(), client, what);
        var (us, them) = ((OurSession)conversation.Server, (TunnelSession)conversation.Client);
        await conversation.ExchangeAsync("one");
        Assert.False((await us.EstablishedAsync()).Resumed);
        await them.AgainAsync(resume: true);
        await conversation.ExchangeAsync("two");
        Assert.True((await us.EstablishedAsync()).Resumed);
        await them.AgainAsync(resume: false);
        await conversation.ExchangeAsync("three");
        Assert.False((await us.EstablishedAsync()).Resumed);
    }

    /// <summary>Our second session with a server takes up the first one.</summary>
    public static async Task AskAgainAsync(SecurePeer server, SecureCase what)
    {
        await using var conversation = await Conversation.StartAsync(server, new OurPeer(), what);
        await conversation.ExchangeAsync("one");
        using var kept = ((OurSession)conversation.Client).TakeResumption();
        await conversation.EndAsync();
        conversation.Relay.Move();
        await using var second = OurPeer.Client(conversation.Relay.Port, what, kept);
        await (conversation with { Client = second }).ExchangeAsync("two");
        Assert.True((await second.EstablishedAsync()).Resumed);
    }

    /// <summary>A wrong key and an identity that we do not have look the same to the client (RFC 4279 §2).</summary>
    public static async Task RefuseAsync(SecurePeer client)
    {
        var said = new List<string>();
        foreach (var what in new[] { new SecureCase(0xC0A8) { ClientHasWrongKey = true }, new SecureCase(0xC0A8) { ClientIsUnknown = true } })
        {
            await using var conversation = await Conversation.StartAsync(new OurPeer(), client, what);
            var ended = await ((OurSession)conversation.Server).EndedAsync();
            Assert.Equal(DtlsAlert.DecryptError, ended.AlertSent);
            said.Add(await conversation.Client.WaitFailedAsync());
        }
        Assert.Equal(WithoutNumbers(said[0]), WithoutNumbers(said[1]));
    }

    // A process number, an address.
    private static string WithoutNumbers(string line) => line[(line.IndexOf("rror", StringComparison.Ordinal) is var at and >= 0 ? at : 0)..];

    private static void Check(DtlsProgress agreed, SecureCase what, bool isClient)
    {
        Assert.Equal(what.Suite, agreed.Suite?.Value);
        Assert.Equal(!what.NoExtendedMasterSecret, agreed.ExtendedMasterSecret);
        Assert.Equal(what.Names.IsCbc && !what.NoEncryptThenMac, agreed.EncryptThenMac);
        var both = what is { ClientConnectionId: not null, ServerConnectionId: not null };
        Assert.Equal(both ? isClient ? what.ClientConnectionId : what.ServerConnectionId : null, agreed.OwnConnectionIdLength);
        Assert.Equal(both ? isClient ? what.ServerConnectionId : what.ClientConnectionId : null, agreed.PeerConnectionIdLength);
        Assert.Null(agreed.Failure);
    }
}
