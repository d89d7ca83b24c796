using System.Collections.Frozen;

namespace Starling.Lwm2m;

/// <summary>The definition of one version of an object (LwM2M Core 1.2 appendix D).</summary>
public sealed class ObjectDefinition
{
    private readonly FrozenDictionary<int, ResourceDefinition> _byId;

    /// <summary>Makes a definition; resources are put in order of their numbers.</summary>
    public ObjectDefinition(int id, string name, ObjectVersion version, IEnumerable<ResourceDefinition> resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        Id = id;
        Name = name;
        Version = version;
        Resources = [.. resources.OrderBy(r => r.Id)];
        _byId = Resources.ToFrozenDictionary(r => r.Id);
    }

    /// <summary>The object's number, 0 to 65534.</summary>
    public int Id { get; }
    /// <summary>The name.</summary>
    public string Name { get; }
    /// <summary>The version.</summary>
    public ObjectVersion Version { get; }
    /// <summary>The enabler's version that it needs; 1.0 when nothing else is said.</summary>
    public Lwm2mVersion Enabler { get; init; } = Lwm2mVersion.V10;
    /// <summary>The URN, as in <c>urn:oma:lwm2m:oma:3:1.2</c>.</summary>
    public string Urn { get; init; } = "";
    /// <summary>Whether there may be more than one instance.</summary>
    public bool IsMultiple { get; init; }
    /// <summary>Whether there must be one.</summary>
    public bool IsMandatory { get; init; }
    /// <summary>What it is.</summary>
    public string Description { get; init; } = "";
    /// <summary>The resources in order of their numbers.</summary>
    public IReadOnlyList<ResourceDefinition> Resources { get; }

    /// <summary>The resource of this number; null when the object has none.</summary>
    public ResourceDefinition? Find(int resourceId) => _byId.GetValueOrDefault(resourceId);
}
