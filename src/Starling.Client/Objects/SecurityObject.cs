using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>The object Security (0) of one account (LwM2M Core 1.2 appendix E.1). Servers never see it.</summary>
internal static class SecurityObject
{
    public static ObjectInstance Create(ObjectDefinition definition, int instanceId, ServerAccount account)
    {
        var instance = new ObjectInstance(definition, instanceId)
        {
            [0] = account.Uri.OriginalString,
            [1] = false,
            [2] = (int)ModeOf(account.Credentials),
            [3] = Own(account.Credentials),
            [4] = Servers(account.Credentials),
            [5] = Secret(account.Credentials),
            [10] = account.ShortServerId,
        };
        if (account.SecondaryUris.Count > 0 && definition.Find(25) is not null)
        {
            instance[25] = Resource.Multiple(account.SecondaryUris.Select(uri => (Lwm2mValue)uri.OriginalString));
        }
        PutTls(instance, account);
        return instance;
    }

    // Version 1.0 of the object has none of these.
    private static void PutTls(ObjectInstance instance, ServerAccount account)
    {
        if (account.Credentials is OwnCredentials.Certificate { Rule: var rule } && instance.Definition.Find(13) is not null)
        {
            instance[13] = (long)rule.Matching;
            instance[15] = (long)rule.Usage;
        }
        if (account.Tls?.ServerName is { } name && instance.Definition.Find(14) is not null)
        {
            instance[14] = name;
        }
        if (account.Tls?.CipherSuites is { IsDefaultOrEmpty: false } suites && instance.Definition.Find(16) is not null)
        {
            instance[16] = Resource.Multiple(suites.Select(suite => (Lwm2mValue)(long)suite));
        }
    }

    private static SecurityMode ModeOf(OwnCredentials? credentials) => credentials switch
    {
        OwnCredentials.PreSharedKey => SecurityMode.PreSharedKey,
        OwnCredentials.PublicKey => SecurityMode.RawPublicKey,
        OwnCredentials.Certificate => SecurityMode.Certificate,
        _ => SecurityMode.NoSec,
    };

    // Resource 3: the identity, or the certificates. Of a raw public key the private half, in resource 5, says as much.
    private static Lwm2mValue Own(OwnCredentials? credentials) => credentials switch
    {
        OwnCredentials.PreSharedKey key => key.Identity.ToArray(),
        OwnCredentials.Certificate certificate => CertificateBytes.Join(certificate.Chain),
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
