using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>The object Security (0) of one account (LwM2M Core 1.2 appendix E.1). Servers never see it.</summary>
internal static class SecurityObject
{
    private const int NoSec = 3;

    public static ObjectInstance Create(ObjectDefinition definition, int instanceId, ServerAccount account) => new(definition, instanceId)
    {
        [0] = account.Uri.OriginalString,
        [1] = false,
        [2] = NoSec,
        [3] = (Lwm2mValue)Array.Empty<byte>(),
        [4] = (Lwm2mValue)Array.Empty<byte>(),
        [5] = (Lwm2mValue)Array.Empty<byte>(),
        [10] = account.ShortServerId,
    };
}
