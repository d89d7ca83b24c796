using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>The object Security (0) of one account (LwM2M Core 1.2 appendix E.1). Servers never see it.</summary>
internal static class SecurityObject
{
    private const int PreSharedKey = 0, RawPublicKey = 1, Certificate = 2, NoSec = 3;

    public static ObjectInstance Create(ObjectDefinition definition, int instanceId, ServerAccount account)
    {
        var instance = new ObjectInstance(definition, instanceId)
        {
            [0] = account.Uri.OriginalString,
            [1] = false,
            [2] = ModeOf(account.Credentials),
            [3] = Own(account.Credentials),
            [4] = Servers(account.Credentials),
            [5] = Secret(account.Credentials),
            [10] = account.ShortServerId,
        };
        if (account.SecondaryUris.Count > 0 && definition.Find(25) is not null)
        {
            instance[25] = Resource.Multiple(account.SecondaryUris.Select(uri => (Lwm2mValue)uri.OriginalString));
        }
        return instance;
    }

    private static int ModeOf(OwnCredentials? credentials) => credentials switch
    {
        OwnCredentials.PreSharedKey => PreSharedKey,
        OwnCredentials.PublicKey => RawPublicKey,
        OwnCredentials.Certificate => Certificate,
        _ => NoSec,
    };

    // Resource 3: the identity, or the certificate. Of a raw public key the private half, in resource 5, says as much.
    private static Lwm2mValue Own(OwnCredentials? credentials) => credentials switch
    {
        OwnCredentials.PreSharedKey key => key.Identity.ToArray(),
        OwnCredentials.Certificate { Chain: [var first, ..] } => first.ToArray(),
        _ => Array.Empty<byte>(),
    };

    private static Lwm2mValue Servers(OwnCredentials? credentials) => credentials switch
    {
        OwnCredentials.PublicKey key => key.PeerKey.ToArray(),
        OwnCredentials.Certificate certificate => certificate.Rule.Association.ToArray(),
        _ => Array.Empty<byte>(),
    };

    private static Lwm2mValue Secret(OwnCredentials? credentials) => credentials switch
    {
        OwnCredentials.PreSharedKey key => key.Key.ToArray(),
        OwnCredentials.PublicKey key => key.PrivateKey.ToArray(),
        OwnCredentials.Certificate certificate => certificate.PrivateKey.ToArray(),
        _ => Array.Empty<byte>(),
    };
}
