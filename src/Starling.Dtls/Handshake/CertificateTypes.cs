namespace Starling.Dtls;

/// <summary>Whether raw keys or certificates are shown and taken (RFC 7250 §4): what we have of ours, we take of the peer's.</summary>
internal static class CertificateTypes
{
    /// <summary>Whether there is a key of a type.</summary>
    public static bool Has(DtlsOwnKeys own, CertificateType type) =>
        type == CertificateType.RawPublicKey ? own.RawPublicKeys : type == CertificateType.X509 && !own.Chain.IsDefaultOrEmpty;

    /// <summary>Writes what a client offers, raw keys first. X.509 alone needs no words (RFC 7250 §4.1).</summary>
    public static void WriteOffer(ref TlsWriter writer, DtlsOwnKeys own, ClientOffer offer)
    {
        if (!own.RawPublicKeys)
        {
            return;
        }
        ReadOnlySpan<byte> types = own.Chain.IsDefaultOrEmpty
            ? [(byte)CertificateType.RawPublicKey]
            : [(byte)CertificateType.RawPublicKey, (byte)CertificateType.X509];
        foreach (var extension in (ReadOnlySpan<ExtensionType>)[ExtensionType.ClientCertificateType, ExtensionType.ServerCertificateType])
        {
            writer.UInt16((int)offer.With(extension));
            writer.UInt16(types.Length + 1);
            writer.Vector8(types);
        }
    }

    /// <summary>What a server chose.</summary>
    public static CertificateType ReadChosen(in HelloExtensions extensions, ExtensionType which) =>
        extensions.TryFind(which, out var body) && body.Length == 1 ? (CertificateType)body[0] : CertificateType.X509;

    /// <summary>
    /// A server's choice for both directions (RFC 7250 §4.2): the first of the client's that we have. A client that shows a raw key gets one where it takes one:
    /// so it is in LwM2M, whose mode 1 has raw keys on both sides, and a client with nothing but a raw key seldom has authorities. False when there is none.
    /// </summary>
    public static bool TryChoose(Handshake handshake, in HelloExtensions extensions)
    {
        var (own, peer) = (CertificateType.X509, CertificateType.X509);
        var isAsked = handshake.Settings.RequireClientAuthentication;
        var has = (!isAsked || TryChoose(handshake.Own, extensions, ExtensionType.ClientCertificateType, null, out peer))
            && TryChoose(handshake.Own, extensions, ExtensionType.ServerCertificateType, peer == CertificateType.RawPublicKey ? peer : null, out own);
        (handshake.Terms.OwnCertificateType, handshake.Terms.PeerCertificateType) = (own, peer);
        return has;
    }

    private static bool TryChoose(DtlsOwnKeys own, in HelloExtensions extensions, ExtensionType which, CertificateType? wanted, out CertificateType chosen)
    {
        chosen = CertificateType.X509;
        if (!extensions.TryFind(which, out var body))
        {
            return Has(own, chosen);
        }
        var reader = new TlsReader(body);
        if (!reader.TryReadVector8(out var types) || !reader.IsAtEnd)
        {
            return false;
        }
        if (wanted is { } best && types.Contains((byte)best))
        {
            chosen = best;
            return true;
        }
        foreach (var type in types)
        {
            chosen = (CertificateType)type;
            if (Has(own, chosen))
            {
                return true;
            }
        }
        return false;
    }
}
