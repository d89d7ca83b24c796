namespace Starling.Interop.Tests;

/// <summary>mbedTLS, which has connection ids.</summary>
[Trait("Category", "Interop")]
public sealed class MbedtlsTests
{
    [PeerTheory(Peers.Mbedtls)]
    [InlineData("C0A8 cid=5,8")]
    [InlineData("C0A8 cid=0,8")]
    [InlineData("C0A4 cid=5,0")]
    [InlineData("00A8 cid=1,20")]
    [InlineData("00AE cid=0,8 no-etm")]
    [InlineData("C037 cid=0,8")]
    [InlineData("C0A8 no-ems")]
    [InlineData("C0A8 fragment=512")]
    [InlineData("C0AE cid=0,8")]
    [InlineData("C02B cid=0,8 large")]
    [InlineData("C023")]
    public async Task Client_has_a_session_with_us(string what) => await OurConversation.ServeAsync(new TunnelPeer(Peers.Mbedtls), SecureCase.Parse(what));

    [PeerTheory(Peers.Mbedtls)]
    [InlineData("C0A8 cid=5,8")]
    [InlineData("C0A8 cid=0,8")]
    [InlineData("C0A4 cid=5,0")]
    [InlineData("00A8 cid=1,20")]
    [InlineData("00AE cid=0,8")]
    [InlineData("C0A8 no-ems")]
    [InlineData("C0A8 fragment=512")]
    [InlineData("C0AE cid=0,8")]
    [InlineData("C02B cid=0,8 large")]
    [InlineData("C023 no-etm")]
    public async Task Server_has_a_session_with_us(string what) => await OurConversation.AskAsync(new TunnelPeer(Peers.Mbedtls), SecureCase.Parse(what));

    [PeerFact(Peers.Mbedtls)]
    public async Task Client_that_moves_is_followed() => await OurConversation.FollowAsync(new TunnelPeer(Peers.Mbedtls), SecureCase.Parse("C0A8 cid=0,8"));

    [PeerFact(Peers.Mbedtls)]
    public async Task Server_follows_us_when_we_move() => await OurConversation.MoveAsync(new TunnelPeer(Peers.Mbedtls), SecureCase.Parse("C0A8 cid=0,8"));

    [PeerFact(Peers.Mbedtls)]
    public async Task Client_resumes_its_session_with_us() => await OurConversation.ResumeAsync(new TunnelPeer(Peers.Mbedtls), SecureCase.Parse("C0A8 cid=0,8"));

    [PeerTheory(Peers.Mbedtls)]
    [InlineData("C0A8 cid=0,8")]
    [InlineData("C02B cid=0,8")]
    public async Task Server_resumes_its_session_with_us(string what) => await OurConversation.AskAgainAsync(new TunnelPeer(Peers.Mbedtls), SecureCase.Parse(what));

    [PeerTheory(Peers.Mbedtls)]
    [InlineData("C0A8 cid=0,8", 11)]
    [InlineData("C02B cid=0,8 large", 12)]
    public async Task Client_has_a_session_with_us_through_losses(string what, int seed) =>
        await OurConversation.ServeAsync(new TunnelPeer(Peers.Mbedtls), SecureCase.Parse(what), RelayConditions.Rough(seed));

    [PeerTheory(Peers.Mbedtls)]
    [InlineData("C0A8 cid=0,8", 13)]
    [InlineData("C02B cid=0,8 large", 14)]
    public async Task Server_has_a_session_with_us_through_losses(string what, int seed) =>
        await OurConversation.AskAsync(new TunnelPeer(Peers.Mbedtls), SecureCase.Parse(what), RelayConditions.Rough(seed));
}
