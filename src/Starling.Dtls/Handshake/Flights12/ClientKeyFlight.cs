namespace Starling.Dtls;

/// <summary>Flight 5 (RFC 6347 §4.2.4): the client's key and its Finished.</summary>
internal static class ClientKeyFlight
{
    private const int MaxIdentity = 1024;

    /// <summary>Sends it for a pre-shared key.</summary>
    public static HandshakeState Send(Handshake handshake)
    {
        var own = handshake.Own.PreSharedKey!;
        var writer = new TlsWriter(stackalloc byte[MaxIdentity + 2]);
        handshake.Terms.Identity = own.Identity;
        ClientKeyExchange.Write(ref writer, handshake.Terms.Exchange, own.Identity.Span, default);
        handshake.Send(HandshakeType.ClientKeyExchange, writer.Written);
        var premaster = HandshakeSecrets.PremasterOf(own.Key.Span, default);
        handshake.Secrets.Derive(premaster, handshake.Terms.ExtendedMasterSecret, handshake.Transcript);
        return FinishedFlight.SendFirst(handshake);
    }
}
