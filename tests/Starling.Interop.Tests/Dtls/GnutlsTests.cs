namespace Starling.Interop.Tests;

/// <summary>gnutls-cli and gnutls-serv.</summary>
[Trait("Category", "Interop")]
public sealed class GnutlsTests
{
    [PeerTheory(Peers.GnutlsClient)]
    [InlineData("C0A8")]
    [InlineData("C0A4")]
    [InlineData("00A8")]
    [InlineData("00AE")]
    [InlineData("00AE no-etm")]   // gnutls-cli 3.7.9 ends with a segmentation fault after any handshake with C037
    [InlineData("C0A8 no-ems")]
    [InlineData("C0AE")]
    [InlineData("C02B large")]
    [InlineData("C023 no-ems")]
    [InlineData("C0AE raw")]
    [InlineData("C023 raw no-etm")]
    public async Task Client_has_a_session_with_us(string what) => await OurConversation.ServeAsync(new GnutlsPeer(), SecureCase.Parse(what));

    [PeerTheory(Peers.GnutlsServer)]
    [InlineData("C0A8")]
    [InlineData("C0A4")]
    [InlineData("00A8")]
    [InlineData("00AE")]
    [InlineData("C037")]
    [InlineData("C037 no-etm")]
    [InlineData("C0A8 no-ems")]
    [InlineData("C0A8 fragment=1024")]
    [InlineData("C0AE")]
    [InlineData("C02B large")]
    [InlineData("C023 no-ems")]
    [InlineData("C0AE raw")]
    [InlineData("C02B raw")]
    public async Task Server_has_a_session_with_us(string what) => await OurConversation.AskAsync(new GnutlsPeer(), SecureCase.Parse(what));

    [PeerTheory(Peers.GnutlsClient)]
    [InlineData("00A8", 7)]
    [InlineData("C0AE raw", 8)]
    public async Task Client_has_a_session_with_us_through_losses(string what, int seed) =>
        await OurConversation.ServeAsync(new GnutlsPeer(), SecureCase.Parse(what), RelayConditions.Rough(seed));

    [PeerTheory(Peers.GnutlsServer)]
    [InlineData("00A8", 9)]
    [InlineData("C0AE raw", 10)]
    public async Task Server_has_a_session_with_us_through_losses(string what, int seed) =>
        await OurConversation.AskAsync(new GnutlsPeer(), SecureCase.Parse(what), RelayConditions.Rough(seed));

    [PeerTheory(Peers.GnutlsClient)]
    [InlineData("C0A8")]
    [InlineData("C0AE raw")]
    public async Task Client_resumes_its_session_with_us(string what)
    {
        var (port, wish) = (Ports.Free(), SecureCase.Parse(what));
        await using var us = OurPeer.Server(port, wish);
        await using var client = new GnutlsPeer(more: ["--resume"]).Connect(port, wish);
        Assert.False((await us.EstablishedAsync()).Resumed);
        Assert.True((await us.EstablishedAsync()).Resumed);
        await client.SayAsync("hello");
        await us.HearAsync("hello");
    }

    [PeerFact(Peers.GnutlsClient)]
    public async Task Client_gets_records_as_small_as_it_wants()
    {
        await using var conversation = await Conversation.StartAsync(new OurPeer(), new GnutlsPeer("--recordsize", "1024"), SecureCase.Parse("C0A8 limit=800"));
        await conversation.ExchangeAsync("one");
        var us = (OurSession)conversation.Server;
        Assert.Equal(1024, us.MaxPlaintext);
        await us.SayAsync(new string('x', 1023));
        await conversation.Client.HearAsync(new string('x', 1023));
    }

    [PeerFact(Peers.GnutlsServer)]
    public async Task Server_gets_records_as_small_as_it_wants()
    {
        await using var conversation = await Conversation.StartAsync(new GnutlsPeer("--recordsize", "600"), new OurPeer(), SecureCase.Parse("C0A8 limit=800"));
        await conversation.ExchangeAsync("one");
        var us = (OurSession)conversation.Client;
        Assert.Equal(600, us.MaxPlaintext);
        await us.SayAsync(new string('x', 599));   // it reads 255 bytes of it: that it takes the record shows in what comes next
        await conversation.ExchangeAsync("two");
    }

    [PeerFact(Peers.GnutlsClient)]
    public async Task Wrong_key_and_unknown_identity_are_told_by_the_same_alert() => await OurConversation.RefuseAsync(new GnutlsPeer());
}
