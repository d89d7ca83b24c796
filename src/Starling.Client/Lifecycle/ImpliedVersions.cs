using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// The versions of core objects that an enabler version implies (LwM2M Core 1.2 appendix E, table E-1): where a device has another one, or has an
/// object that is not of the core in another version than 1.0, it must tell (§7.2.2).
/// </summary>
internal static class ImpliedVersions
{
    /// <summary>Whether the version must be told to a server that is spoken to in <paramref name="enabler"/>.</summary>
    public static bool MustTell(ObjectDefinition definition, Lwm2mVersion enabler) => definition.Version != Of(definition.Id, enabler);

    /// <summary>The version that is meant where none is told.</summary>
    public static ObjectVersion Of(int objectId, Lwm2mVersion enabler) => (objectId, enabler.Minor) switch
    {
        (0 or 1 or 3, 1) => new ObjectVersion(1, 1),
        (4, 1) => new ObjectVersion(1, 2),
        (0 or 1 or 3, >= 2) => new ObjectVersion(1, 2),
        (2 or 5, >= 2) => new ObjectVersion(1, 1),
        (4, >= 2) => new ObjectVersion(1, 3),
        (21, >= 2) => new ObjectVersion(2, 0),
        _ => ObjectVersion.V10,
    };
}
