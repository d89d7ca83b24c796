using System.Text.Json.Nodes;
using Starling.Coap;

namespace Starling.Platform;

/// <summary>Who a device has proven to be, as the API shows it.</summary>
internal static class IdentityJson
{
    /// <summary>How it is secured, by what it is known, and the credential that vouches for it.</summary>
    public static JsonObject Write(PeerIdentity identity) => new()
    {
        ["mode"] = ModeOf(identity),
        ["identity"] = NameOf(identity),
        ["credential"] = identity.Credential,
    };

    /// <summary>The security mode as a word (LwM2M object 0, resource 2).</summary>
    public static string ModeOf(PeerIdentity identity) => identity switch
    {
        PeerIdentity.PreSharedKey => "psk",
        PeerIdentity.PublicKey => "rpk",
        PeerIdentity.Certificate => "x509",
        _ => "none",
    };

    /// <summary>By what it is known; null for nobody.</summary>
    public static string? NameOf(PeerIdentity identity) => identity switch
    {
        PeerIdentity.PreSharedKey i => i.Identity,
        PeerIdentity.PublicKey i => i.Fingerprint,
        PeerIdentity.Certificate i => i.Subject,
        _ => null,
    };
}
