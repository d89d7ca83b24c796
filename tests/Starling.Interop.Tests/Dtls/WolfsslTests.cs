namespace Starling.Interop.Tests;

/// <summary>wolfSSL, which has raw public keys and connection ids together. Debian's has no suite with a bare pre-shared key.</summary>
[Trait("Category", "Interop")]
public sealed class WolfsslTests
{
    [PeerTheory(Peers.Wolfssl)]
    [InlineData("C0AE raw cid=3,8")]
    [InlineData("C02B raw cid=3,8")]
    [InlineData("C023 raw cid=3,8")]
    [InlineData("C0AE raw")]
    [InlineData("C037 cid=3,8")]
    [InlineData("C02B large cid=3,8")]
    public async Task Client_has_a_session_with_us(string what) => await OurConversation.ServeAsync(new TunnelPeer(Peers.Wolfssl), SecureCase.Parse(what));

    [PeerTheory(Peers.Wolfssl)]
    [InlineData("C0AE raw cid=3,8")]
    [InlineData("C02B raw cid=3,8")]
    [InlineData("C023 raw cid=3,8")]
    [InlineData("C0AE raw")]
    [InlineData("C037 cid=3,8")]
    [InlineData("C02B large cid=3,8")]
    public async Task Server_has_a_session_with_us(string what) => await OurConversation.AskAsync(new TunnelPeer(Peers.Wolfssl), SecureCase.Parse(what));

    [PeerFact(Peers.Wolfssl)]
    public async Task Client_that_moves_is_followed() => await OurConversation.FollowAsync(new TunnelPeer(Peers.Wolfssl), SecureCase.Parse("C0AE raw cid=3,8"));

    [PeerFact(Peers.Wolfssl)]
    public async Task Server_follows_us_when_we_move() => await OurConversation.MoveAsync(new TunnelPeer(Peers.Wolfssl), SecureCase.Parse("C0AE raw cid=3,8"));

    [PeerFact(Peers.Wolfssl)]
    public async Task Client_resumes_its_session_with_us() => await OurConversation.ResumeAsync(new TunnelPeer(Peers.Wolfssl), SecureCase.Parse("C037 cid=3,8"));

    [PeerTheory(Peers.Wolfssl)]
    [InlineData("C0AE raw cid=3,8")]
    public async Task Server_resumes_its_session_with_us(string what) => await OurConversation.AskAgainAsync(new TunnelPeer(Peers.Wolfssl), SecureCase.Parse(what));

    [PeerFact(Peers.Wolfssl)]
    public async Task Client_has_a_session_with_us_through_losses() =>
        await OurConversation.ServeAsync(new TunnelPeer(Peers.Wolfssl), SecureCase.Parse("C0AE raw cid=3,8"), RelayConditions.Rough(15));

    [PeerFact(Peers.Wolfssl)]
    public async Task Server_has_a_session_with_us_through_losses() =>
        await OurConversation.AskAsync(new TunnelPeer(Peers.Wolfssl), SecureCase.Parse("C0AE raw cid=3,8"), RelayConditions.Rough(16));
}
