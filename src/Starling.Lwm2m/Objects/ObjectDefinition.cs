namespace Starling.Lwm2m;

/// <summary>The definition of one version of an object (LwM2M Core 1.2 appendix D).</summary>
public sealed class ObjectDefinition
{
    private readonly ResourceDefinition[] _resources;   // by number

    /// <summary>Makes a definition; resources are put in order of their numbers.</summary>
    /// <exception cref="ArgumentException">Two resources have the same number.</exception>
    public ObjectDefinition(int id, string name, ObjectVersion version, IEnumerable<ResourceDefinition> resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        Id = id;
        Name = name;
        Version = version;
        _resources = [.. resources];
        Array.Sort(_resources, static (a, b) => a.Id.CompareTo(b.Id));
        for (var i = 1; i < _resources.Length; i++)
        {
            if (_resources[i].Id == _resources[i - 1].Id)
            {
                throw new ArgumentException($"Object {id} defines resource {_resources[i].Id} twice.", nameof(resources));
            }
        }
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
    public IReadOnlyList<ResourceDefinition> Resources => _resources;

    /// <summary>The resource of this number; null when the object has none.</summary>
    public ResourceDefinition? Find(int resourceId)
    {
        // Most objects number their resources from 0 without gaps.
        if ((uint)resourceId < (uint)_resources.Length && _resources[resourceId].Id == resourceId)
        {
            return _resources[resourceId];
        }
        var (low, high) = (0, _resources.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var found = _resources[middle];
            if (found.Id == resourceId)
            {
                return found;
            }
            if (found.Id < resourceId)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return null;
    }
}
