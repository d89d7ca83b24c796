namespace Starling.Interop.Tests;

/// <summary>openssl s_client and s_server.</summary>
[Trait("Category", "Interop")]
public sealed class OpensslTests
{
    [PeerTheory(Peers.Openssl)]
    [InlineData("C0A8")]
    [InlineData("C0A4")]
    [InlineData("00A8")]
    [InlineData("00AE")]
    [InlineData("00AE no-etm")]
    [InlineData("C037")]
    [InlineData("C0A8 no-ems")]
    [InlineData("C0A8 fragment=512")]
    [InlineData("C0AE")]
    [InlineData("C02B large")]
    [InlineData("C023 no-etm no-ems")]
    public async Task Client_has_a_session_with_us(string what) => await OurConversation.ServeAsync(new OpensslPeer(), SecureCase.Parse(what));

    [PeerTheory(Peers.Openssl)]
    [InlineData("C0A8")]
    [InlineData("C0A4")]
    [InlineData("00A8")]
    [InlineData("00AE no-etm")]
    [InlineData("C037")]
    [InlineData("C0A8 no-ems")]
    [InlineData("C0A8 fragment=512")]
    [InlineData("C0AE")]
    [InlineData("C02B large")]
    [InlineData("C023")]
    public async Task Server_has_a_session_with_us(string what) => await OurConversation.AskAsync(new OpensslPeer(), SecureCase.Parse(what));

    [PeerTheory(Peers.Openssl)]
    [InlineData("C0A8", 3)]
    [InlineData("C02B large", 4)]
    public async Task Client_has_a_session_with_us_through_losses(string what, int seed) =>
        await OurConversation.ServeAsync(new OpensslPeer(), SecureCase.Parse(what), RelayConditions.Rough(seed));

    [PeerTheory(Peers.Openssl)]
    [InlineData("C0A8", 5)]
    [InlineData("C02B large", 6)]
    public async Task Server_has_a_session_with_us_through_losses(string what, int seed) =>
        await OurConversation.AskAsync(new OpensslPeer(), SecureCase.Parse(what), RelayConditions.Rough(seed));

    [PeerTheory(Peers.NewOpenssl)]
    [InlineData("C0AE raw")]
    [InlineData("C023 raw no-ems")]
    public async Task Newer_client_shows_a_raw_public_key(string what) => await OurConversation.ServeAsync(new OpensslPeer(newer: true), SecureCase.Parse(what));

    [PeerTheory(Peers.NewOpenssl)]
    [InlineData("C0AE raw")]
    [InlineData("C02B raw")]
    public async Task Newer_server_shows_a_raw_public_key(string what) => await OurConversation.AskAsync(new OpensslPeer(newer: true), SecureCase.Parse(what));

    [PeerTheory(Peers.Openssl)]
    [InlineData("C0A8")]
    [InlineData("C02B")]
    public async Task Client_resumes_its_session_with_us(string what)
    {
        var (file, port, wish) = (Path.Combine(TestKeys.Shared.Folder, $"{what}.session"), Ports.Free(), SecureCase.Parse(what));
        await using var us = OurPeer.Server(port, wish);
        foreach (var (option, resumed) in new[] { ("-sess_out", false), ("-sess_in", true) })
        {
            await using var client = new OpensslPeer(more: ["-no_ticket", option, file]).Connect(port, wish);
            await client.SayAsync("hello");
            await us.HearAsync("hello");
            Assert.Equal(resumed, (await us.EstablishedAsync()).Resumed);
            await client.CloseAsync();
            await us.WaitClosedAsync();
        }
    }

    [PeerFact(Peers.Openssl)]
    public async Task Wrong_key_and_unknown_identity_are_told_by_the_same_alert() => await OurConversation.RefuseAsync(new OpensslPeer());
}
