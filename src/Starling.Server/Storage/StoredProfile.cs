using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>What a profile id stands for. Immutable.</summary>
/// <param name="Id">The id, as devices tell it: <c>oma:name</c>, <c>v:name</c> or a hash (LwM2M Core 1.2 §6.2.1).</param>
/// <param name="Links">The objects and instances.</param>
public sealed record StoredProfile(string Id, LinkList Links);
