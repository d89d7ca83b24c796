namespace Starling.Lwm2m;

/// <summary>
/// The versions of the core objects that an enabler version implies where a device tells none (LwM2M Core 1.2 §7.2.2, appendix E, table E-1).
/// </summary>
/// <remarks>For 1.2 the table gives object 5 in 1.1, though section E.6 defines 1.2; the table counts. For 1.1 objects 2, 5 and 21 are taken as 1.0.</remarks>
public static class EnablerVersions
{
    /// <summary>The version that a core object has in an enabler version; null for an object that is not of the core.</summary>
    public static ObjectVersion? Of(int objectId, Lwm2mVersion enabler) => objectId switch
    {
        0 or 1 or 3 => Pick(enabler, new(1, 0), new(1, 1), new(1, 2)),
        2 or 5 => Pick(enabler, new(1, 0), new(1, 0), new(1, 1)),
        4 => Pick(enabler, new(1, 0), new(1, 2), new(1, 3)),
        21 => Pick(enabler, new(1, 0), new(1, 0), new(2, 0)),
        6 or 7 or 23 or 24 or 25 or 26 or 27 => ObjectVersion.V10,
        _ => null,
    };

    /// <summary>Whether a client must tell an object's version: a core object that is not as the enabler implies, another that is not 1.0 (§7.2.2).</summary>
    public static bool MustTell(int objectId, ObjectVersion version, Lwm2mVersion enabler) => version != (Of(objectId, enabler) ?? ObjectVersion.V10);

    private static ObjectVersion Pick(Lwm2mVersion enabler, ObjectVersion in10, ObjectVersion in11, ObjectVersion in12) =>
        enabler < Lwm2mVersion.V11 ? in10 : enabler < Lwm2mVersion.V12 ? in11 : in12;
}
