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

    /// <summary>A server's choice for both directions: the first of the client's that we have. False when there is none.</summary>
    public static bool TryChoose(Handshake handshake, in HelloExtensions extensions)
    {
        if (!TryChoose(handshake.Own, extensions, ExtensionType.ServerCertificateType, out var own))
        {
            return false;
        }
        handshake.Terms.OwnCertificateType = own;
        if (!handshake.Settings.RequireClientAuthentication)
        {
            return true;
        }
        var has = TryChoose(handshake.Own, extensions, ExtensionType.ClientCertificateType, out var peer);
        handshake.Terms.PeerCertificateType = peer;
        return has;
    }

    private static bool TryChoose(DtlsOwnKeys own, in HelloExtensions extensions, ExtensionType which, out CertificateType chosen)
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
