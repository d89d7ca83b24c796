using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>The object Security (0) of one account (LwM2M Core 1.2 appendix E.1). Servers never see it.</summary>
internal static class SecurityObject
{
    private const int NoSec = 3;

    public static ObjectInstance Create(ObjectDefinition definition, int instanceId, ServerAccount account)
    {
        var instance = new ObjectInstance(definition, instanceId)
        {
            [0] = account.Uri.OriginalString,
            [1] = false,
            [2] = NoSec,
            [3] = (Lwm2mValue)Array.Empty<byte>(),
            [4] = (Lwm2mValue)Array.Empty<byte>(),
            [5] = (Lwm2mValue)Array.Empty<byte>(),
            [10] = account.ShortServerId,
        };
        if (account.SecondaryUris.Count > 0 && definition.Find(25) is not null)
        {
            instance[25] = Resource.Multiple(account.SecondaryUris.Select(uri => (Lwm2mValue)uri.OriginalString));
        }
        return instance;
    }
}
