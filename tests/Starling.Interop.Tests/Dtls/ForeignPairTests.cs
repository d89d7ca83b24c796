namespace Starling.Interop.Tests;

/// <summary>Foreign programs with each other: what fails here is not ours.</summary>
[Trait("Category", "Interop")]
public sealed class ForeignPairTests
{
    [PeerFact(Peers.Openssl, Peers.GnutlsServer)]
    public async Task Openssl_to_gnutls_with_a_key_through_losses() =>
        await Conversation.HoldAsync(new GnutlsPeer(), new OpensslPeer(), SecureCase.Parse("C0A8"), RelayConditions.Rough(1));

    [PeerFact(Peers.Openssl, Peers.GnutlsClient)]
    public async Task Gnutls_to_openssl_with_certificates_without_extended_master_secret() =>
        await Conversation.HoldAsync(new OpensslPeer(), new GnutlsPeer(), SecureCase.Parse("C023 no-ems no-etm large"));

    [PeerFact(Peers.NewOpenssl, Peers.GnutlsServer)]
    public async Task New_openssl_to_gnutls_with_raw_keys() =>
        await Conversation.HoldAsync(new GnutlsPeer(), new OpensslPeer(newer: true), SecureCase.Parse("C0AE raw"));

    [PeerFact(Peers.Mbedtls)]
    public async Task Mbedtls_follows_its_peer_to_another_address() => await MoveAsync(new TunnelPeer(Peers.Mbedtls), "C0A8 cid=0,5");

    [PeerFact(Peers.Wolfssl)]
    public async Task Wolfssl_follows_its_peer_to_another_address() => await MoveAsync(new TunnelPeer(Peers.Wolfssl), "C0AE raw cid=3,5");

    private static async Task MoveAsync(TunnelPeer peer, string what)
    {
        await using var conversation = await Conversation.StartAsync(peer, peer, SecureCase.Parse(what));
        await conversation.ExchangeAsync("here");
        conversation.Relay.Move();
        await conversation.ExchangeAsync("there");
        await ((TunnelSession)conversation.Server).WaitMovedAsync();
        await conversation.EndAsync();
    }
}
