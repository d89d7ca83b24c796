namespace Starling.Interop.Tests;

/// <summary>Foreign programs with each other: what fails here is not ours.</summary>
[Trait("Category", "Interop")]
public sealed class ForeignPairTests
{
    [PeerFact(Peers.Openssl, Peers.GnutlsServer)]
    public async Task Openssl_to_gnutls_with_a_key_through_losses() =>
        await Conversation.HoldAsync(new GnutlsPeer(), new OpensslPeer(), new SecureCase(0xC0A8), RelayConditions.Rough(1));

    [PeerFact(Peers.Openssl, Peers.GnutlsClient)]
    public async Task Gnutls_to_openssl_with_certificates_without_extended_master_secret() =>
        await Conversation.HoldAsync(new OpensslPeer(), new GnutlsPeer(), new SecureCase(0xC023) { NoExtendedMasterSecret = true, NoEncryptThenMac = true, LargeCertificates = true });

    [PeerFact(Peers.NewOpenssl, Peers.GnutlsServer)]
    public async Task New_openssl_to_gnutls_with_raw_keys() =>
        await Conversation.HoldAsync(new GnutlsPeer(), new OpensslPeer(newer: true), new SecureCase(0xC0AE) { RawKeys = true });

    [PeerFact(Peers.Mbedtls)]
    public async Task Mbedtls_follows_its_peer_to_another_address() => await MoveAsync(new TunnelPeer(Peers.Mbedtls), new SecureCase(0xC0A8));

    [PeerFact(Peers.Wolfssl)]
    public async Task Wolfssl_follows_its_peer_to_another_address() => await MoveAsync(new TunnelPeer(Peers.Wolfssl), new SecureCase(0xC0AE) { RawKeys = true });

    private static async Task MoveAsync(TunnelPeer peer, SecureCase what)
    {
        await using var conversation = await Conversation.StartAsync(peer, peer, what with { ClientConnectionId = 3, ServerConnectionId = 5 });
        await conversation.ExchangeAsync("here");
        conversation.Relay.Move();
        await conversation.ExchangeAsync("there");
        await ((TunnelSession)conversation.Server).WaitMovedAsync();
        await conversation.EndAsync();
    }
}
