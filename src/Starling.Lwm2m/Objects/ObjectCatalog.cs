using System.Collections.Frozen;

namespace Starling.Lwm2m;

/// <summary>All known objects in all known versions. Immutable: adding gives another catalog.</summary>
public sealed class ObjectCatalog
{
    private readonly FrozenDictionary<int, ObjectDefinition[]> _byId;   // versions in descending order

    /// <summary>Makes a catalog; of two definitions of the same object and version the later one counts.</summary>
    public ObjectCatalog(IEnumerable<ObjectDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        _byId = definitions
            .GroupBy(d => d.Id)
            .ToFrozenDictionary(g => g.Key, g => g.GroupBy(d => d.Version).Select(v => v.Last()).OrderByDescending(d => d.Version).ToArray());
    }

    /// <summary>A catalog that knows nothing.</summary>
    public static ObjectCatalog Empty { get; } = new([]);

    /// <summary>Every definition, by number, newest version first.</summary>
    public IEnumerable<ObjectDefinition> All => _byId.OrderBy(p => p.Key).SelectMany(p => p.Value);

    /// <summary>A catalog with these too.</summary>
    public ObjectCatalog With(IEnumerable<ObjectDefinition> more) => new(All.Concat(more));

    /// <summary>The newest version of an object; null when it is not known.</summary>
    public ObjectDefinition? Find(int objectId) => _byId.TryGetValue(objectId, out var versions) ? versions[0] : null;

    /// <summary>
    /// An object in this version; where that one is not known, the nearest one of the same major version, the newer first; else the newest.
    /// An unknown version is no error (LwM2M Core 1.2 §7.2.2).
    /// </summary>
    public ObjectDefinition? Find(int objectId, ObjectVersion version)
    {
        if (!_byId.TryGetValue(objectId, out var versions))
        {
            return null;
        }
        ObjectDefinition? nearest = null;
        foreach (var definition in versions)
        {
            if (definition.Version == version)
            {
                return definition;
            }
            if (definition.Version.Major == version.Major && (nearest is null || definition.Version > version))
            {
                nearest = definition;
            }
        }
        return nearest ?? versions[0];
    }
}
