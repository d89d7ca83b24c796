using System.Collections.Immutable;
using System.Text;
using Starling.Cbor;
using Starling.Coap;

namespace Starling.Platform;

/// <summary>Who a device has proven to be, as an array of texts: the kind, the credential's id or nothing, and what the kind has.</summary>
internal static class IdentityCodec
{
    private const string PreSharedKey = "psk";
    private const string PublicKey = "rpk";
    private const string Certificate = "x509";

    public static void Write(ref CborWriter writer, PeerIdentity identity)
    {
        List<string> texts = identity switch
        {
            PeerIdentity.PreSharedKey i => [PreSharedKey, "", i.Identity],
            PeerIdentity.PublicKey i => [PublicKey, "", i.Fingerprint],
            PeerIdentity.Certificate i => [Certificate, "", i.Subject, i.CommonName ?? "", i.Fingerprint, .. i.Names],
            _ => [],
        };
        if (texts.Count > 0)
        {
            texts[1] = identity.Credential ?? "";
        }
        DeviceStateCodec.WriteTexts(ref writer, texts);
    }

    public static bool TryRead(ref CborReader reader, out PeerIdentity identity)
    {
        identity = PeerIdentity.None;
        if (!DeviceStateCodec.TryReadTexts(ref reader, out var texts))
        {
            return false;
        }
        identity = texts switch
        {
            [PreSharedKey, _, var name] => new PeerIdentity.PreSharedKey(name),
            [PublicKey, _, var fingerprint] => new PeerIdentity.PublicKey(fingerprint),
            [Certificate, _, var subject, var common, var fingerprint, .. var names] =>
                new PeerIdentity.Certificate(subject, common.Length > 0 ? common : null, [.. names], fingerprint),
            _ => identity,
        };
        identity = texts is [_, { Length: > 0 } credential, ..] ? identity with { Credential = credential } : identity;
        return true;
    }
}
